"""Side and view of loose mammograms come from their names or a manifest, and are never guessed."""

from __future__ import annotations

import zipfile
from pathlib import Path

from breastview.readers.scan import scan
from breastview.study.exam import exam_key
from breastview.study.hanging import hanging
from breastview.study.instance import Instance
from breastview.task import SilentTask
from tests import phantoms


def opened(*sources: Path) -> dict[str, Instance]:
    return {one.label: one for one in scan(sources, SilentTask()) if isinstance(one, Instance)}


def told(found: dict[str, Instance]) -> dict[str, str]:
    return {label: f"{one.laterality}{one.view}" for label, one in found.items()}


def test_names_tell_side_and_view_and_who_belongs_together(tmp_path: Path) -> None:
    for name in ("p1_R_CC", "p1_L_MLO", "p2_LCC", "mdb001", "mdb002"):
        phantoms.picture(tmp_path / f"{name}.png")
    found = opened(tmp_path)
    assert told(found) == {
        "p1_L_MLO.png": "LMLO", "p1_R_CC.png": "RCC", "p2_LCC.png": "LCC", "mdb001.png": "", "mdb002.png": "",
    }  # fmt: skip
    assert exam_key(found["p1_R_CC.png"]) == exam_key(found["p1_L_MLO.png"]) != exam_key(found["p2_LCC.png"])
    assert len(hanging(found.values(), found["p1_R_CC.png"])) == 2


def test_a_manifest_goes_before_the_name_and_tells_whose_pictures_are_one_examination(tmp_path: Path) -> None:
    for name in ("images/mdb001.png", "images/mdb002.png", "images/mdb003.png", "images/R_CC.png"):
        phantoms.picture(tmp_path / name)
    (tmp_path / "manifest.csv").write_text(
        "image,side,view,group\nimages/mdb001.png,R,MLO,p1\nimages/mdb002.png,left,mlo,p1\n"
        "images/mdb003.png,?,MLO,p2\nimages/R_CC.png,L,CC,p1\n",
        encoding="utf-8",
    )
    found = opened(tmp_path / "images")
    assert told(found) == {
        "R_CC.png": "LCC", "mdb001.png": "RMLO", "mdb002.png": "LMLO", "mdb003.png": "",
    }  # fmt: skip
    assert len(hanging(found.values(), found["mdb001.png"])) == 3


def test_a_damaged_manifest_says_nothing(tmp_path: Path) -> None:
    phantoms.picture(tmp_path / "R_CC.png")
    for content in (b"\xff\xfe\x00", b"", b'image,side\n"R_CC.png', b"image,side,view\n,,\nR_CC.png,L\n"):
        (tmp_path / "manifest.csv").write_bytes(content)
        assert told(opened(tmp_path)) == {"R_CC.png": "RCC"}


def test_in_a_zip_the_members_names_tell(tmp_path: Path) -> None:
    for name in ("R_CC", "L_CC"):
        phantoms.picture(tmp_path / f"{name}.png")
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        for name in ("R_CC", "L_CC"):
            archive.write(tmp_path / f"{name}.png", f"case/{name}.png")
    found = opened(tmp_path / "scans.zip")
    assert told(found) == {"scans.zip/case/L_CC.png": "LCC", "scans.zip/case/R_CC.png": "RCC"}
    assert len({exam_key(one) for one in found.values()}) == 1


def test_a_dicom_file_speaks_for_itself(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "R_CC.dcm")
    assert told(opened(tmp_path)) == {"R_CC.dcm": ""}

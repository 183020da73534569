"""`breastview analyse`: a row for every frame and every file, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.errors import BundleError
from tests import doubles, phantoms
from tests.cli.conftest import table

COLUMNS = [
    "path", "frame", "p_normal", "p_benign", "p_malignant", "abstained", "lesion_px", "long_mm", "short_mm",
    "flags", "bundle", "error", "calibration", "measured", "category", "state",
    "reader_and_ai", "mask", "kind", "suspicious", "p_suspicious", "experimental", "area_share",
    "breast_highest", "breast_highest_view", "exam_highest", "exam_highest_view", "exam_views",
    "ai_area_share",
]  # fmt: skip


def test_every_frame_has_a_row(run, scans: Path, tmp_path: Path) -> None:
    answer = run("analyse", scans, "--csv", tmp_path / "out.csv")
    assert answer.code == 0, answer.err
    rows = table(tmp_path / "out.csv")
    assert list(rows[0]) == COLUMNS
    assert sorted((row["path"], int(row["frame"])) for row in rows) == sorted(
        [(str(scans / "a/one.png"), 0), (str(scans / "b/two.png"), 0)]
        + [(str(scans / "cine.dcm"), frame) for frame in range(3)]
    )
    for row in rows:
        assert sum(float(row[name]) for name in COLUMNS[2:5]) == pytest.approx(1, abs=1e-5)
        assert row["abstained"] == "false"
        assert int(row["lesion_px"]) > 0
        assert row["bundle"].startswith("stand-in 1.0 (")
        assert (row["error"], row["flags"], row["long_mm"]) == ("", "", "")
    assert "5 frames analysed" in answer.err
    assert answer.out == ""


def test_relative_paths_become_absolute(run, scans: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(scans)
    assert run("analyse", "a", Path("b") / "two.png", "--csv", "../out.csv").code == 0
    assert {row["path"] for row in table(tmp_path / "out.csv")} == {
        str(scans / "a" / "one.png"), str(scans / "b" / "two.png"),
    }  # fmt: skip


def test_masks_lie_at_the_same_relative_path_at_the_originals_size(run, scans: Path, tmp_path: Path) -> None:
    assert run("analyse", scans, "--csv", tmp_path / "out.csv", "--masks", tmp_path / "masks").code == 0
    found = {path.relative_to(tmp_path / "masks").as_posix() for path in (tmp_path / "masks").rglob("*.png")}
    assert found == {"a/one_mask.png", "b/two_mask.png", *(f"cine_frame{n:03d}_mask.png" for n in (1, 2, 3))}
    mask = cv2.imread(str(tmp_path / "masks" / "a" / "one_mask.png"), cv2.IMREAD_UNCHANGED)
    assert mask.shape == (phantoms.ROWS, phantoms.COLUMNS)
    assert set(np.unique(mask)) == {0, 255}
    row = next(row for row in table(tmp_path / "out.csv") if row["path"].endswith("one.png"))
    assert int(row["lesion_px"]) == (mask == 255).sum()


def test_the_records_say_the_same_as_the_table(run, scans: Path, tmp_path: Path) -> None:
    assert run("analyse", scans, "--csv", tmp_path / "o.csv", "--json", tmp_path / "o.json").code == 0
    records = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))["readings"]
    rows = table(tmp_path / "o.csv")
    assert [(one["path"], str(one["frame"])) for one in records] == [(r["path"], r["frame"]) for r in rows]
    written = [float(row["p_malignant"]) for row in rows]
    assert [one["p_malignant"] for one in records] == pytest.approx(written, abs=1e-5)


def test_what_cannot_be_read_has_a_row_and_the_rest_goes_on(run, scans: Path, tmp_path: Path) -> None:
    (scans / "a" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    phantoms.object_without_picture(scans / "plan.dcm", "1.2.840.10008.5.1.4.1.1.481.5")
    answer = run("analyse", scans, "--csv", tmp_path / "out.csv")
    assert answer.code == 1
    rows = table(tmp_path / "out.csv")
    failed = {Path(row["path"]).name: row for row in rows if row["error"]}
    assert set(failed) == {"broken.png", "plan.dcm"}
    for row in failed.values():
        assert row["p_malignant"] == row["bundle"] == row["lesion_px"] == ""
    assert sum(not row["error"] for row in rows) == 5
    assert "2 could not be read" in answer.err


def test_a_frame_the_ai_fails_on_has_a_row(run, scans: Path, tmp_path: Path, factory) -> None:
    factory.attributes["fails"] = lambda instance, frame: frame == 1
    assert run("analyse", scans, "--csv", tmp_path / "out.csv").code == 1
    failed = [row for row in table(tmp_path / "out.csv") if row["error"]]
    assert [(Path(row["path"]).name, row["frame"]) for row in failed] == [("cine.dcm", "1")]
    assert "told to fail" in failed[0]["error"]


def test_a_refused_picture_has_flags_and_no_numbers(run, scans: Path, tmp_path: Path, factory) -> None:
    factory.attributes["refuses"] = lambda instance, frame: instance.path.name == "one.png"
    answer = run("analyse", scans, "--csv", tmp_path / "out.csv", "--masks", tmp_path / "masks")
    assert answer.code == 0
    row = next(row for row in table(tmp_path / "out.csv") if row["path"].endswith("one.png"))
    assert row["flags"] == "not-ultrasound"
    assert [row[name] for name in COLUMNS[2:9]] == [""] * 7
    assert not (tmp_path / "masks" / "a" / "one_mask.png").exists()


def test_the_members_of_a_zip_are_named_under_it(run, scans: Path, tmp_path: Path) -> None:
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(scans / "a" / "one.png", "x/one.png")
    assert run("analyse", archive, "--csv", tmp_path / "out.csv", "--masks", tmp_path / "m").code == 0
    (row,) = table(tmp_path / "out.csv")
    assert row["path"] == str(archive / "x" / "one.png")
    assert len(list((tmp_path / "m").rglob("one_mask.png"))) == 1


def test_an_analysis_is_never_made_twice(run, scans: Path, tmp_path: Path, factory) -> None:
    run("analyse", scans / "a", "--csv", tmp_path / "1.csv")
    run("analyse", scans, "--csv", tmp_path / "2.csv")
    run("analyse", scans, "--csv", tmp_path / "3.csv")
    assert len(factory.analysed) == 5
    assert (tmp_path / "2.csv").read_bytes() == (tmp_path / "3.csv").read_bytes()


def test_frames_go_to_the_ai_in_batches(run, scans: Path, tmp_path: Path, factory) -> None:
    run("analyse", scans, "--csv", tmp_path / "1.csv", "--batch", "4")
    assert factory.made[0].batches == [4, 1]


def test_all_in_one_folder(run, scans: Path, tmp_path: Path) -> None:
    answer = run("analyse", scans, "--out", tmp_path / "out")
    assert answer.code == 0, answer.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"readings.csv", "readings.json", "masks", "report.pdf"}
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{scans}"], "say where the results go"),
        (["{scans}/nowhere", "--csv", "{out}/o.csv"], "does not exist"),
        (["{scans}", "--csv", "{out}/o.csv", "--device", "abacus"], "abacus"),
        (["{scans}", "--csv", "{out}/o.csv", "--masks", "{scans}"], "ground truth"),
        (["{scans}", "--csv", "{scans}"], "is a directory"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_is_said_and_writes_nothing(run, scans, tmp_path, arguments, said) -> None:
    before = sorted(path for path in tmp_path.rglob("*") if "models" not in path.parts)
    answer = run("analyse", *[a.format(scans=scans, out=tmp_path) for a in arguments])
    assert answer.code == 2
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert sorted(path for path in tmp_path.rglob("*") if "models" not in path.parts) == before


def test_an_unknown_bundle_is_a_sentence_before_anything_is_written(run, scans: Path, tmp_path: Path) -> None:
    answer = run("analyse", scans, "--csv", tmp_path / "o.csv", "--bundle", "nowhere")
    assert answer.code == 1
    assert "There are: stand-in" in answer.err
    assert not (tmp_path / "o.csv").exists()


def test_a_damaged_bundle_is_a_sentence_before_anything_is_written(
    run, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: object, folder: Path, device: str) -> None:
        raise BundleError("the model is refused: weights.npz was changed", folder)

    monkeypatch.setattr(doubles.Factory, "__call__", refuse)
    answer = run("analyse", scans, "--csv", tmp_path / "o.csv")
    assert answer.code == 1
    assert "was changed" in answer.err
    assert not (tmp_path / "o.csv").exists()


def test_an_empty_folder_is_said(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = run("analyse", tmp_path / "empty", "--csv", tmp_path / "o.csv")
    assert answer.code == 1
    assert "There is no picture here." in answer.err
    assert table(tmp_path / "o.csv") == []


def test_a_place_that_cannot_be_written_is_a_sentence(run, scans: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = run("analyse", scans, "--csv", tmp_path / "file" / "o.csv")
    assert answer.code == 1
    assert "could not be written" in answer.err
    assert "Traceback" not in answer.err


def test_quiet_says_nothing(run, scans: Path, tmp_path: Path) -> None:
    answer = run("analyse", scans, "--csv", tmp_path / "o.csv", "--quiet")
    assert (answer.code, answer.out, answer.err) == (0, "", "")


def test_the_readers_record_is_not_touched(run, scans: Path, tmp_path: Path) -> None:
    run("analyse", scans, "--csv", tmp_path / "o.csv")
    assert not list(Path(os.environ["BREASTVIEW_HOME"]).rglob("record.sqlite3"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_keeps_what_is_done_and_goes_on_from_there(run, tmp_path, factory, number) -> None:
    for n in range(40):
        phantoms.picture(tmp_path / "many" / f"{n}.png", phantoms.speckle(seed=n))
    factory.attributes["seconds"] = 0.15

    def stop() -> None:
        while len(factory.analysed) < 4:
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    threading.Thread(target=stop, daemon=True).start()
    arguments = ("--csv", tmp_path / "o.csv", "--json", tmp_path / "o.json", "--batch", "1")
    answer = run("analyse", tmp_path / "many", *arguments)
    assert answer.code == 130
    assert "what was done is written" in answer.err
    rows = table(tmp_path / "o.csv")
    assert 1 <= len(rows) < 40
    assert [Path(row["path"]).name for row in rows] == [f"{n}.png" for n in range(len(rows))]
    assert len(json.loads((tmp_path / "o.json").read_text())["readings"]) == len(rows)
    assert not list(tmp_path.glob(".*part*"))
    factory.attributes["seconds"] = 0.0
    assert run("analyse", tmp_path / "many", *arguments).code == 0
    assert len(table(tmp_path / "o.csv")) == 40
    times = Counter(name for name, _ in factory.analysed)
    assert [times[Path(row["path"]).name] for row in rows] == [1] * len(rows)
    # The one frame that was under way when the signal came may have been too late to be kept.
    assert set(times) == {f"{n}.png" for n in range(40)} and times.total() <= 41


def test_ctrl_c_while_looking_for_images_is_no_traceback(scans: Path, tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom breastview import cli\nfrom breastview.readers import scan\n"
        "old = scan.describe\n"
        "def describe(*a, **k):\n    os.kill(os.getpid(), signal.SIGINT)\n    return old(*a, **k)\n"
        "scan.describe = describe\ncli.main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "analyse", str(scans), "--csv", str(tmp_path / "o.csv")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert table(tmp_path / "o.csv") == []


def test_native_libraries_do_not_talk_into_the_answer(run, scans: Path, tmp_path: Path, factory) -> None:
    def greet(instance: object, frame: int) -> bool:
        os.write(2, b"oneDNN custom operations are on.\n")
        return False

    factory.attributes["fails"] = greet
    answer = run("analyse", scans, "--csv", tmp_path / "o.csv")
    assert "oneDNN" not in answer.err
    assert "5 frames analysed" in answer.err
    log = Path(os.environ["BREASTVIEW_HOME"]) / "log" / "libraries.log"
    assert log.read_text().count("oneDNN") == 5

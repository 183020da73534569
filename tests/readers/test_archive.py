"""ZIP archives: opened like folders, and harmless whatever they hold."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from breastview import paths
from breastview.readers import archive, temporary
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.readers.truth import read_truth
from breastview.study.instance import Entry, Instance, Refusal
from breastview.task import SilentTask
from tests import phantoms


@pytest.fixture(autouse=True)
def _tidy() -> object:
    yield
    temporary.clear()


def entries(path: Path) -> list[Entry]:
    return list(scan([path], SilentTask()))


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in members.items():
            found.writestr(name, content)
    return path


def png(tmp_path: Path) -> bytes:
    return phantoms.picture(tmp_path / "made.png").read_bytes()


def test_pictures_masks_and_dicom_open_from_an_archive(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "busi")
    phantoms.us_rgb(folder / "IM0001")
    (folder / "notes.txt").write_text("x")
    path = tmp_path / "scans.zip"
    with zipfile.ZipFile(path, "w") as found:
        for file in sorted(folder.rglob("*")):
            found.write(file, file.relative_to(folder))
    opened = entries(path)
    assert [entry.label for entry in opened] == [
        "scans.zip/benign/benign (2).png", "scans.zip/benign/benign (10).png", "scans.zip/IM0001",
    ]  # fmt: skip
    first = opened[0]
    assert isinstance(first, Instance)
    np.testing.assert_array_equal(read_frame(first).values, phantoms.speckle(seed=2))
    truth = read_truth(first)
    assert truth is not None
    np.testing.assert_array_equal(truth, phantoms.lesion())


def test_members_lie_in_a_private_folder_of_the_cache(tmp_path: Path) -> None:
    (one,) = entries(zipped(tmp_path / "a.zip", {"x.png": png(tmp_path)}))
    assert isinstance(one, Instance)
    assert one.path.is_relative_to(paths.cache_folder() / "unpacked")
    if os.name == "posix":
        assert stat.S_IMODE(one.path.parent.stat().st_mode) == 0o700
    temporary.clear()
    assert not one.path.exists()


@pytest.mark.parametrize(
    "name", ["../evil.png", "a/../../evil.png", "/evil.png", "C:/evil.png", "..\\evil.png"]
)
def test_members_that_point_outside_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    content = png(tmp_path)
    with zipfile.ZipFile(path, "w") as found:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        found.writestr(info, content)
    (one,) = entries(path)
    assert isinstance(one, Refusal)
    assert "points outside" in one.reason
    assert not list(tmp_path.rglob("evil.png"))
    assert not list(paths.cache_folder().rglob("evil.png"))


def test_links_in_an_archive_are_not_made(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as found:
        info = zipfile.ZipInfo("link.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        found.writestr(info, "/etc/passwd")
    (one,) = entries(path)
    assert isinstance(one, Refusal)
    assert "points outside" in one.reason


def test_encrypted_members_and_inner_archives_are_sentences(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x.png": png(tmp_path), "inner.zip": b"PK\x03\x04"})
    content = bytearray(path.read_bytes())
    entry = content.find(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(bytes(content))
    reasons = {e.label: e.reason for e in entries(path) if isinstance(e, Refusal)}
    assert "archive inside an archive" in reasons["a.zip/inner.zip"]
    assert "encrypted" in reasons["a.zip/x.png"]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_RATIO_FROM", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", {"zero.dcm": b"\0" * (64 << 20)})
    assert path.stat().st_size < 1 << 18
    (one,) = entries(path)
    assert isinstance(one, Refusal)
    assert "would unpack to" in one.reason


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBERS", 3)
    (one,) = entries(zipped(tmp_path / "a.zip", {f"{n}.png": b"x" for n in range(4)}))
    assert isinstance(one, Refusal)
    assert "4 files" in one.reason


def test_a_full_disk_is_foreseen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_SPARE", 1 << 60)
    (one,) = entries(zipped(tmp_path / "a.zip", {"x.png": png(tmp_path)}))
    assert isinstance(one, Refusal)
    assert "no room" in one.reason


def test_damaged_archives_and_members_are_sentences(tmp_path: Path) -> None:
    good, bad = png(tmp_path), phantoms.picture(tmp_path / "b.png", phantoms.speckle(seed=5)).read_bytes()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as found:
        found.writestr("good.png", good)
        found.writestr("bad.png", bad)
    content = path.read_bytes()
    place = content.find(bad) + len(bad) // 2
    path.write_bytes(content[:place] + b"\xff\xfe\xfd" + content[place + 3 :])
    found = {entry.label: entry for entry in entries(path)}
    assert isinstance(found["a.zip/good.png"], Instance)
    broken = found["a.zip/bad.png"]
    assert isinstance(broken, Refusal)
    assert "is damaged" in broken.reason
    path.write_bytes(content[: len(content) // 2])
    (one,) = entries(path)
    assert isinstance(one, Refusal)
    assert "damaged" in one.reason


def test_an_archive_that_lists_nothing_is_a_sentence_and_no_silence(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x.png": png(tmp_path)})
    content = bytearray(path.read_bytes())
    length = content.rindex(b"PK\x05\x06") + 12  # of its directory: Python then finds no member and no fault
    content[length : length + 4] = bytes(4)
    path.write_bytes(content)
    for found in (path, zipped(tmp_path / "empty.zip", {})):
        (one,) = entries(found)
        assert isinstance(one, Refusal) and "lists no file" in one.reason


@pytest.mark.parametrize("name", ["notes.txt", "DICOMDIR", ".hidden.png", "__MACOSX/a.png"])
def test_an_archive_of_which_nothing_opens_says_so(name: str, tmp_path: Path) -> None:
    (one,) = entries(zipped(tmp_path / "a.zip", {name: b"no picture"}))
    assert isinstance(one, Refusal) and one.reason == "No picture was found in this archive."


def test_two_members_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as found, pytest.warns(UserWarning, match="Duplicate name"):
        found.writestr("x.png", png(tmp_path))
        found.writestr("x.png", png(tmp_path))
    found_entries = entries(path)
    assert sorted(type(entry).__name__ for entry in found_entries) == ["Instance", "Refusal"]


def test_folders_of_processes_that_died_are_swept_and_others_kept(tmp_path: Path) -> None:
    root = paths.cache_folder() / "unpacked"
    dead, own = root / "999999999-abc", root / f"{os.getpid()}-kept"
    for folder in (dead, own):
        folder.mkdir(parents=True)
    temporary.sweep(root)
    assert not dead.exists()
    assert own.exists()

"""What BreastView keeps for itself only its user can read, whatever the system's habit is."""

from __future__ import annotations

import os
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from breastview import atomic, paths, settings
from breastview.deidentify.key import own_key
from breastview.pacs.queue import Queue
from breastview.readers import temporary
from breastview.session import Session
from breastview.session.endings import Endings
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.reading import Assessment
from tests import doubles, phantoms

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture
def no_habit() -> Iterator[None]:
    """Let every new file be for everybody, unless the program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(root: Path) -> list[Path]:
    """Return the files below a folder that another user could reach."""
    reached: list[Path] = []
    for path in sorted(root.rglob("*")):
        way = [one for one in (path, *path.parents) if one.is_relative_to(root) and one != root]
        if path.is_file() and all(one.stat().st_mode & OTHERS for one in way):
            reached.append(path)
    return reached


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another thing there")
def test_nothing_that_is_kept_can_be_reached_by_another_user(
    no_habit: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("BREASTVIEW_HOME", str(home))
    doubles.install(monkeypatch, tmp_path / "models")
    scan = phantoms.us_grey(tmp_path / "scan.dcm")
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        archive.write(scan, "deep/down/scan.dcm")
    settings.save(Settings(reader="Dr. Example"))
    ends = Endings(paths.runs_folder())
    with Session(Settings(), Store.of_user(), doubles.Factory(), endings=ends) as one, ends.working([]):
        (case,) = one.open([tmp_path / "scans.zip"])
        one.analysis(case)
        one.assess(case, 0, Assessment(notes="a word"))
        own_key()
        Queue().close()
        kept = {path.suffix for path in home.rglob("*") if path.is_file()}
        assert {".dcm", ".sqlite3", ".run", ".key", ".json"} <= kept
        assert open_to_others(home) == []
    for path in home.rglob("*.sqlite3"):
        assert path.stat().st_mode & OTHERS == 0, path
    temporary.clear()


def test_a_file_that_is_being_written_is_private_until_it_is_whole(no_habit: None, tmp_path: Path) -> None:
    with atomic.written(tmp_path / "report.pdf") as file:
        assert file.stat().st_mode & OTHERS == 0
        file.write_bytes(b"half")

"""A plug-in is one new file; listing imports nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from breastview import registry


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "plugged_in"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "one_thing.py").write_text("VALUE = 1")
    (folder / "bomb.py").write_text("raise RuntimeError('imported')")
    (folder / "_part.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield "plugged_in"
    registry.names.cache_clear()
    for name in [name for name in sys.modules if name.startswith("plugged_in")]:
        del sys.modules[name]


def test_plug_ins_are_listed_without_being_imported(package: str) -> None:
    assert registry.names(package) == ("bomb", "one-thing")
    assert "plugged_in.bomb" not in sys.modules


def test_a_plug_in_is_imported_by_its_name(package: str) -> None:
    assert registry.load(package, "one-thing").VALUE == 1


def test_parts_and_unknown_names_are_no_plug_ins(package: str) -> None:
    for name in ("_part", "-part", "nothing", "os.path", ""):
        with pytest.raises(KeyError, match="bomb, one-thing"):
            registry.load(package, name)


def test_a_package_that_is_not_there_is_said() -> None:
    with pytest.raises(ModuleNotFoundError):
        registry.names("breastview.nothing")
    registry.names.cache_clear()

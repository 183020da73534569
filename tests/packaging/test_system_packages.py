"""The set-up says which system libraries are missing, installs where it may, and never stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging._scripts import script

system = script("system_packages")


def _fake(folder: Path, name: str, body: str) -> None:
    """Put an executable in `folder`."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is the whole PATH: what is not put there does not exist."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def qt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a pretended Qt folder with one plug-in."""
    plugin = tmp_path / "site" / "PySide6" / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    monkeypatch.setattr(system.sys, "path", [str(tmp_path / "site")])
    return plugin


LDD = """
echo '  libxcb-cursor.so.0 => not found'
echo '  libm.so.6 => /lib/libm.so.6 (0x0)'
echo '  libodd.so.9 => not found'
"""


def test_only_libraries_that_the_loader_misses_are_named(programs: Path, qt: Path, tmp_path: Path) -> None:
    _fake(programs, "ldd", LDD)
    assert system.missing_libraries([qt, tmp_path / "absent.so"]) == {"libxcb-cursor.so.0", "libodd.so.9"}


def test_packages_are_sorted_and_unknown_libraries_left_out() -> None:
    found = system.packages_for({"libxcb-cursor.so.0", "libodd.so.9", "libEGL.so.1"}, ["Xvfb"])
    assert found == ["libegl1", "libxcb-cursor0", "xvfb"]


def test_without_rights_the_command_to_type_is_printed(
    programs: Path, qt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fake(programs, "ldd", LDD)
    _fake(programs, "apt-get", "exit 9")
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    assert system.main([]) == 0
    said = capsys.readouterr().out
    assert "libxcb-cursor.so.0" in said
    assert "sudo apt install libxcb-cursor0" in said
    assert "libodd.so.9" in said


def test_with_rights_packages_are_installed(
    programs: Path,
    qt: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = tmp_path / "log"
    _fake(programs, "ldd", LDD)
    _fake(programs, "env", 'shift; exec "$@"')
    _fake(programs, "apt-get", f'echo "$@" >> {log}')
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    assert system.main([]) == 0
    assert "libxcb-cursor0" in log.read_text(encoding="utf-8")
    assert "installed: libxcb-cursor0" in capsys.readouterr().out


def test_a_stale_package_list_is_refreshed_once(programs: Path, tmp_path: Path) -> None:
    log, fresh = tmp_path / "log", tmp_path / "fresh"
    _fake(programs, "env", 'shift; exec "$@"')
    body = f'echo "$1" >> {log}\n[ "$1" != update ] || : > {fresh}\n[ -e {fresh} ]'
    _fake(programs, "apt-get", body)
    assert system.install(["libegl1"], []) is True
    assert log.read_text(encoding="utf-8").split() == ["install", "update", "install"]


def test_a_plug_in_that_the_tests_need_is_told_by_its_file(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in system.TOOLS:
        _fake(programs, tool, "exit 0")
    lacking = str(tmp_path / "libOrthancDicomWeb.so")
    monkeypatch.setattr(system, "PLUGINS", {lacking: "orthanc-dicomweb", str(programs): "other"})
    assert system.missing_tools() == [lacking]
    assert system.packages_for([], system.missing_tools()) == ["orthanc-dicomweb"]


def test_a_machine_that_has_everything_is_left_in_peace(
    programs: Path, qt: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake(programs, "ldd", "echo '  libm.so.6 => /lib/libm.so.6 (0x0)'")
    for tool in system.TOOLS:
        _fake(programs, tool, "exit 0")
    monkeypatch.setattr(system, "PLUGINS", {str(programs): "orthanc-dicomweb"})
    assert system.main(["--tests"]) == 0
    assert capsys.readouterr().out == ""

"""The wheel holds everything the application needs and works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import breastview
from tests.packaging._scripts import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a freshly built wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as an installer would lay it out."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def _run(site: Path, *arguments: str) -> str:
    """Run an interpreter outside the checkout, with the unpacked wheel first."""
    environment = {**os.environ, "PYTHONPATH": str(site), "NO_COLOR": "1", "COLUMNS": "200"}
    environment.pop("BREASTVIEW_MODELS", None)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=site, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_wheel_holds_resources_models_licences_and_desktop_entry(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    bundled = "breastview/_bundled"
    assert f"{bundled}/resources/demo/README.txt" in names
    assert f"{bundled}/resources/icons/breastview.svg" in names
    assert any(name.startswith(f"{bundled}/models/") and name.endswith("manifest.json") for name in names)
    for part in ("LICENSE", "NOTICE"):
        assert any(name.endswith(f"dist-info/licenses/{part}") for name in names)
    assert any(name.endswith("share/applications/breastview.desktop") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "packaging/")) or "__pycache__" in name]


def test_the_installed_package_finds_what_it_brought(unpacked: Path) -> None:
    question = "from breastview import paths; print(paths.resources()); print(paths.models())"
    out = _run(unpacked, "-c", question)
    for line in out.splitlines():
        assert Path(line).is_dir()
        assert Path(line).is_relative_to(unpacked)


def test_the_command_works_outside_the_checkout(unpacked: Path) -> None:
    assert breastview.__version__ in _run(unpacked, "-m", "breastview", "--version")
    listed = _run(unpacked, "-m", "breastview", "models")
    assert "refused" not in listed
    assert any(folder.name in listed for folder in (ROOT / "models").iterdir() if folder.is_dir())


def test_the_entry_point_is_the_command_breastview(unpacked: Path) -> None:
    entry_points = next(unpacked.glob("*.dist-info/entry_points.txt"))
    assert "breastview = breastview.__main__:main" in entry_points.read_text(encoding="utf-8")
    desktop = next(unpacked.glob("*.data/data/share/applications/breastview.desktop"))
    assert "Exec=breastview %F" in desktop.read_text(encoding="utf-8")

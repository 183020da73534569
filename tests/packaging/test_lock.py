"""Versions are locked for every supported Python, from the public index alone, and nothing is GPL unasked."""

from __future__ import annotations

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

from tests.packaging._scripts import ROOT

LOCK_TEXT = (ROOT / "uv.lock").read_text(encoding="utf-8")
LOCK: dict[str, Any] = tomllib.loads(LOCK_TEXT)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES: dict[str, dict[str, Any]] = {package["name"]: package for package in LOCK["package"]}


def _normal(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def _needed(names: list[str]) -> set[str]:
    """Return the locked packages that `names` bring along, without extras."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names += [dependency["name"] for dependency in PACKAGES[name].get("dependencies", [])]
    return found


def test_the_lock_names_the_public_index_alone() -> None:
    hosts = {urlsplit(url).netloc for url in re.findall(r"https?://[^\"\s]+", LOCK_TEXT)}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_every_file_in_the_lock_has_its_hash() -> None:
    files = [file for package in LOCK["package"] for file in package.get("wheels", []) if "url" in file]
    assert files
    assert all(file["hash"].startswith("sha256:") for file in files)


def test_every_requirement_is_locked_for_every_python() -> None:
    assert LOCK["requires-python"].replace(" ", "") == PROJECT["requires-python"].replace(" ", "")
    extras = [requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra]
    assert {_normal(requirement) for requirement in [*PROJECT["dependencies"], *extras]} <= set(PACKAGES)


def test_what_keras_on_openvino_imports_without_asking_for_it_comes_along() -> None:
    # Found by the packaged program: with the tests' libraries around SciPy is always there.
    assert "scipy" in _needed([_normal(requirement) for requirement in PROJECT["dependencies"]])


def test_no_gpl_part_is_installed_by_default() -> None:
    default = _needed([_normal(requirement) for requirement in PROJECT["dependencies"]])
    unwanted = {"pylibjpeg-libjpeg", "python-gdcm", "opencv-python", "pyqt5", "pyqt6", "mysql-connector"}
    assert not unwanted & default


def test_the_notice_names_every_library_that_is_asked_for() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8").lower()
    asked = [_normal(requirement).removesuffix("-essentials") for requirement in PROJECT["dependencies"]]
    assert not [name for name in asked if name not in notice]

"""The user's folders are private and movable; what comes along lies beside the package."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from breastview import paths


@pytest.fixture(scope="module")
def of_the_file() -> Path:
    """Return the cache that fixtures of a whole file have."""
    return paths.cache_folder()


def test_tests_and_their_fixtures_leave_the_users_folders_alone(
    of_the_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert of_the_file.is_relative_to(tmp_path_factory.getbasetemp())
    assert paths.cache_folder().is_relative_to(tmp_path_factory.getbasetemp())
    assert paths.cache_folder() != of_the_file


@pytest.mark.parametrize("kind", ["config", "data", "cache", "log"])
def test_the_users_folders_are_private_and_movable(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path / "home"))
    folder = getattr(paths, f"{kind}_folder")()
    assert folder == tmp_path / "home" / kind
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_models_and_resources_are_beside_the_package_in_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BREASTVIEW_MODELS", raising=False)
    root = Path(paths.__file__).resolve().parent.parent
    assert paths.resources() == root / "resources"
    assert paths.models() == root / "models"
    monkeypatch.setenv("BREASTVIEW_MODELS", "/elsewhere")
    assert paths.models() == Path("/elsewhere")


def test_a_home_that_cannot_be_made_is_left_to_who_writes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path / "file"))
    assert paths.cache_folder() == tmp_path / "file" / "cache" and not paths.cache_folder().exists()

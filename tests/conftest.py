"""Fixtures for all tests: folders of their own, no display, and the shared data where it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, caches and records of a test out of the user's folders, and of other tests'."""
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real pictures; skip where it is absent (``BREASTVIEW_DATA`` names another one)."""
    folder = Path(os.environ.get("BREASTVIEW_DATA") or _ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the shared data folder is not here ({folder})")
    return folder

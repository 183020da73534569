"""Where things lie: bundled resources and models, and the user's own folders."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_APP = "breastview"


def _bundled(name: str) -> Path:
    """Return a bundled folder: inside the installed wheel, else beside the package in a checkout."""
    installed = _PACKAGE / "_bundled" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def resources() -> Path:
    """Return the folder of icons, fonts, style sheet and demo study."""
    return _bundled("resources")


def models() -> Path:
    """Return the folder of bundled models; `BREASTVIEW_MODELS` names another one."""
    return Path(os.environ.get("BREASTVIEW_MODELS") or _bundled("models"))


def model_folders() -> tuple[Path, ...]:
    """Return the folders that hold bundles: those that came with the application, and the user's own."""
    return models(), data_folder() / "models"


def _user(kind: str) -> Path:
    """Return a private folder of the user; all lie under `BREASTVIEW_HOME` when that is set.

    Where it cannot be made (a home that is full, or read-only), who writes there says so; reading goes on.
    """
    home = os.environ.get("BREASTVIEW_HOME")
    own = getattr(platformdirs, f"user_{kind}_dir")
    folder = Path(home) / kind if home else Path(own(_APP, appauthor=False))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def config_folder() -> Path:
    """Return the folder of the settings file."""
    return _user("config")


def data_folder() -> Path:
    """Return the folder of the reader's work (the SQLite record)."""
    return _user("data")


def runs_folder() -> Path:
    """Return the folder where a run of the window leaves word of a bad end; no patient data."""
    return data_folder() / "runs"


def cache_folder() -> Path:
    """Return the folder of results and thumbnails that can be made again."""
    return _user("cache")


def log_folder() -> Path:
    """Return the folder of logs; they hold no patient data."""
    return _user("log")


def log_file() -> Path:
    """Return the window's log of warnings and errors."""
    return log_folder() / "breastview.log"

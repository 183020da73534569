"""The key that makes pseudonyms the same in every run, and impossible to guess without it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from breastview import paths
from breastview.errors import ExportError

NAME = "deidentification.key"
SHORTEST = 16  # characters


def own_key() -> str:
    """Return the user's key; it is made when first asked for and readable by the user alone.

    Raises
    ------
    ExportError
        If it can be neither read nor made.
    """
    path = paths.data_folder() / NAME
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
    except FileExistsError:
        pass  # another process was quicker
    except OSError as error:
        raise ExportError("the key for pseudonyms cannot be kept", path) from error
    return read_key(path)


def read_key(path: Path) -> str:
    """Return the key that a file holds.

    Raises
    ------
    ExportError
        If the file cannot be read or is too short to be a key.
    """
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError("the key for pseudonyms cannot be read", path) from error
    if len(key) < SHORTEST:
        raise ExportError(f"a key for pseudonyms needs {SHORTEST} characters or more", path)
    return key

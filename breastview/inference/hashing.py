"""What a file is, whatever its name: results and the reader's words are kept under its hash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from breastview.errors import UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hex digits.

    Raises
    ------
    UnreadableFile
        If the file is gone or may not be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableFile(
            f"it cannot be read ({reason})", path, "Check that the file is still there."
        ) from error

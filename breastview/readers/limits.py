"""How big a picture may be before it is taken for a decompression bomb."""

from __future__ import annotations

from pathlib import Path

from breastview.errors import UnreadableFile

PIXELS = 150_000_000
"""Pixels of one frame; the largest mammography detectors give 30 million, film digitisers 100 million."""

FRAMES = 50_000
"""Frames of one file; an hour of cine at 12 frames a second."""


def check_size(path: Path, rows: int, columns: int, frames: int) -> None:
    """Refuse sizes no breast image has.

    Raises
    ------
    UnreadableFile
        If a size is not positive or beyond `PIXELS` or `FRAMES`.
    """
    if rows < 1 or columns < 1 or frames < 1:
        raise UnreadableFile(
            "the header gives no picture size", path, "The file is damaged; ask for it again."
        )
    if rows * columns > PIXELS or frames > FRAMES:
        size = f"{columns} × {rows} pixels" + (f" in {frames} frames" if frames > 1 else "")
        raise UnreadableFile(f"the header claims {size}, more than any breast image has", path)

"""What a file format offers: recognising, describing and decoding."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels


class Reader(Protocol):
    """One file format; each module of `breastview.readers.formats` exposes one as ``READER``."""

    suffixes: frozenset[str]
    """File name endings, lower case with the dot, that promise this format."""

    def sniff(self, head: bytes, path: Path, /) -> bool:
        """Return whether the first bytes (512 of them, or the whole file) look like this format."""
        ...

    def describe(self, path: Path, label: str) -> Instance:
        """Return what the header says, without decoding pixels.

        Raises
        ------
        UnreadableFile
            If the file is damaged or is not of this format.
        UnsupportedFile
            If the file is sound but holds no picture to show.
        """
        ...

    def pixels(self, instance: Instance, frame: int) -> FramePixels:
        """Return one frame (counted from 0), decoding only that one.

        Raises
        ------
        UnreadableFile
            If the frame cannot be decoded.
        """
        ...

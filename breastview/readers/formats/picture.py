"""Loose pictures: PNG, JPEG, BMP and TIFF. They belong to the folder they lie in and have no millimetres."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from breastview.errors import UnreadableFile
from breastview.readers import raster
from breastview.readers.slides.tiff import is_slide
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels

_HEAD = 16


class _Picture:
    """Pictures that Pillow reads: headers here (plain Python), pixels in a child process."""

    suffixes = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff"})

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether the first bytes are a signature of one of the formats, and it is no whole slide."""
        fits = head.startswith(raster.SIGNATURES) and (head[:2] != b"BM" or head[6:10] == b"\0\0\0\0")
        return fits and not is_slide(head, path)

    def describe(self, path: Path, label: str) -> Instance:
        """Return the picture's size and kind; its study and series are the folder it lies in."""
        header = raster.read_header(path)
        if header.tiff and _is_slide(path):
            raise UnreadableFile("a whole slide, for another reader", path)  # which its content finds
        folder = str(path.parent)
        name = Path(label).parent.name or path.parent.name
        return Instance(
            path=path,
            label=label,
            reader="picture",
            rows=header.rows,
            columns=header.columns,
            frames=header.frames,
            photometric=header.photometric,
            bits_stored=header.bits,
            lossy=header.lossy,
            study=StudyInfo(uid=folder, description=name),
            series=SeriesInfo(uid=folder, description=name),
        )

    def pixels(self, instance: Instance, frame: int) -> FramePixels:
        """Return one page."""
        values = raster.decode_apart(instance.path, frame, instance.rows * instance.columns)
        values.setflags(write=False)
        if values.ndim == 3:
            return FramePixels(values, "RGB", Window(128.0, 256.0))
        photometric = "MONOCHROME1" if instance.photometric == "MONOCHROME1" else "MONOCHROME2"
        return FramePixels(values, photometric, _window(values))


def _is_slide(path: Path) -> bool:
    with path.open("rb") as file:
        return is_slide(file.read(_HEAD), path)


def _window(values: np.ndarray) -> Window:
    """Return all of 8 bits, else the range of the values."""
    if values.dtype == np.uint8:
        return Window(128.0, 256.0)
    low, high = float(values.min()), float(values.max())
    return Window((low + high + 1) / 2, max(high - low + 1, 1.0))


READER = _Picture()

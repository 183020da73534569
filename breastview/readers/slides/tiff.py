"""Whole slides in tiled TIFF: Aperio SVS, OME-TIFF, Hamamatsu NDPI, Philips, generic pyramids; by tifffile.

A slide is opened at one magnification, the finest of its own whose longer side is at most `LARGEST`; where
there is none, a finer one is made smaller while its tiles are read. The whole is never in memory. Labels and
overviews, which may show the patient's name, are not read.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import BreastViewError, UnreadableFile, UnsupportedFile
from breastview.readers.slides.levels import LARGEST, Choice, choose
from breastview.readers.slides.mosaic import Mosaic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tifffile import TiffFile, TiffPage

SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PER_UM = {2: 1 / 25400, 3: 1 / 10000}  # of TIFF's ResolutionUnit: inch, centimetre
_PLAUSIBLE = (0.05, 50.0)  # µm a pixel; beyond it the entry is a screen's or a printer's
_MPP = re.compile(r"MPP\s*=\s*([0-9.]+)")
_PHYSICAL = re.compile(r'PhysicalSizeX="([0-9.eE+-]+)"(?:[^>]*?PhysicalSizeXUnit="([^"]+)")?')


@dataclass(frozen=True)
class SlideHeader:
    """A slide as it is opened.

    Attributes
    ----------
    rows, columns : int
        As opened, px.
    choice : Choice
        Which magnification, and by what factor it is made smaller.
    whole : tuple of (int, int)
        Rows and columns of the finest magnification.
    um_per_px : float
        Size of a pixel as opened, µm; 0 where the file does not tell it.
    lossy : str
        Name of a lossy compression, or empty.
    coloured : bool
    """

    rows: int
    columns: int
    choice: Choice
    whole: tuple[int, int]
    um_per_px: float
    lossy: str
    coloured: bool


def is_slide(head: bytes, path: Path) -> bool:
    """Return whether a file is a TIFF in tiles with several magnifications, or too large for a picture."""
    if not head.startswith(SIGNATURES):
        return False
    try:
        if not path.is_file():
            return False
        with _opened(path) as file:
            pages = _levels(file)
            return pages[0].is_tiled and (len(pages) > 1 or max(_size(pages[0])) > LARGEST)
    except Exception:  # tifffile raises many kinds for what is no sound TIFF; the reader of pictures says so
        return False


def read_header(path: Path) -> SlideHeader:
    """Return how a slide is opened.

    Raises
    ------
    UnreadableFile
        If the file is damaged.
    UnsupportedFile
        If its pixels are of a kind that slides of stained tissue have not.
    """
    try:
        with _opened(path) as file:
            return _described(file, path)
    except BreastViewError:
        raise
    except OSError as error:
        reason = (error.strerror or "input error").lower()
        raise UnreadableFile(
            f"the file cannot be read ({reason})", path, "Check the drive and open it again."
        ) from error
    except Exception as error:
        raise UnreadableFile(
            "the slide's header is damaged", path, "Copy it again from its source."
        ) from error


def decode(path: Path) -> NDArray[np.uint8]:
    """Return the pixels of a slide as it is opened, (rows, columns, 3) or (rows, columns); tile by tile.

    Raises
    ------
    UnreadableFile
        If a tile cannot be decoded.
    """
    header = read_header(path)
    with _opened(path) as file:
        page = _levels(file)[header.choice.level]
        mosaic = Mosaic(*_size(page), header.choice.factor, header.coloured)
        for top, left, tile in _tiles(page):
            mosaic.add(tile, top, left)
    return mosaic.picture


def _opened(path: Path) -> TiffFile:
    import tifffile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # its warnings name the file
    return tifffile.TiffFile(path)


def _described(file: TiffFile, path: Path) -> SlideHeader:
    pages = _levels(file)
    first = pages[0]
    if _cut_short(file, pages):
        raise UnreadableFile("the slide ends too early", path, "Copy it again from its source.")
    if first.dtype != np.uint8 or first.samplesperpixel not in (1, 3, 4) or first.planarconfig != 1:
        raise UnsupportedFile(
            "its pixels are not 8-bit grey or RGB, as those of a stained slide are", path,
            "Export it as a pyramidal RGB TIFF.",
        )  # fmt: skip
    sizes = [_size(page) for page in pages]
    choice = choose(sizes)
    page, (rows, columns) = pages[choice.level], sizes[choice.level]
    if choice.factor > 1 and (page.tilewidth % choice.factor or page.tilelength % choice.factor):
        raise UnsupportedFile(
            f"it has no magnification of at most {LARGEST} px, and tiles that cannot be made smaller", path,
            "Export it as a pyramidal TIFF.",
        )  # fmt: skip
    finest = _um(file, first)
    return SlideHeader(
        rows=rows // choice.factor,
        columns=columns // choice.factor,
        choice=choice,
        whole=sizes[0],
        um_per_px=finest * sizes[0][1] / columns * choice.factor,
        lossy="JPEG" if "JPEG" in str(getattr(page.compression, "name", "")) else "",
        coloured=first.samplesperpixel > 1,
    )


def _cut_short(file: TiffFile, pages: Sequence[TiffPage]) -> bool:
    """Return whether tiles, or whole magnifications, lie behind the end of the file."""
    ends = [
        offset + count
        for page in pages
        for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)
    ]
    # tifffile passes over those it cannot read; other makers keep magnifications elsewhere.
    named = (pages[0].subifds or ()) if file.series[0].kind == "generic" else ()
    return len(pages) < len(named) + 1 or max((*ends, *named)) > file.filehandle.size


def _levels(file: TiffFile) -> list[TiffPage]:
    """Return the first page of each magnification of the slide itself, the finest first."""
    return [level.keyframe for level in file.series[0].levels]


def _size(page: TiffPage) -> tuple[int, int]:
    return int(page.imagelength), int(page.imagewidth)


def _um(file: TiffFile, page: TiffPage) -> float:
    """Return the size of a pixel of the finest magnification in µm, 0 where it is not told."""
    for um in (_from_aperio(page), _from_ome(file), _from_resolution(page)):
        if _PLAUSIBLE[0] <= um <= _PLAUSIBLE[1]:
            return um
    return 0.0


def _from_aperio(page: TiffPage) -> float:
    found = _MPP.search(page.description or "")
    return float(found[1]) if found else 0.0


def _from_ome(file: TiffFile) -> float:
    found = _PHYSICAL.search(file.ome_metadata or "")
    return float(found[1]) if found and found[2] in (None, "µm", "um") else 0.0


def _from_resolution(page: TiffPage) -> float:
    resolution, unit = page.tags.get("XResolution"), page.tags.get("ResolutionUnit")
    if resolution is None or unit is None or int(unit.value) not in _PER_UM or not resolution.value[0]:
        return 0.0
    pixels_per_unit = resolution.value[0] / max(1, resolution.value[1])
    return float(1 / (pixels_per_unit * _PER_UM[int(unit.value)]))


def _tiles(page: TiffPage) -> Iterator[tuple[int, int, NDArray[Any]]]:
    """Yield the tiles one after the other: row, column and pixels."""
    for data, index, _ in page.segments(maxworkers=1):
        top, left = int(index[2]), int(index[3])
        if data is not None:
            yield top, left, data[0]

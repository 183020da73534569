"""What pixel data carries beside the pixels: comments in compressed frames, overlays in unused bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID

from breastview.errors import ExportError

_JPEG_START, _JPEG_SCAN, _JPEG_COMMENT = b"\xff\xd8", 0xDA, 0xFE
_JPEG_HARMLESS = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe", b"SPIFF\0")
"""Application segments that say how colours are meant; others hold thumbnails, dates, names of devices."""
_J2K_START, _J2K_TILE, _J2K_COMMENT = b"\xff\x4f", 0x90, 0x64


def removed(dataset: Dataset, name: str) -> list[str]:
    """Remove it from a data set with its pixels, in place; return what was there in words.

    Raises
    ------
    ExportError
        If compressed frames cannot be told apart.
    """
    syntax = UID(getattr(dataset.file_meta, "TransferSyntaxUID", "") or "1.2.840.10008.1.2")
    if "PixelData" not in dataset:
        return []
    try:
        if _is_jpeg(syntax):
            return ["comments of compressed frames"] if _without_comments(dataset) else []
        if syntax.is_encapsulated:
            return []
        return ["overlays in unused bits"] if _without_overlays(dataset, syntax) else []
    except Exception as error:  # pydicom raises many kinds for damaged pixel data
        raise ExportError("it is damaged and cannot be de-identified", name) from error


def _is_jpeg(syntax: UID) -> bool:
    """Return whether frames are JPEG, JPEG-LS or JPEG 2000; films and RLE have no comments of this kind."""
    number = syntax.removeprefix("1.2.840.10008.1.2.4.")
    return number.isdecimal() and (int(number) < 100 or 200 < int(number) < 210)


def _without_comments(dataset: Dataset) -> bool:
    count = int(dataset.get("NumberOfFrames") or 1)
    before = list(generate_frames(dataset.PixelData, number_of_frames=count))
    after = [codestream(frame) for frame in before]
    if after == before:
        return False
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in dataset:
            delattr(dataset, keyword)
    dataset.PixelData = encapsulate(after)
    dataset["PixelData"].is_undefined_length = True
    return True


def codestream(frame: bytes) -> bytes:
    """Return a JPEG, JPEG-LS or JPEG 2000 frame without comments; another one as it is."""
    if frame.startswith(_JPEG_START):
        return _JPEG_START + b"".join(_kept(frame, _JPEG_SCAN, _unwanted_of_jpeg))
    if frame.startswith(_J2K_START):
        return _J2K_START + b"".join(_kept(frame, _J2K_TILE, lambda marker, _: marker == _J2K_COMMENT))
    return frame


def _unwanted_of_jpeg(marker: int, content: bytes) -> bool:
    application = 0xE0 <= marker <= 0xEF and not content.startswith(_JPEG_HARMLESS)
    return marker == _JPEG_COMMENT or application


def _kept(frame: bytes, last: int, unwanted: Callable[[int, bytes], bool]) -> Iterator[bytes]:
    """Yield the marker segments of a header that stay, then all from its `last` marker on."""
    at = 2
    while at + 4 <= len(frame) and frame[at] == 0xFF and frame[at + 1] != last:
        if frame[at + 1] == 0xFF:  # a fill byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(frame[at + 2 : at + 4], "big")
        if not unwanted(frame[at + 1], frame[at + 4 : end]):
            yield frame[at:end]
        at = end
    yield frame[at:]


def _without_overlays(dataset: Dataset, syntax: UID) -> bool:
    """Clear the bits outside of the stored ones where a file says that overlays lie in them."""
    allocated, stored = int(dataset.BitsAllocated), int(dataset.BitsStored)
    positions = [tag for tag in dataset.keys() if tag & 0xFF00FFFF == 0x60000102]  # noqa: SIM118
    inside = any(dataset[tag].value for tag in positions)
    if not inside or stored >= allocated or allocated not in (8, 16, 32):
        return False
    kind = np.dtype(f"u{allocated // 8}").newbyteorder("<" if syntax.is_little_endian else ">")
    mask = ((1 << stored) - 1) << (int(dataset.HighBit) + 1 - stored)
    values = np.frombuffer(dataset.PixelData, kind, count=len(dataset.PixelData) // kind.itemsize)
    cleared = (values & kind.type(mask)).astype(kind).tobytes()
    dataset.PixelData = cleared + dataset.PixelData[len(cleared) :]
    return True

"""Looking things up in objects of other systems, which may be damaged anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset

from breastview.errors import UnreadableFile
from breastview.readers.dicom.header import Header, media_storage_class, opened, tag, unreachable
from breastview.study.foreign import Points, Spot

LARGEST = 256 << 20
"""Bytes of a report or document; a header of this size is no header."""
DEEPEST = 40
MOST_ITEMS = 20_000
MOST_POINTS = 200_000
_REMEDY = "Ask for it again."


def whole(path: Path) -> Dataset:
    """Return all of an object but its pixels.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    """
    try:
        if path.stat().st_size > LARGEST and not _has_pixels(path):
            raise UnreadableFile("the object is larger than 256 MB", path, _REMEDY)
        return dcmread(path, stop_before_pixels=True, force=True)
    except UnreadableFile:
        raise
    except OSError as error:
        raise unreachable(path, error) from error
    except Exception as error:  # pydicom raises nearly every kind for damaged bytes
        raise UnreadableFile("the DICOM object is damaged", path, _REMEDY) from error


def _has_pixels(path: Path) -> bool:
    with opened(path, [tag("Rows")]) as (dataset, _):
        return "Rows" in dataset


def sop_class(path: Path) -> str:
    """Return the SOP class of a file, reading nothing else of it."""
    with opened(path, [tag("SOPClassUID")]) as (dataset, _):
        return Header(dataset).text("SOPClassUID") or media_storage_class(dataset)


def numbers(item: Header, keyword: str) -> list[float]:
    """Return the values of a numeric element, at most `MOST_POINTS`."""
    return item.numbers(keyword)[:MOST_POINTS]


def pairs(values: list[float]) -> Points:
    """Return coordinates as points, moved from corners of pixels (DICOM) to their centres (ours)."""
    finite = [value if abs(value) < 1e7 else 0.0 for value in values]
    return tuple((x - 0.5, y - 0.5) for x, y in zip(finite[::2], finite[1::2], strict=False))


def spots(items: list[Header]) -> list[Spot]:
    """Return the pictures that items of a reference name."""
    found = []
    for item in items[:MOST_ITEMS]:
        uid = item.text("ReferencedSOPInstanceUID")
        frames = tuple(int(number) - 1 for number in item.numbers("ReferencedFrameNumber")[:MOST_ITEMS])
        if uid:
            found.append(Spot(uid, tuple(frame for frame in frames if frame >= 0)))
    return found


def shown(items: list[Header], uid: str, frame: int) -> bool:
    """Return whether a reference means a frame; one without any item means every picture."""
    named = spots(items)
    return not named or any(spot.shows(uid, frame) for spot in named)


def references(header: Header, depth: int = 0) -> Iterator[str]:
    """Yield every SOP Instance UID that an object refers to, at any depth."""
    uid = header.text("ReferencedSOPInstanceUID")
    if uid:
        yield uid
    if depth >= DEEPEST:
        return
    for element in header.dataset.values():
        if element.VR == "SQ" or element.VR is None or element.VR == "UN":
            for item in _items(header, element.tag):
                yield from references(item, depth + 1)


def _items(header: Header, tag: int) -> list[Header]:
    try:
        found = header.dataset[tag]
        return [Header(item) for item in found.value or ()] if found.VR == "SQ" else []
    except Exception:  # a damaged sequence; the rest may be sound
        return []


def meaning(item: Header, keyword: str) -> str:
    """Return the words of a coded element."""
    for code in item.items(keyword)[:1]:
        return code.text("CodeMeaning") or code.text("CodeValue")
    return ""

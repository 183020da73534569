"""DICOM segmentations: binary, fractional and label maps, by the frames they were derived from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from breastview.language import tr
from breastview.readers.dicom import frames
from breastview.readers.dicom.header import Header
from breastview.readers.foreign._content import spots
from breastview.readers.limits import check_size
from breastview.study.foreign import Companion, Kind, Mask, Overlay, Page, Spot

_STORAGE = "1.2.840.10008.5.1.4.1.1.66."
_LABEL_MAP = "LABELMAP"
MOST_SEGMENTS = 64
"""Segments that are drawn over one frame."""


class _Segmentation:
    """Reads the frames that belong to a picture, and no other."""

    kind = Kind.SEGMENTATION
    families = (f"{_STORAGE}4", f"{_STORAGE}7")

    def overlay(
        self, companion: Companion, dataset: Dataset, uid: str, frame: int, size: tuple[int, int]
    ) -> Overlay:
        """Return the segments over a frame; a segmentation of another size is not drawn."""
        header, path = Header(dataset), companion.path
        rows, columns = header.integer("Rows"), header.integer("Columns")
        count = header.integer("NumberOfFrames", 1) or 1
        check_size(path, rows, columns, count)
        places = _places(header, count, uid, frame)
        if not places:
            return Overlay(companion)
        if (rows, columns) != size:
            text = tr("Its masks are {width} × {height} px, not of the picture’s size; they are not drawn.")
            return Overlay(companion, notes=(text.format(width=columns, height=rows),))
        names = _names(header)
        masks = (
            _label_maps(path, places, names)
            if header.text("SegmentationType") == _LABEL_MAP
            else _segments(header, path, places, names)
        )
        notes: tuple[str, ...] = ()
        if len(masks) > MOST_SEGMENTS:
            text = tr("It holds {count} segments; the first {shown} are drawn.")
            notes = (text.format(count=len(masks), shown=MOST_SEGMENTS),)
        return Overlay(companion, tuple(masks[:MOST_SEGMENTS]), notes=notes)

    def page(self, companion: Companion, dataset: Dataset) -> Page | None:  # noqa: ARG002
        """Return None: masks are no document."""
        return None


def _places(header: Header, count: int, uid: str, frame: int) -> list[tuple[int, int]]:
    """Return the frames of the segmentation that lie over a frame of a picture, each with its segment."""
    groups = header.items("PerFrameFunctionalGroupsSequence")[:count]
    shared = next(iter(header.items("SharedFunctionalGroupsSequence")), None)
    alone = _only_picture(header)
    found = []
    for number in range(count):
        group = groups[number] if number < len(groups) else None
        named = _derived_from(group) or _derived_from(shared)
        # Without a derivation the one picture that is referred to is meant, frame by frame.
        meant = named or ([Spot(alone, (number,) if count > 1 and not groups else ())] if alone else [])
        if any(spot.shows(uid, frame) for spot in meant):
            found.append((number, _segment(group) or _segment(shared) or 1))
    return found


def _only_picture(header: Header) -> str:
    found = {
        spot.uid
        for series in header.items("ReferencedSeriesSequence")
        for spot in spots(series.items("ReferencedInstanceSequence"))
    }
    return found.pop() if len(found) == 1 else ""


def _derived_from(group: Header | None) -> list[Spot]:
    if group is None:
        return []
    derived = group.items("DerivationImageSequence")
    return [spot for one in derived for spot in spots(one.items("SourceImageSequence"))]


def _segment(group: Header | None) -> int:
    for item in group.items("SegmentIdentificationSequence") if group is not None else ():
        return item.integer("ReferencedSegmentNumber")
    return 0


def _names(header: Header) -> dict[int, str]:
    return {
        item.integer("SegmentNumber"): item.text("SegmentLabel") or item.text("SegmentDescription")
        for item in header.items("SegmentSequence")
    }


def _segments(header: Header, path: Path, places: list[tuple[int, int]], names: dict[int, str]) -> list[Mask]:
    fractional = header.text("SegmentationType") == "FRACTIONAL"
    full = header.integer("MaximumFractionalValue", 255) or 255
    united: dict[int, NDArray[np.uint8]] = {}
    for number, segment in places:
        values = _stored(path, number)
        part = _levels(values, full) if fractional else np.where(values != 0, 255, 0).astype(np.uint8)
        united[segment] = np.maximum(united[segment], part) if segment in united else part
    return [_mask(names, segment, values, fractional) for segment, values in sorted(united.items())]


def _label_maps(path: Path, places: list[tuple[int, int]], names: dict[int, str]) -> list[Mask]:
    united: dict[int, NDArray[np.uint8]] = {}
    for number, _ in places:
        values = _stored(path, number)
        for segment in (int(one) for one in np.unique(values) if int(one) in names and one):
            part = np.where(values == segment, 255, 0).astype(np.uint8)
            united[segment] = np.maximum(united[segment], part) if segment in united else part
    return [_mask(names, segment, values, False) for segment, values in sorted(united.items())]


def _stored(path: Path, number: int) -> NDArray[Any]:
    return frames.stored(path, number)[0]


def _levels(values: NDArray[Any], full: int) -> NDArray[np.uint8]:
    return np.clip(np.rint(values.astype(np.float32) * (255.0 / full)), 0, 255).astype(np.uint8)


def _mask(names: dict[int, str], segment: int, values: NDArray[np.uint8], fractional: bool) -> Mask:
    values.setflags(write=False)
    return Mask(names.get(segment) or tr("Segment {number}").format(number=segment), values, fractional)


READER = _Segmentation()

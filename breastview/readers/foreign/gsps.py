"""Presentation states: their graphics and words over the picture, their window, and what is not followed."""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from breastview.language import tr
from breastview.readers.dicom.header import Header
from breastview.readers.foreign._content import numbers, pairs, shown
from breastview.readers.foreign._shapes import drawing
from breastview.study.foreign import Companion, Drawing, Kind, Overlay, Page, Points
from breastview.study.instance import Window

MOST_DRAWINGS = 2_000


class _Presentation:
    """Softcopy presentation states: grey-scale, colour, blending."""

    kind = Kind.PRESENTATION
    families = ("1.2.840.10008.5.1.4.1.1.11",)

    def overlay(
        self, companion: Companion, dataset: Dataset, uid: str, frame: int, size: tuple[int, int]
    ) -> Overlay:
        """Return graphics and words over a frame."""
        header = Header(dataset)
        if uid not in companion.refers:
            return Overlay(companion)
        area = _displayed_area(header, uid, frame, size)
        found: list[Drawing] = []
        for annotation in header.items("GraphicAnnotationSequence"):
            if shown(annotation.items("ReferencedImageSequence"), uid, frame):
                found.extend(_drawings(annotation, area))
        notes = list(_notes(header))
        if len(found) > MOST_DRAWINGS:
            notes.append(tr("It holds {count} drawings; not all are shown.").format(count=len(found)))
        return Overlay(
            companion, drawings=tuple(found[:MOST_DRAWINGS]), window=_window(header, uid, frame),
            notes=tuple(notes),
        )  # fmt: skip

    def page(self, companion: Companion, dataset: Dataset) -> Page | None:  # noqa: ARG002
        """Return None: it is nothing without its picture."""
        return None


Area = tuple[float, float, float, float]
"""Left, top, width and height of what is displayed, in px with corners at whole numbers."""


def _displayed_area(header: Header, uid: str, frame: int, size: tuple[int, int]) -> Area:
    for item in header.items("DisplayedAreaSelectionSequence"):
        first = item.numbers("DisplayedAreaTopLeftHandCorner")
        last = item.numbers("DisplayedAreaBottomRightHandCorner")
        if shown(item.items("ReferencedImageSequence"), uid, frame) and len(first) == len(last) == 2:
            # Counted from 1; a turned picture has its corners the other way round.
            left, right = sorted((first[0], last[0]))
            top, bottom = sorted((first[1], last[1]))
            return (left - 1, top - 1, right - left + 1, bottom - top + 1)
    return (0.0, 0.0, float(size[1]), float(size[0]))


def _drawings(annotation: Header, area: Area) -> Iterator[Drawing]:
    for item in annotation.items("GraphicObjectSequence"):
        points = _points(item, "GraphicData", item.text("GraphicAnnotationUnits"), area)
        kind, filled = item.text("GraphicType"), item.text("GraphicFilled") == "Y"
        yield from drawing(kind, points, filled)
    for item in annotation.items("TextObjectSequence"):
        words = item.text("UnformattedTextValue")
        if words:
            yield from _words(item, words, area)


def _words(item: Header, words: str, area: Area) -> Iterator[Drawing]:
    """Yield words at their box, with a line to what they are about where that is to be seen."""
    anchor = _points(item, "AnchorPoint", item.text("AnchorPointAnnotationUnits"), area)
    box = _points(item, "BoundingBoxTopLeftHandCorner", item.text("BoundingBoxAnnotationUnits"), area)
    text = words.replace("\r\n", "\n").replace("\r", "\n")
    if anchor and box and item.text("AnchorPointVisibility") != "N":
        yield Drawing((anchor[0], box[0]), text=text)
    elif box or anchor:
        yield Drawing((box or anchor)[:1], text=text)


def _points(item: Header, keyword: str, units: str, area: Area) -> Points:
    values = numbers(item, keyword)
    if units == "DISPLAY":
        left, top, width, height = area
        values = [
            left + value * width if place % 2 == 0 else top + value * height
            for place, value in enumerate(values)
        ]
    return pairs(values)


def _window(header: Header, uid: str, frame: int) -> Window | None:
    for item in header.items("SoftcopyVOILUTSequence"):
        width = item.number("WindowWidth")
        if shown(item.items("ReferencedImageSequence"), uid, frame) and width > 0:
            return Window(item.number("WindowCenter"), width, item.text("WindowCenterWidthExplanation"))
    return None


def _notes(header: Header) -> Iterator[str]:
    shutters = [text.lower() for text in header.texts("ShutterShape") if text]
    if shutters:
        yield tr("Its shutter ({shape}) is not applied: nothing of the picture is hidden.").format(
            shape=", ".join(shutters)
        )
    if header.integer("ImageRotation") or header.text("ImageHorizontalFlip") == "Y":
        yield tr("It wants the picture turned or flipped; that is not done.")
    if any("VOILUTSequence" in item for item in header.items("SoftcopyVOILUTSequence")):
        yield tr("Its grey-scale table is not applied.")
    annotations = header.items("GraphicAnnotationSequence")
    compound = sum(len(one.items("CompoundGraphicSequence")) for one in annotations)
    if compound:
        yield tr("{count} compound graphics of it are not drawn.").format(count=compound)


READER = _Presentation()

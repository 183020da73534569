"""A whole report: its pages as data, and the pixels that they show."""

from __future__ import annotations

from collections.abc import Iterable, Sized
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from breastview.errors import ExportError
from breastview.exporters import _panes
from breastview.exporters._protocol import ExportOptions, Record
from breastview.exporters.pdf import _content, _flow
from breastview.exporters.pdf._items import PAPERS, Item, Measure, Page, Paper, Picture
from breastview.exporters.pdf._key_images import COLOUR_BAR, SEGMENTER_BAR
from breastview.study.instance import Refusal
from breastview.study.reading import Reading
from breastview.task import Task, check

DPI = 300
_QUALITY = 95


@dataclass(frozen=True, eq=False)
class Document:
    """A report that is laid out.

    Attributes
    ----------
    paper : Paper
        The sheet.
    pages : tuple of Page
        In order, page numbers included.
    pictures : dict of str to bytes
        Encoded pixels by the key of the items that show them; JPEG at `DPI` of the printed size, so that a
        report of hundreds of cases fits in memory.
    title : str
        What file lists show; never a patient's name. Empty: that it is a report.
    """

    paper: Paper
    pages: tuple[Page, ...]
    pictures: dict[str, bytes] = field(default_factory=dict)
    title: str = ""


def compose(records: Iterable[Record], options: ExportOptions, task: Task, measure: Measure) -> Document:
    """Lay out a report of all the records; none of a reading's own pixels are kept.

    Parameters
    ----------
    records : iterable of Reading or Refusal
        Readings are reported in this order; files that could not be read are named on the last page.
    options : ExportOptions
        Paper, reader, institution, colours.
    task : Task
        Told of every case.
    measure : Measure
        The fonts.

    Raises
    ------
    ExportError
        If there is nothing to report.
    """
    paper = PAPERS.get(options.paper, PAPERS["A4"])
    total = len(records) if isinstance(records, Sized) else None
    sheets: list[list[Item]] = []
    pictures = {
        key: _encoded(_panes.colour_bar(options, segmenter=key is SEGMENTER_BAR), lossless=True)
        for key in (COLOUR_BAR, SEGMENTER_BAR)
    }
    refusals: list[Refusal] = []
    for number, record in enumerate(records, start=1):
        check(task)
        if isinstance(record, Refusal):
            refusals.append(record)
        else:
            pages = _flow.sheets(_content.case(record, options, number), paper, measure)
            sheets += pages
            pictures |= _pictures(record, options, pages)
        task.progress(number, total)
    if refusals:
        sheets += _flow.sheets(_content.unreadable(refusals, options), paper, measure)
    if not sheets:
        raise ExportError("there is no case to report", None, "Mark a case or open one, then export again.")
    made = f"{options.made_at or datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return Document(paper, _flow.finished(sheets, paper, made), pictures)


def _pictures(reading: Reading, options: ExportOptions, pages: list[list[Item]]) -> dict[str, bytes]:
    """Return the key images at the resolution of their printed size."""
    bars = (COLOUR_BAR, SEGMENTER_BAR)
    shown = [i for page in pages for i in page if isinstance(i, Picture) and i.key not in bars]
    rows, columns = (max(1, round(mm / 25.4 * DPI)) for mm in (shown[0].height, shown[0].width))
    images = _panes.panes(reading, options, rows, columns)
    return {item.key: _encoded(images[item.key.partition("/")[2]]) for item in shown}


def _encoded(image: NDArray[np.uint8], lossless: bool = False) -> bytes:
    import cv2

    ordered = image[..., ::-1] if image.ndim == 3 else image
    full_colour = [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    settings = [] if lossless else [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, *full_colour]
    sound, data = cv2.imencode(".png" if lossless else ".jpg", np.ascontiguousarray(ordered), settings)
    if not sound:
        raise ExportError("a picture could not be encoded")
    return data.tobytes()

"""The PDF report of a case."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from breastview.bench import ai, made, timing
from breastview.bench.row import Goal, Held, Measured, Place, Row

if TYPE_CHECKING:
    from breastview.study.reading import Reading

_MM_PER_INCH = 25.4


def seconds(place: Place) -> Measured:
    """From a finished reading to a PDF on the disk."""
    taken, sizes = _reports(place)
    return Measured(timing.median(taken), "s", samples=taken, others={"cases": len(sizes)})


def size(place: Place) -> Measured:
    """The largest of these files."""
    _, sizes = _reports(place)
    return Measured(max(sizes), "MB", samples=sizes, others={"median, MB": timing.median(sizes)})


def resolution(place: Place) -> Measured:
    """The lowest resolution of a key image, by the size it is printed at."""
    import cv2
    import numpy as np

    from breastview.exporters import pdf
    from breastview.exporters._protocol import ExportOptions
    from breastview.exporters.pdf._items import Picture
    from breastview.task import SilentTask

    found = []
    for reading in _readings(place):
        document = pdf.compose([reading], ExportOptions(), SilentTask())
        for item in (item for page in document.pages for item in page.items):
            if isinstance(item, Picture) and "/" in item.key:
                image = cv2.imdecode(np.frombuffer(document.pictures[item.key], np.uint8), cv2.IMREAD_COLOR)
                assert image is not None
                found.append(image.shape[1] / (item.width / _MM_PER_INCH))
    return Measured(min(found), "dpi", samples=tuple(found))


@cache
def _readings(place: Place) -> tuple[Reading, ...]:
    """Return finished readings of made pictures."""
    from breastview.session import Session
    from breastview.settings import Settings

    ai.bundle()
    folder = place.folder / "report"
    for number in range(place.of(12, 2)):
        made.ultrasound(folder / f"{number:02d}.dcm", seed=100 + number)
    with Session(Settings(), results=ai.results(place)) as session:
        list(session.open([folder], remember=False))
        return tuple(session.reading(case, analyse=True) for case in session.cases)


@cache
def _reports(place: Place) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return seconds and megabytes of the report of each case; the first one, which loads Qt, is left out."""
    from breastview.exporters import pdf
    from breastview.exporters._protocol import ExportOptions
    from breastview.task import SilentTask

    taken, sizes = [], []
    for number, reading in enumerate(_readings(place)):
        file = place.folder / "reports" / f"{number:02d}.pdf"
        taken.append(
            timing.seconds(lambda: pdf.EXPORTER.export([reading], file, SilentTask(), ExportOptions()))  # noqa: B023
        )
        sizes.append(file.stat().st_size / 1e6)
    return tuple(taken[1:]), tuple(sizes[1:])


ROWS = {
    "report": Row("PDF report of a case", "", Goal(1.0, of_ratio=False), seconds),
    "report-size": Row("Its file", "", Goal(1.0, of_ratio=False), size),
    "report-dpi": Row("Its key images", "", Goal(299.0, Held.AT_LEAST, of_ratio=False), resolution),
}

"""PDF: the annotated report of a case or of many, on A4 or Letter, to print, to read and to search.

A reading becomes blocks (`_content`), blocks become pages of plain data (`_pieces`, `_flow`), and one painter
(`_painter`) draws these into the file, on paper and in the preview. Only `_fonts`, `_painter` and `_file`
know Qt; they are imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark
from breastview.study.instance import Refusal
from breastview.task import SilentTask, Task, check

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPainter

    from breastview.exporters.pdf._card import Columns
    from breastview.exporters.pdf._document import Document


class PdfExporter:
    """One file of all the readings, or one a reading where the destination is a folder."""

    name = "pdf"
    title = mark("Report (PDF)")
    suffix = ".pdf"
    one_file = True

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write the report.

        A destination that ends in ``.pdf`` is one file, in which every case starts a new page; any other is a
        folder, in which every reading gets a file at its picture's relative path.
        """
        if destination.suffix.lower() != self.suffix:
            return self._one_each(readings, destination, task, options)
        self._write(readings, destination, task, options)
        return (destination,)

    def _one_each(
        self, readings: Iterable[Record], folder: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        names, written = Names(folder, self.suffix), []
        for number, record in enumerate(readings, start=1):
            check(task)
            if isinstance(record, Refusal):
                continue
            path = names.path(record.instance, record.frame)
            self._write((record,), path, SilentTask(), options)
            written.append(path)
            task.progress(number, None, record.instance.label)
        return tuple(written)

    @staticmethod
    def _write(readings: Iterable[Record], path: Path, task: Task, options: ExportOptions) -> None:
        save(compose(readings, options, task), path, task)


def compose(readings: Iterable[Record], options: ExportOptions, task: Task) -> Document:
    """Lay out a report; see `_document.compose`."""
    from breastview.exporters.pdf import _document, _fonts

    _fonts.ready()
    return _document.compose(readings, options, task, _fonts.QtMeasure())


def card(title: str, ways: Sequence[Columns], foot: str, paper: str) -> Document:
    """Lay out short tables on one page laid across; see `_card.compose`."""
    from breastview.exporters.pdf import _card, _fonts

    _fonts.ready()
    return _card.compose(title, ways, foot, paper, _fonts.QtMeasure())


def save(document: Document, path: Path, task: Task) -> None:
    """Write a report as a PDF that takes its final name only when it is whole; see `_file.write`."""
    from breastview.exporters.pdf import _file

    _file.write(document, path, task)


def page_image(document: Document, number: int, dots_per_inch: float) -> QImage:
    """Return page `number` (from 0) as a picture; may be called in any thread."""
    from breastview.exporters.pdf import _painter

    return _painter.image(document, number, dots_per_inch)


def paint(document: Document, number: int, painter: QPainter, dots_per_mm: float) -> None:
    """Draw page `number` (from 0), its upper left corner at the painter's origin, just as it is saved."""
    from breastview.exporters.pdf import _painter

    _painter.draw(document, document.pages[number], painter, dots_per_mm)


EXPORTER = PdfExporter()

"""Writing the PDF, and making sure that what lies on the disk is whole."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from breastview import __version__, atomic
from breastview.exporters import _streams
from breastview.exporters.pdf._document import Document
from breastview.exporters.pdf._painter import draw
from breastview.language import tr
from breastview.task import Task, check

_DPI = 1200
"""Steps of strokes and text; pictures have their own resolution."""


def write(document: Document, destination: Path, task: Task) -> None:
    """Write a document as a PDF that takes its final name only when it is whole.

    Raises
    ------
    ExportError
        If it could not be written completely.
    Cancelled
        If the task was cancelled.
    """
    with _streams.explained(destination), atomic.written(destination) as temporary:
        _print(document, temporary, task)
        if not whole(temporary, len(document.pages)):
            raise OSError("the file is not whole; is the disk full?")


def _print(document: Document, path: Path, task: Task) -> None:
    writer = QPdfWriter(str(path))
    # Titles and keywords are shown in file lists: no name, no number of a patient.
    writer.setTitle(document.title or tr("Breast imaging report"))
    writer.setCreator(f"BreastView {__version__}")
    writer.setResolution(_DPI)
    size = QPageSize(QSizeF(document.paper.width, document.paper.height), QPageSize.Unit.Millimeter)
    named = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}.get(document.paper.name)
    writer.setPageSize(QPageSize(named) if named is not None else size)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(f"Qt could not open {path.name} for writing")
    try:
        for number, page in enumerate(document.pages):
            check(task)
            if number:
                writer.newPage()
            draw(document, page, painter, _DPI / 25.4)
    finally:
        painter.end()


def whole(path: Path, pages: int) -> bool:
    """Return whether a PDF ends where it says and holds that many pages.

    `QPainter.end` returns True after writing to a full disk, so the file itself is asked: the last line must
    be there, the cross-reference table where the file says that it lies, and every page object.
    """
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(0, length - 64))
        tail = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", file.read())
        if tail is None:
            return False
        file.seek(int(tail[1]))
        if file.read(4) != b"xref":
            return False
    return _count(path) == pages


def _count(path: Path) -> int:
    """Count the page objects of a PDF without holding it in memory."""
    found, rest = 0, b""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            data = rest + block
            matches = list(re.finditer(rb"/Type\s*/Page(?=[^s\w])", data))
            found += len(matches)
            rest = data[max(len(data) - 32, matches[-1].end() if matches else 0) :]
    return found

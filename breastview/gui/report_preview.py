"""The report as it will be printed: pages to look through, print or save."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QImage,
    QIntValidator,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from breastview.errors import ExportError
from breastview.exporters import pdf
from breastview.exporters._protocol import ExportOptions, Record
from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.workers.job import Job
from breastview.language import tr
from breastview.task import Task, check

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from breastview.exporters.pdf import Document

_MARGIN = 18
_SCREEN_DPI = 96.0
_ZOOM_STEP, _ZOOM_LEAST, _ZOOM_MOST = 1.2, 0.2, 4.0
_KEPT = 12
"""Pages kept as pictures; an A4 page at 200 dpi takes 15 MB."""


class Pages(QWidget):
    """The pages below one another; those in sight are drawn on another thread and shown when they come.

    Attributes
    ----------
    drawn : Signal(int, int, QImage)
        Generation, page, picture; from the drawing thread.
    """

    drawn = Signal(int, int, QImage)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._zoom = 1.0
        self._generation = 0
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="preview")
        self.drawn.connect(self._take)

    def set_document(self, document: Document) -> None:
        """Show another report."""
        self._document = document
        self._changed()

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._document.pages) if self._document else 0

    @property
    def zoom(self) -> float:
        """Size on screen against paper."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Show the pages at another size."""
        zoom = min(max(zoom, _ZOOM_LEAST), _ZOOM_MOST)
        if zoom != self._zoom:
            self._zoom = zoom
            self._changed()

    def page_size(self, zoom: float | None = None) -> QSize:
        """Return the size of a page in device-independent px."""
        if self._document is None:
            return QSize(0, 0)
        per_mm = _SCREEN_DPI / 25.4 * (zoom or self._zoom)
        paper = self._document.paper
        return QSize(round(paper.width * per_mm), round(paper.height * per_mm))

    def top(self, page: int) -> int:
        """Return where a page begins."""
        return _MARGIN + page * (self.page_size().height() + _MARGIN)

    def page_at(self, y: int) -> int:
        """Return the page at a height."""
        step = self.page_size().height() + _MARGIN
        return min(max((y - _MARGIN // 2) // step, 0), self.count - 1) if self.count else 0

    def image(self, page: int) -> QImage | None:
        """Return a page's picture where it has been drawn at this size."""
        return self._images.get(page)

    def stop(self) -> None:
        """Draw nothing more."""
        self._generation += 1
        self._thread.shutdown(wait=False, cancel_futures=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the pages in sight, white where they are not drawn yet."""
        painter = QPainter(self)
        size = self.page_size()
        for page in range(self.page_at(event.rect().top()), self.count):
            place = QRect(QPoint((self.width() - size.width()) // 2, self.top(page)), size)
            if place.top() > event.rect().bottom():
                break
            painter.fillRect(place, QColor("white"))
            image = self._images.get(page)
            if image is None:
                self._ask(page)
            else:
                painter.drawImage(place, image)

    def _changed(self) -> None:
        self._generation += 1
        self._images.clear()
        self._asked.clear()
        self.setMinimumSize(self.page_size().width() + 2 * _MARGIN, self.top(self.count))
        self.resize(self.minimumSize())
        self.update()

    def _ask(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            dpi = _SCREEN_DPI * self._zoom * self.devicePixelRatioF()
            self._thread.submit(self._draw, self._generation, page, dpi)

    def _draw(self, generation: int, page: int, dpi: float) -> None:
        """Draw a page (on the drawing thread) unless it is no longer wanted."""
        if generation == self._generation and self._document is not None:
            self.drawn.emit(generation, page, pdf.page_image(self._document, page, dpi))

    def _take(self, generation: int, page: int, image: QImage) -> None:
        if generation != self._generation:
            return
        self._images[page] = image
        while len(self._images) > _KEPT:
            dropped, _ = self._images.popitem(last=False)
            self._asked.discard(dropped)
        self.update()


class ReportPreview(QDialog):
    """Shows the report of some readings; everything slow happens on other threads.

    Parameters
    ----------
    readings : sequence of Reading or Refusal
        What is reported.
    options : ExportOptions
        Paper, reader, institution, colours.
    ask : callable
        Asks where to save it; returns None where the reader thinks better of it.

    Attributes
    ----------
    composed : Signal()
        The report is laid out.
    saved : Signal(Path)
        It was written to a file.
    printed : Signal()
        It was handed to the printer.
    trouble : Signal(str)
        Something failed, with the reason; it is shown in the dialog too.
    """

    composed = Signal()
    saved = Signal(object)
    printed = Signal()
    trouble = Signal(str)

    def __init__(
        self,
        readings: Sequence[Record],
        options: ExportOptions,
        ask: Callable[[], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ask = ask
        self.setWindowTitle(tr("Report"))
        self.resize(900, 1000)
        self._document: Document | None = None
        self._job: Job | None = None
        self._fits = True
        self._pages = Pages()
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._pages)
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        # A bar that comes and goes would change the width that a page is fitted to.
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: #000 }")
        self._message = QLabel(tr("Making the report…"))
        self._message.setStyleSheet(f"color: {theme.MUTED};")
        self._message.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addLayout(self._bar())
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._message)
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._enable()
        self._start(lambda job: pdf.compose(readings, options, job), self._show_document, "report")

    @property
    def pages(self) -> Pages:
        """The pages on screen."""
        return self._pages

    @property
    def message(self) -> str:
        """What the dialog says at its foot."""
        return self._message.text()

    def fit_width(self) -> None:
        """Make a page as wide as the view."""
        self._fits = True
        width = self._pages.page_size(1.0).width()
        if width:
            self._zoom((self._scroll.viewport().width() - 2 * _MARGIN) / width)

    def zoom_in(self) -> None:
        """Show the pages larger."""
        self._fits = False
        self._zoom(self._pages.zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the pages smaller."""
        self._fits = False
        self._zoom(self._pages.zoom / _ZOOM_STEP)

    def go_to(self, page: int) -> None:
        """Show the top of a page (from 0)."""
        last = max(self._pages.count - 1, 0)
        self._scroll.verticalScrollBar().setValue(self._pages.top(min(max(page, 0), last)) - _MARGIN // 2)

    def current_page(self) -> int:
        """Return the page (from 0) in the middle of the view."""
        middle = self._scroll.verticalScrollBar().value() + self._scroll.viewport().height() // 2
        return self._pages.page_at(middle)

    def ask_to_save(self) -> None:
        """Ask for a file, then save."""
        if path := self._ask():
            self.save(path)

    def save(self, path: Path) -> None:
        """Write the report to a file."""
        document = self._document
        if document is not None:
            self._message.setText(tr("Saving {name}…").format(name=path.name))
            self._start(lambda job: _saved(document, path, job), self._was_saved, "saving")

    def ask_to_print(self) -> None:
        """Ask for a printer, then print."""
        from PySide6.QtPrintSupport import QPrintDialog

        if self._document is None:
            return
        printer = new_printer(self._document)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """Print the pages that the printer was told to."""
        document = self._document
        if document is not None:
            self._message.setText(tr("Printing…"))
            self._start(lambda job: print_pages(document, printer, job), self._was_printed, "printing")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything that runs for this dialog."""
        self._stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Stop everything that runs for this dialog (Esc and the close button end here)."""
        self._stop()
        super().done(result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a fitted page fitted."""
        super().resizeEvent(event)
        if self._fits:
            self.fit_width()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages; ``+``, ``-`` and ``=`` zoom and fit."""
        doings = {
            Qt.Key.Key_PageDown: lambda: self.go_to(self.current_page() + 1),
            Qt.Key.Key_PageUp: lambda: self.go_to(self.current_page() - 1),
            Qt.Key.Key_Home: lambda: self.go_to(0),
            Qt.Key.Key_End: lambda: self.go_to(self._pages.count - 1),
            Qt.Key.Key_Plus: self.zoom_in, Qt.Key.Key_Minus: self.zoom_out, Qt.Key.Key_Equal: self.fit_width,
        }  # fmt: skip
        doing = doings.get(Qt.Key(event.key()))
        if doing is None:
            super().keyPressEvent(event)
        else:
            doing()

    def _bar(self) -> QHBoxLayout:
        self._number = QLineEdit()
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._number.setFixedWidth(46)
        self._number.setToolTip(tr("Page"))
        self._number.setAccessibleName(tr("Page"))
        self._number.editingFinished.connect(self._go_to_typed)
        self._of = QLabel()
        self._percent = QLabel()
        self._percent.setFixedWidth(52)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._print = QPushButton(icon("printer-outline"), tr("Print…"))
        self._print.clicked.connect(self.ask_to_print)
        self._save = QPushButton(icon("content-save-outline"), tr("Save PDF…"))
        self._save.setProperty("primary", True)
        self._save.clicked.connect(self.ask_to_save)
        self._tools = [
            self._tool("chevron-up", tr("Previous page (PgUp)"), lambda: self.go_to(self.current_page() - 1)),
            self._tool("chevron-down", tr("Next page (PgDn)"), lambda: self.go_to(self.current_page() + 1)),
            self._tool("minus", tr("Smaller (-)"), self.zoom_out),
            self._tool("plus", tr("Larger (+)"), self.zoom_in),
            self._tool("arrow-expand-horizontal", tr("Fit the width (=)"), self.fit_width),
        ]
        up, down, smaller, larger, fit = self._tools
        bar = QHBoxLayout()
        for widget in (up, down, self._number, self._of, None, smaller, self._percent, larger, fit, None,
                       self._print, self._save):  # fmt: skip
            bar.addStretch(1) if widget is None else bar.addWidget(widget)
        return bar

    def _tool(self, name: str, tip: str, doing: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda: doing())
        return button

    def _zoom(self, zoom: float) -> None:
        """Zoom about the page in sight."""
        height = max(self._pages.height(), 1)
        bar = self._scroll.verticalScrollBar()
        middle = (bar.value() + self._scroll.viewport().height() / 2) / height
        self._pages.set_zoom(zoom)
        bar.setValue(round(middle * self._pages.height() - self._scroll.viewport().height() / 2))
        self._percent.setText(f"{100 * self._pages.zoom:.0f} %")

    def _scrolled(self) -> None:
        self._number.setText(str(self.current_page() + 1))

    def _go_to_typed(self) -> None:
        wanted = int(self._number.text() or 1) - 1
        if wanted != self.current_page():
            self.go_to(wanted)

    def _enable(self) -> None:
        ready = self._document is not None
        for widget in (self._number, *self._tools):
            widget.setEnabled(ready)
        for button in (self._print, self._save):
            button.setEnabled(ready and self._job is None)

    def _start(self, work: Callable[[Job], object], then: Callable[..., None], name: str) -> None:
        job = Job(work, name)
        self._job = job
        job.succeeded.connect(self._over)
        job.succeeded.connect(then)
        job.failed.connect(self._failed)
        job.stopped.connect(self._over)
        self._enable()
        job.start()

    def _show_document(self, document: Document) -> None:
        self._document = document
        self._pages.set_document(document)
        self._number.setValidator(QIntValidator(1, self._pages.count, self))
        self._of.setText(tr("of {count}").format(count=self._pages.count))
        self._message.setText("")
        self._enable()
        self.fit_width()
        self.go_to(0)
        self._scrolled()
        self.composed.emit()

    def _was_saved(self, path: Path) -> None:
        self._message.setText(tr("Saved as {path}").format(path=path))
        self.saved.emit(path)

    def _was_printed(self, _: object) -> None:
        self._message.setText(tr("Handed to the printer."))
        self.printed.emit()

    def _failed(self, sentence: str) -> None:
        self._over()
        self._message.setText(sentence)
        self._message.setStyleSheet(f"color: {theme.WARNING};")
        self.trouble.emit(sentence)

    def _over(self) -> None:
        self._job = None
        self._message.setStyleSheet(f"color: {theme.MUTED};")
        self._enable()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._pages.stop()


def _saved(document: Document, path: Path, task: Task) -> Path:
    pdf.save(document, path, task)
    return path


def new_printer(document: Document) -> QPrinter:
    """Return a printer set to the report's paper, whole sheet."""
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(tr("Breast imaging report"))
    letter = document.paper.name == "Letter"
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter if letter else QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setFromTo(1, len(document.pages))
    return printer


def print_pages(document: Document, printer: QPrinter, task: Task) -> None:
    """Print the pages from the printer's first to its last (all where none are set).

    Raises
    ------
    ExportError
        If the printer takes nothing.
    """
    first, last = printer.fromPage() or 1, printer.toPage() or len(document.pages)
    painter = QPainter()
    if not painter.begin(printer):
        raise ExportError("the printer does not answer", None, "Choose another printer, or save the PDF.")
    try:
        for number in range(first, min(last, len(document.pages)) + 1):
            check(task)
            if number > first:
                printer.newPage()
            pdf.paint(document, number - 1, painter, printer.resolution() / 25.4)
    finally:
        painter.end()

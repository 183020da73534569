from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from breastview.exporters import pdf
from breastview.exporters._protocol import ExportOptions
from breastview.gui.report_preview import ReportPreview, new_printer
from tests.exporters import phantom

OPTIONS = ExportOptions(institution="Phantom General Hospital")


@pytest.fixture
def preview(qtbot, tmp_path):
    dialog = ReportPreview(
        [phantom.reading(), phantom.uncalibrated()], OPTIONS, lambda: tmp_path / "asked.pdf"
    )
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.composed, timeout=60_000):
        dialog.show()
    return dialog


def test_pages_appear_and_are_drawn_on_another_thread(preview, qtbot, monkeypatch):
    threads = []
    real = pdf.page_image

    def noting(*arguments):
        threads.append(threading.current_thread())
        return real(*arguments)

    monkeypatch.setattr(pdf, "page_image", noting)
    preview.zoom_in()
    qtbot.waitUntil(lambda: preview.pages.image(0) is not None, timeout=60_000)
    assert preview.pages.count == 3
    assert threads and threading.main_thread() not in threads
    ratio = preview.pages.devicePixelRatioF()
    assert preview.pages.image(0).width() == pytest.approx(preview.pages.page_size().width() * ratio, abs=2)


def test_page_keys_and_the_page_field_turn_pages(preview, qtbot):
    assert preview.current_page() == 0
    qtbot.keyClick(preview, Qt.Key.Key_PageDown)
    assert preview.current_page() == 1
    qtbot.keyClick(preview, Qt.Key.Key_End)
    assert preview.current_page() == 2
    qtbot.keyClick(preview, Qt.Key.Key_Home)
    assert preview.current_page() == 0


def test_zoom_is_limited_and_fits_the_width(preview, qtbot):
    fitted = preview.pages.zoom
    for _ in range(20):
        preview.zoom_in()
    assert preview.pages.zoom == 4.0
    qtbot.keyClick(preview, Qt.Key.Key_Equal)
    assert preview.pages.zoom == pytest.approx(fitted)
    assert preview.pages.page_size().width() <= preview.width()


def test_zooming_keeps_the_page_in_sight(preview):
    preview.go_to(2)
    page = preview.current_page()
    preview.zoom_in()
    assert preview.current_page() == page


def test_it_saves_the_report_where_the_reader_says(preview, qtbot, tmp_path):
    with qtbot.waitSignal(preview.saved, timeout=60_000):
        preview.ask_to_save()
    assert (tmp_path / "asked.pdf").read_bytes().startswith(b"%PDF")
    assert "asked.pdf" in preview.message


def test_a_place_that_cannot_be_written_is_said_in_the_dialog(preview, qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(preview.trouble, timeout=60_000):
        preview.save(tmp_path / "file" / "saved.pdf")
    assert "could not be written" in preview.message
    with qtbot.waitSignal(preview.saved, timeout=60_000):
        preview.save(tmp_path / "second.pdf")


def test_it_prints_the_pages_that_were_chosen(preview, qtbot, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    printer = new_printer(preview._document)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "print.pdf"))
    printer.setFromTo(2, 3)
    with qtbot.waitSignal(preview.printed, timeout=60_000):
        preview.print_to(printer)
    found = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "print.pdf").pages]
    assert ["Page 2 of 3" in found[0], "Page 3 of 3" in found[1], len(found)] == [True, True, 2]


def test_nothing_to_report_is_a_sentence(qtbot):
    dialog = ReportPreview([], OPTIONS, lambda: None)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.trouble, timeout=60_000):
        dialog.show()
    assert "no case to report" in dialog.message


def test_closing_at_once_is_no_trouble(qtbot):
    dialog = ReportPreview([phantom.reading()], OPTIONS, lambda: None)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.close()
    assert not dialog.isVisible()

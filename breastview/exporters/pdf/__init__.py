"""PDF: the annotated report of a case or of many, on A4 or Letter, to print, to read and to search.

A reading becomes blocks (`_content`), blocks become pages of plain data (`_pieces`, `_flow`), and one painter
(`_painter`) draws these into the file, on paper and in the preview. Only `_fonts`, `_painter` and `_file`
know Qt; they are imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, Record
from breastview.study.instance import Refusal
from breastview.task import SilentTask, Task, check


class PdfExporter:
    """One file of all the readings, or one a reading where the destination is a folder."""

    name = "pdf"
    title = "Report (PDF)"
    suffix = ".pdf"

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
        from breastview.exporters.pdf import _document, _file, _fonts

        _fonts.ready()
        _file.write(_document.compose(readings, options, task, _fonts.QtMeasure()), path, task)


EXPORTER = PdfExporter()

"""CSV: one row a frame, and one for every file that could not be read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from breastview.exporters import _rows, _streams
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet run a cell (OWASP, "CSV injection")."""


class CsvExporter(_streams.OneFile):
    """UTF-8, comma, header row; empty cells where there is no value."""

    name = "csv"
    title = mark("Table (CSV)")
    suffix = ".csv"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:  # noqa: ARG002
        """Open the table; each record becomes a row at once."""
        with table(destination) as write:

            def add(record: Record) -> tuple[Path, ...]:
                write(_rows.row(record))
                return ()

            yield add


@contextmanager
def table(destination: Path) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Open a table; the function given takes its rows, each with all of `_rows.COLUMNS` in their order."""
    with _streams.opened(_streams.text_file(destination), destination) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_rows.COLUMNS)

        def add(row: Mapping[str, Any]) -> None:
            with _streams.explained(destination):
                writer.writerow([_cell(value) for value in row.values()])

        yield add


def _cell(value: Any) -> str:
    """Return the text of a cell; text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    text = ";".join(value) if isinstance(value, tuple | list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


EXPORTER = CsvExporter()

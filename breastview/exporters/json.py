"""JSON: the rows of the table with the whole record of each frame."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breastview import RESEARCH_USE, __version__
from breastview.exporters import _record, _streams
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark

SCHEMA = "breastview-readings/2"


class JsonExporter(_streams.OneFile):
    """One object; its ``readings`` are written as they come, one a line."""

    name = "json"
    title = mark("Records (JSON)")
    suffix = ".json"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:  # noqa: ARG002
        """Open the file; each record is written at once."""
        head = {"schema": SCHEMA, "application": f"BreastView {__version__}", "notice": RESEARCH_USE}
        with _streams.opened(_streams.text_file(destination), destination) as file:
            separator = json.dumps(head, indent=0)[:-2] + ',\n"readings": [\n'

            def add(record: Record) -> tuple[Path, ...]:
                nonlocal separator
                text = json.dumps(_record.whole(record), ensure_ascii=False, allow_nan=False)
                with _streams.explained(destination):
                    file.write(separator + text)
                separator = ",\n"
                return ()

            yield add
            with _streams.explained(destination):
                file.write("\n]}\n" if separator == ",\n" else f"{separator}]}}\n")


EXPORTER = JsonExporter()

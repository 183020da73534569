"""HL7 FHIR R4: a Bundle with a DiagnosticReport of every picture and its Observations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from breastview.exporters import _fhir_resources, _streams
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark
from breastview.study.instance import Refusal


class FhirExporter(_streams.OneFile):
    """One Bundle of type ``collection``; its entries are written as the records come, one a line.

    The profile is the base standard (https://hl7.org/fhir/R4). Patients and models that several pictures
    share stand in it once.
    """

    name = "fhir"
    title = mark("Reports and observations (FHIR)")
    suffix = ".json"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:  # noqa: ARG002
        """Open the file; the resources of each record are written at once."""
        with _streams.opened(_streams.text_file(destination), destination) as file:
            before = '{"resourceType": "Bundle", "type": "collection", "entry": [\n'
            written: set[str] = set()
            met: Counter[tuple[str, int]] = Counter()

            def add(record: Record) -> tuple[Path, ...]:
                nonlocal before
                for entry in _entries(record, met):
                    if entry["fullUrl"] in written:
                        continue
                    written.add(entry["fullUrl"])
                    text = json.dumps(entry, ensure_ascii=False, allow_nan=False)
                    with _streams.explained(destination):
                        file.write(before + text)
                    before = ",\n"
                return ()

            yield add
            # A Bundle may have no entries, but no empty list of them.
            empty = '{"resourceType": "Bundle", "type": "collection"}\n'
            with _streams.explained(destination):
                file.write("\n]}\n" if written else empty)


def _entries(record: Record, met: Counter[tuple[str, int]]) -> Iterable[_fhir_resources.Entry]:
    if isinstance(record, Refusal):
        return [_fhir_resources.refusal(record)]
    return _fhir_resources.entries(record, met)


EXPORTER = FhirExporter()

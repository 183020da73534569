"""In German a report is German throughout; tables and records stay as they are in every language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from breastview import language
from breastview.exporters import _key_image, csv, json, pdf
from breastview.exporters._protocol import ExportOptions
from breastview.study.reading import Assessment, ReadState
from breastview.task import SilentTask
from tests.exporters import phantom

OPTIONS = ExportOptions(institution="Phantom General Hospital")
ASSESSED = Assessment(category="4A", laterality="L", clock=3, nipple_mm=25, notes="x", state=ReadState.FINAL)


@pytest.fixture
def german() -> Iterator[None]:
    language.use("de")
    yield
    language.use("en")


def written(exporter: object, folder: Path, suffix: str) -> Path:
    records = [phantom.reading(assessment=ASSESSED), phantom.refused(), phantom.failed()]
    target = folder / f"{language.code()}{suffix}"
    exporter.export(records, target, SilentTask(), OPTIONS)  # type: ignore[attr-defined]
    return target


@pytest.mark.parametrize(("exporter", "suffix"), [(csv.EXPORTER, ".csv"), (json.EXPORTER, ".json")])
def test_tables_and_records_are_the_same_in_every_language(
    exporter: object, suffix: str, tmp_path: Path
) -> None:
    english = written(exporter, tmp_path, suffix)
    language.use("de")
    try:
        german = written(exporter, tmp_path, suffix)
    finally:
        language.use("en")
    assert german != english and german.read_text("utf-8") == english.read_text("utf-8")


@pytest.mark.usefixtures("german")
def test_a_report_is_german_throughout(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(written(pdf.EXPORTER, tmp_path, ".pdf"))
    shown = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for wanted in (
        "Befund Mammasonographie", "Beurteilung", "4A · Geringer Verdacht", "Endgültig", "Linke Brust, 3 Uhr",
        "25 mm von der Mamille", "Läsion", "Lange × kurze Achse", "Seite 1 von", "Wie dies entstanden ist",
        "Kein Medizinprodukt", "Kein KI-Ergebnis",
    ):  # fmt: skip
        assert wanted in shown, wanted
    for english in ("Findings", "Assessment", "Patient ID", "Page ", "Lesion", "Made with", "Left breast"):
        assert english not in shown, english


@pytest.mark.usefixtures("german")
def test_a_key_image_names_its_panes_in_german() -> None:
    assert _key_image._caption(_key_image._panes.MASK, phantom.reading()) == "Segmentierung (KI)"

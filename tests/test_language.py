"""The catalogue is whole, and finished English sentences are recognised where they are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from breastview import language
from breastview.language import inside, said, tr, trn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
TOOLS = str(ROOT / "packaging" / "translations")


@pytest.fixture
def german() -> Iterator[None]:
    language.use("de")
    yield
    language.use("en")


@pytest.fixture(scope="module")
def catalogue() -> Iterator[object]:
    sys.path.insert(0, TOOLS)
    import catalogue

    yield catalogue
    sys.path.remove(TOOLS)


def test_extraction_finds_nothing_that_the_template_lacks(catalogue) -> None:  # type: ignore[no-untyped-def]
    found = catalogue.ids(catalogue.template(ROOT / "breastview"))
    assert found == catalogue.ids(catalogue.read(FOLDER / "breastview.pot")), "run `make translations`"


@pytest.mark.parametrize("po", sorted(FOLDER.glob("*/LC_MESSAGES/breastview.po")), ids=str)
def test_every_language_is_whole_and_keeps_every_field(catalogue, po: Path) -> None:  # type: ignore[no-untyped-def]
    written = catalogue.read(po)
    assert catalogue.ids(written) == catalogue.ids(catalogue.template(ROOT / "breastview")), (
        "run `make translations`"
    )
    assert catalogue.problems(written) == []
    assert catalogue.compiled(written) == po.with_suffix(".mo").read_bytes(), "run `make translations`"


def test_a_value_inside_a_text_that_is_to_be_translated_is_refused(catalogue, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    import extract

    (tmp_path / "wrong.py").write_text('count = 3\ntr(f"{count} images")\n')
    with pytest.raises(extract.NoText, match="values go in after"):
        list(extract.texts(tmp_path))


@pytest.mark.usefixtures("german")
def test_texts_and_plurals_come_in_german() -> None:
    assert language.code() == "de"
    assert tr("Findings") == "Befund" and tr("Not a text of ours") == "Not a text of ours"
    assert [trn("{count} case", "{count} cases", n) for n in (0, 1, 2)] == ["0 Fälle", "1 Fall", "2 Fälle"]


@pytest.mark.usefixtures("german")
def test_german_nouns_keep_their_capitals_inside_a_sentence() -> None:
    assert inside(tr("Shadowing")) == "Schallschatten"
    language.use("en")
    assert inside(tr("Shadowing")) == "shadowing"


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Of 100 images scored like this in the calibration set, about 12 were malignant (24 of 200).",
            "Von 100 so bewerteten Bildern der Kalibrierdaten waren etwa 12 maligne (24 von 200).",
        ),
        ("No score: The picture is all but blank.", "Kein Wert: Das Bild ist so gut wie leer."),
        (
            "a.dcm: the file holds no pixel data. Ask for the file again.",
            "a.dcm: die Datei enthält keine Pixeldaten. Fordern Sie die Datei erneut an.",
        ),
        (
            "Nobody answers at pacs.example, port 104. Check that the archive runs, and its port.",
            "Niemand antwortet auf pacs.example, Port 104. Prüfen Sie, ob das Archiv läuft, und seinen Port.",
        ),
        ("Window preset 3", "Fenstervorgabe 3"),
        ("A sentence nobody wrote. 12 × 8 mm", "A sentence nobody wrote. 12 × 8 mm"),
        ("", ""),
    ],
)
def test_finished_sentences_of_records_and_errors_are_recognised(sentence: str, expected: str) -> None:
    assert said(sentence) == expected


def test_english_says_everything_as_it_is_written() -> None:
    language.use("en")
    assert language.code() == "en"
    assert said("No score: The picture is all but blank.") == "No score: The picture is all but blank."
    assert trn("{count} case", "{count} cases", 10_000, "10 000") == "10 000 cases"


def test_an_unknown_language_is_english() -> None:
    language.use("tlh")
    assert language.code() == "en" and tr("Findings") == "Findings"

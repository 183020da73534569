"""The layout alone, with fonts of a fixed width: no Qt."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from breastview.exporters import pdf
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.pdf import _content, _flow, _words
from breastview.exporters.pdf._items import PAPERS, Box, Line, Picture, Text
from breastview.task import SilentTask
from tests.exporters import phantom

OPTIONS = ExportOptions()


class Typewriter:
    """Every character is half as wide as its style is tall."""

    def width(self, text, style):
        return len(text) * style.points * 0.5 * 25.4 / 72

    def wrapped(self, text, style, width):
        room = max(int(width / self.width("x", style)), 1)
        return tuple(p[i : i + room] for p in text.split("\n") for i in range(0, max(len(p), 1), room))

    def elided(self, text, style, width):
        room = int(width / self.width("x", style))
        return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def laid_out(reading, paper="A4"):
    sheets = _flow.sheets(_content.case(reading, OPTIONS, 1), PAPERS[paper], Typewriter())
    return _flow.finished(sheets, PAPERS[paper], "today")


READINGS = {
    "whole": phantom.reading(), "loose": phantom.uncalibrated(), "refused": phantom.refused(),
    "failed": phantom.failed(),
    "wordy": phantom.reading(assessment=replace(phantom.ASSESSMENT, notes="word " * 3000)),
    "long name": phantom.reading(instance=phantom.instance("Ab-Cd " * 30)),
    "upright": phantom.reading(instance=phantom.instance(rows=600, columns=400)),
    "wide": phantom.reading(instance=phantom.instance(rows=200, columns=1200)),
}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", READINGS)
def test_everything_stays_between_the_margins(name, paper):
    sheet = PAPERS[paper]
    for page in laid_out(READINGS[name], paper):
        for item in page.items:
            if isinstance(item, Box | Picture):
                assert item.x >= sheet.side - 0.01 and item.y > 0
                assert item.x + item.width <= sheet.width - sheet.side + 0.01
                assert item.y + item.height <= sheet.height - 14
            elif isinstance(item, Text):
                assert sheet.side - 0.01 <= item.x <= sheet.width - sheet.side
                assert item.y + item.style.line <= sheet.height - 4


@pytest.mark.parametrize("name", READINGS)
def test_no_text_overlaps_a_picture(name):
    for page in laid_out(READINGS[name]):
        pictures = [item for item in page.items if isinstance(item, Picture)]
        for text in (item for item in page.items if isinstance(item, Text)):
            if text.style.colour == "#ffffff":
                continue  # a lesion's number
            for picture in pictures:
                below = text.y + 0.3 >= picture.y + picture.height
                above = text.y + text.style.line <= picture.y + 0.8
                beside = text.x >= picture.x + picture.width or text.x + text.width <= picture.x + 0.1
                assert below or above or beside, text.text


def test_a_picture_keeps_its_proportions():
    for name in ("whole", "upright", "wide", "refused"):
        instance = READINGS[name].instance
        shown = [i for page in laid_out(READINGS[name]) for i in page.items
                 if isinstance(i, Picture) and i.key.startswith("1/")]  # fmt: skip
        assert shown
        for picture in shown:
            assert picture.width / picture.height == pytest.approx(instance.columns / instance.rows)


def test_the_scale_bar_is_as_long_as_it_says():
    items = laid_out(phantom.reading())[0].items
    picture = next(i for i in items if isinstance(i, Picture))
    label = next(i for i in items if isinstance(i, Text) and i.text == "10 mm")
    bar = next(i for i in items if isinstance(i, Line) and i.width == 0.5 and abs(i.y - label.y) < 2)
    millimetre = picture.width / (phantom.COLUMNS * phantom.MILLIMETRES)
    assert bar.points[1][0] - bar.points[0][0] == pytest.approx(10 * millimetre)


def test_the_outline_lies_where_the_lesion_is():
    items = laid_out(phantom.reading())[0].items
    outline = next(i for i in items if isinstance(i, Line) and i.closed and len(i.points) > 50)
    mask = [i for i in items if isinstance(i, Picture)][1]
    assert (outline.x, outline.y) == (mask.x, mask.y)
    scale = mask.width / phantom.COLUMNS
    middle = [sum(p[axis] for p in outline.points) / len(outline.points) / scale - 0.5 for axis in (0, 1)]
    assert middle == pytest.approx(phantom.CENTRE, abs=0.5)


def test_a_bar_is_as_long_as_its_probability():
    items = laid_out(phantom.reading())[0].items
    tracks = [i for i in items if isinstance(i, Box) and i.fill == "#e8ecef"]
    bars = [i for i in items if isinstance(i, Box) and i.height == tracks[0].height and i.fill != "#e8ecef"]
    shares = [bar.width / track.width for bar, track in zip(bars, tracks, strict=True)]
    assert shares == pytest.approx([0.02, 0.2, 0.78])


def test_a_heading_never_ends_a_page():
    for words in range(0, 2400, 150):
        notes = replace(phantom.ASSESSMENT, notes="word " * words)
        for page in laid_out(phantom.reading(assessment=notes)):
            body = [i for i in page.items if isinstance(i, Text) and 18 < i.y < 280]
            lowest = max(body, key=lambda item: item.y)
            assert lowest.text not in {"Findings", "Assessment", "How this was made"}


def test_what_matters_shares_the_first_page():
    assert "4C · High suspicion" in laid_out(phantom.reading())[0].text()


def test_the_layout_needs_no_qt():
    code = (
        "import sys, breastview.exporters.pdf, breastview.exporters.pdf._document, breastview.exporters.csv,"
        " breastview.exporters.json, breastview.exporters.masks, breastview.exporters.png;"
        " heavy = ('PySide6', 'tensorflow', 'keras', 'matplotlib', 'openvino');"
        " assert not [name for name in sys.modules if name.startswith(heavy)]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("20261118", "2026-11-18"), ("2026-11-18",) * 2, ("20269999",) * 2, ("", ""), ("unknown",) * 2],
)
def test_dates_are_printed_the_same_everywhere(given, expected):
    assert _words.day(given) == expected


@pytest.mark.parametrize(
    ("birth", "study", "expected"),
    [("19610704", "20260703", "1961-07-04 (64 y)"), ("19610704", "20260704", "1961-07-04 (65 y)"),
     ("19610704", "", "1961-07-04"), ("20270101", "20260704", "2027-01-01")],
)  # fmt: skip
def test_the_age_is_that_of_the_examination(birth, study, expected):
    assert _words.born(birth, study) == expected


def test_a_document_keeps_pictures_small(qapp):
    document = pdf.compose([phantom.reading()] * 3, OPTIONS, SilentTask())
    assert sum(map(len, document.pictures.values())) < 3e6

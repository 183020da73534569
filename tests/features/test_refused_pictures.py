"""A picture that the input gate refuses shows no score anywhere: panel, list, panes, strip, outputs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from breastview.exporters._protocol import ExportOptions
from breastview.gui.room import Room
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.frame_score import score_of
from tests import doubles, phantoms, rooms

SCORE = re.compile(r"\d\s?%|\b0\.\d{2,}|Of 100")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    doubles.install(monkeypatch, tmp_path / "models")
    phantoms.picture(tmp_path / "scans" / "film.png")
    return tmp_path / "scans"


def refusing() -> doubles.Factory:
    return doubles.Factory(refuses=lambda instance, frame: True)


@pytest.fixture
def room(qtbot: QtBot, folder: Path) -> Iterator[Room]:
    with rooms.opened(qtbot, folder, factory=refusing()) as opened:
        rooms.settled(qtbot, opened)
        yield opened


def seen(widget: QWidget) -> list[str]:
    """Return every text a reader, or a screen reader, gets from a widget."""
    inside = [one for one in widget.findChildren(QWidget) if one.isVisible()]
    texts = [one.text() for one in inside if isinstance(one, QLabel)]
    return [*texts, *(text for one in inside for text in (one.accessibleDescription(), one.toolTip()))]


def test_the_window_says_why_and_shows_no_number(qtbot: QtBot, room: Room) -> None:
    assert room.showing.analysis is not None and room.showing.analysis.refused
    ai = room.window.panel.ai
    rooms.until(qtbot, lambda: "This is no ultrasound." in seen(ai))
    texts = seen(ai)
    assert not [text for text in texts if SCORE.search(text)]
    assert not ai.bars.isVisible() and not ai.meter.isVisible()
    row = room.model.rows[room.desk.state.case or 0]
    assert row.score is not None and row.score.suspicion is None
    assert row.score.note == "This is no ultrasound."
    panes = room.window.panes
    for index in range(3):
        captions = panes.pane(index).footer.captions
        assert not [caption for caption in captions if SCORE.search(caption.text)]


def test_the_strip_of_a_cine_has_no_height_for_it(room: Room) -> None:
    assert room.showing.analysis is not None
    score = score_of(room.showing.analysis)
    assert (score.suspicion, score.suspicious, score.abstained) == (None, False, False)


def test_no_output_holds_a_score(folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
    with Session(Settings(), Store.of_user(), refusing()) as session:
        (instance,) = session.open([folder])
        session.analysis(instance)
        reading = session.reading(instance)
        summary = session.summary(instance)
        assert (summary.suspicion, summary.probabilities, summary.refused) == (None, None, True)
        made = {
            name: session.export(name, [reading], tmp_path / f"out{suffix}", options=ExportOptions())
            for name, suffix in (("csv", ".csv"), ("json", ".json"), ("pdf", ".pdf"))
        }
    with made["csv"][0].open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert [row[name] for name in ("p_normal", "p_benign", "p_malignant", "abstained", "lesion_px")] == [
        ""
    ] * 5
    assert "probabilities" not in _filled(json.loads(made["json"][0].read_text("utf-8")))
    text = "\n".join(page.extract_text() for page in PdfReader(made["pdf"][0]).pages)
    assert "This is no ultrasound" in text
    assert not SCORE.search(text), SCORE.search(text)


def _filled(record: object) -> set[str]:
    """Return the names of all fields of a record that hold something."""
    if isinstance(record, list):
        return set().union(*map(_filled, record)) if record else set()
    if not isinstance(record, dict):
        return set()
    inner = set().union(*map(_filled, record.values())) if record else set()
    return inner | {name for name, value in record.items() if value not in (None, [], {}, "")}

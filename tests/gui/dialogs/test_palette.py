"""The command palette: what is typed finds actions, outputs, settings and cases, by the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.dialogs.palette import Offer, Palette, found, searched
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.gui.fuzzy import plain, score
from tests import doubles, rooms


def opened(room: rooms.Room) -> Palette:
    room.finding.open()
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("next un", "next unread"),
        ("gcam", "grad-cam"),
        ("pdf rep", "report (pdf)"),
        ("befund", "befund"),
        ("", "x"),
    ],
)
def test_words_in_any_order_and_shortened_ones_fit(typed: str, text: str) -> None:
    assert score(typed, text) is not None


@pytest.mark.parametrize(("typed", "text"), [("mask x", "mask"), ("tseb", "best"), ("zq", "zoom in")])
def test_what_is_not_there_does_not_fit(typed: str, text: str) -> None:
    assert score(typed, text) is None


def test_the_start_of_a_word_counts_more_than_its_middle_and_accents_count_nothing() -> None:
    assert (score("mark", "mark") or 0) > (score("mark", "remark") or 0)
    assert (score("mark", "remark") or 0) > (score("mark", "export", "mark first") or 0)
    assert plain("Läsion É") == "lasion e"


def test_what_cannot_be_done_comes_last() -> None:
    off, on = Offer("Mask", "", "", int, possible=False), Offer("Mask of it", "", "", int)
    assert found(searched([off, on]), "mask") == [on, off]


def test_typing_and_enter_do_what_was_found_and_escape_nothing(qtbot: QtBot) -> None:
    done: list[str] = []
    window = QWidget()
    window.resize(1000, 700)
    qtbot.addWidget(window)
    offers = [
        Offer(name, "View", "", lambda n=name: done.append(n)) for name in ("Zoom in", "Zoom out", "Fit")
    ]
    palette = Palette(offers, window)
    palette.show()
    QTest.keyClicks(palette.field, "zoom")
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert done == ["Zoom out"] and not palette.isVisible()
    again = Palette(offers, window)
    again.show()
    QTest.keyClick(again, Qt.Key.Key_Escape)
    assert done == ["Zoom out"] and not again.isVisible()


def test_it_knows_every_action_output_setting_and_case(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        offers = list(room.finding.offers())
        texts = {(offer.text, offer.where) for offer in offers}
        assert ("Next unread", "Go") in texts and ("Table (CSV)", "Export › All listed images") in texts
        assert ("Grad-CAM opacity", "Settings › Overlays") in texts
        last = room.model.rows[room.model.cases[-1]].entry.label
        assert (last, "Case") in texts
        room.stepping.row(room.model.cases[0])
        palette = opened(room)
        QTest.keyClicks(palette.field, last)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        assert room.desk.state.case == room.model.cases[-1]


def test_its_key_opens_it_and_a_setting_that_was_found_has_the_keys(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def closed_at_once(dialog: SettingsDialog) -> int:
        shown.extend(name for name, row in dialog.rows.items() if not row.isHidden())
        return 0

    monkeypatch.setattr(SettingsDialog, "exec", closed_at_once)
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        qtbot.waitExposed(room.window, timeout=60_000)
        QTest.keyClick(room.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Palette) and w.isVisible())
        QTest.keyClicks(palette.field, "cases prepared ahead")
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert "prefetch" in shown and "paper" not in shown

"""Assess first, then the AI: nothing of it is seen, heard or guessed before; both opinions are kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from breastview.gui.worklist.listing import Filter, Sort
from breastview.session import _identities
from breastview.settings import Settings
from tests import doubles, phantoms, rooms
from tests.rooms import press, until, write

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Return three pictures, each more suspicious to the stand-in (darker) than the one before."""
    for n, dark in enumerate((4, 12, 24), 1):
        values = phantoms.speckle(seed=n)
        values[:, :] = np.maximum(values, 120)
        values[8 : 8 + dark, 8:40] = 2
        phantoms.picture(tmp_path / "scans" / f"case ({n}).png", values)
    return tmp_path / "scans"


@pytest.fixture
def blind(qtbot: QtBot, factory: doubles.Factory, scans: Path) -> Iterator[Room]:
    """Return a room in which the AI is kept back, everything already read by it."""
    settings = Settings(commit_first=True, reader="Dr. A")
    with rooms.opened(qtbot, scans, factory=factory, settings=settings) as room:
        until(qtbot, lambda: not room.opening.reading and rooms.arrived(room))
        until(qtbot, lambda: len(room.model.rows) == 3 and all(row.score for row in room.model.rows))
        yield room


def texts(room: Room) -> str:
    """Return every word on the window: labels, tips, accessible texts, captions and the list."""
    words = []
    for widget in (room.window, *room.window.findChildren(QWidget)):
        if not widget.isVisibleTo(room.window):
            continue
        words += [widget.toolTip(), widget.accessibleDescription()]
        if isinstance(widget, QLabel):
            words.append(widget.text())
    for line in range(room.model.rowCount()):
        index = room.model.index(line, 0)
        words += [str(index.data()), str(index.data(Qt.ItemDataRole.ToolTipRole))]
    return "\n".join(words).casefold()


def overlay_colours(room: Room) -> int:
    """Return how many pixels of the panes are coloured as only masks and heat maps are."""
    image = room.window.panes.grab().toImage()
    return sum(
        QColor(image.pixel(x, y)).saturation() > 60
        for x in range(0, image.width(), 7)
        for y in range(40, image.height() - 40, 7)
    )


def test_no_word_number_overlay_or_bar_of_the_ai_shows_before_a_commitment(qtbot: QtBot, blind: Room) -> None:
    assert blind.showing.hidden and blind.showing.analysis is None
    assert blind.showing.shown is not None and blind.showing.shown.analysis is None
    seen = texts(blind)
    for word in ("stand-in", "malignant 1", "Calibrated probability", "lesion ·", "benign "):
        assert word not in seen, word
    assert "kept back" in seen
    assert not blind.window.panel.ai.bars.isVisible()
    hidden = overlay_colours(blind)
    blind.revealing.set_on(False)
    until(qtbot, lambda: blind.showing.analysis is not None)
    assert "stand-in" in texts(blind) and overlay_colours(blind) > hidden + 20


def test_neither_order_nor_filter_nor_search_gives_the_ai_away(blind: Room) -> None:
    in_order = blind.model.cases
    for sort in (Sort.SUSPICION, Sort.UNCERTAINTY):
        blind.desk.change(sort=sort)
        assert [blind.model.rows[at].entry.label for at in blind.model.cases] == [
            blind.model.rows[at].entry.label for at in in_order
        ]
    for wanted in (Filter.SUSPICIOUS, Filter.ABSTAINED, Filter.GATED):
        blind.desk.change(filter=wanted)
        assert blind.model.lines == ()
    blind.desk.change(filter=Filter.ALL, sort=Sort.SUSPICION)
    blind.revealing.set_on(False)
    assert blind.model.rows[blind.model.cases[0]].entry.label.endswith("case (3).png")


def test_outputs_hold_nothing_of_the_ai_before_a_commitment_and_both_opinions_after(
    qtbot: QtBot, blind: Room
) -> None:
    instance = blind.showing.instance
    assert instance is not None
    before = blind.session.reading(instance, 0, analyse=True)
    assert before.analysis is None and "kept back" in before.failure
    assert before.mask is None and before.findings == ()
    commit(qtbot, blind, "3")
    change(qtbot, blind, "4a")
    after = blind.session.reading(instance, 0)
    assert after.analysis is not None and after.opinions is not None
    assert after.opinions.sentence.startswith("before AI: 3, AI: ")
    assert after.opinions.sentence.endswith("after AI: 4A")


def commit(qtbot: QtBot, room: Room, category: str) -> None:
    """Choose a category and commit it, by keys alone."""
    press(room, Qt.Key.Key_F3)
    write(room, category)
    press(room, Qt.Key.Key_Return)
    if room.window.panel.form.category.view().isVisible():
        press(room, Qt.Key.Key_Return)
    press(room, Qt.Key.Key_Escape)
    press(room, Qt.Key.Key_R, CTRL)
    until(qtbot, lambda: room.showing.analysis is not None)
    until(qtbot, lambda: room.revealing.opinions is not None and room.revealing.opinions.ai is not None)


def change(qtbot: QtBot, room: Room, category: str) -> None:
    """Choose another category."""
    given = room.assessing.assessment
    assert given is not None
    room.assessing.edit(replace(given, category=category.upper()))
    until(qtbot, lambda: room.revealing.opinions is not None and room.revealing.opinions.after is not None)


def test_without_a_category_nothing_is_committed(blind: Room) -> None:
    assert not blind.window.panel.form.reveal.button.isEnabled()
    press(blind, Qt.Key.Key_R, CTRL)
    assert blind.showing.hidden and "Choose a category first" in blind.window.messages.text.text()


def test_a_commitment_opens_this_case_alone_and_leaving_and_returning_keeps_it(
    qtbot: QtBot, blind: Room
) -> None:
    commit(qtbot, blind, "3")
    assert "stand-in" in texts(blind)
    first = blind.desk.state.place
    blind.stepping.case(1)
    until(qtbot, lambda: rooms.arrived(blind))
    assert blind.showing.hidden and "stand-in" not in texts(blind)
    assert blind.stepping.to(first)
    until(qtbot, lambda: blind.showing.analysis is not None)
    until(qtbot, lambda: blind.revealing.opinions is not None)
    until(qtbot, lambda: "before ai" in texts(blind))
    assert [row.veiled for row in blind.model.rows].count(False) == 1


def test_both_opinions_with_their_times_stand_in_the_panel(qtbot: QtBot, blind: Room) -> None:
    commit(qtbot, blind, "3")
    change(qtbot, blind, "4a")
    seen = [label.text() for label in blind.window.panel.form.reveal.findChildren(QLabel)]
    assert any(text.startswith("3 · Dr. A · ") for text in seen)
    assert any(text.startswith("4A · Dr. A · ") for text in seen)
    assert any(text.startswith(("normal", "benign", "malignant")) for text in seen)


def test_a_commitment_is_still_there_after_a_restart_and_undo_does_not_close_the_case_again(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    settings = Settings(commit_first=True)
    with rooms.opened(qtbot, scans, factory=factory, settings=settings) as room:
        until(qtbot, lambda: not room.opening.reading and rooms.arrived(room))
        commit(qtbot, room, "2")
        press(room, Qt.Key.Key_Z, CTRL)
        assert room.assessing.assessment is not None and room.assessing.assessment.category == ""
        assert not room.showing.hidden
    with rooms.opened(qtbot, factory=factory, settings=settings) as room:
        until(qtbot, lambda: not room.opening.reading and rooms.arrived(room))
        until(qtbot, lambda: room.showing.analysis is not None and room.revealing.opinions is not None)
        assert [row.veiled for row in room.model.rows].count(True) == 2


def test_the_view_menu_switches_it_on_and_off_at_once(qtbot: QtBot, room: Room) -> None:
    rooms.settled(qtbot, room)
    action = room.bar.actions["look.commit_first"]
    assert not action.isChecked()
    action.trigger()
    assert action.isChecked() and room.showing.hidden and room.session.settings.commit_first
    assert room.window.panel.form.reveal.button.isVisible()
    action.trigger()
    until(qtbot, lambda: room.showing.analysis is not None)
    assert not room.window.panel.form.reveal.isVisible()


def test_switching_it_on_looks_at_no_file_in_the_windows_thread_and_shows_what_was_committed(
    qtbot: QtBot, blind: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(qtbot, blind, "3")
    first = blind.desk.state.case
    blind.revealing.set_on(False)
    assert not any(row.veiled for row in blind.model.rows)
    look, threads = _identities.signature, set[int]()

    def noted(path: Path) -> _identities.Signature:
        threads.add(threading.get_ident())
        return look(path)

    monkeypatch.setattr(_identities, "signature", noted)
    blind.revealing.set_on(True)
    until(qtbot, lambda: [row.veiled for row in blind.model.rows] == [at != first for at in range(3)])
    assert threads and threading.get_ident() not in threads

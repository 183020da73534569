"""One lesion in two pictures: pinned, paired, compared, undone, kept and reported."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from tests import doubles, rooms
from tests.rooms import press, settled, until

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def said(room: Room) -> str:
    """Return what the panel says of pairs; what is to be deleted is gone first."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return "\n".join(label.text() for label in room.window.panel.form.pairs.findChildren(QLabel))


def pair_two(qtbot: QtBot, room: Room) -> None:
    """Pin the first picture's lesion and pair it on the second one, by keys alone."""
    settled(qtbot, room)
    press(room, Qt.Key.Key_J, CTRL)
    press(room, Qt.Key.Key_Down)
    settled(qtbot, room)
    press(room, Qt.Key.Key_J, CTRL | SHIFT)
    until(qtbot, lambda: bool(room.pairing.pairs))


def test_a_lesion_is_paired_by_keys_and_the_panel_compares_both(qtbot: QtBot, room: Room) -> None:
    room.window.panel.form.pairs_part.open()
    pair_two(qtbot, room)
    text = said(room).replace("\u200b", "")
    assert "Also in case (1).png" in text and "8 × 4 px, uncalibrated (AI)" in text
    assert "Sizes cannot be compared: at least one picture is uncalibrated." in text
    assert "The AI reads both as normal" in text
    assert room.window.panel.form.pairs_part.heading.text().endswith(": 1")


def test_a_pair_is_undone_where_it_was_made_and_made_again(qtbot: QtBot, room: Room) -> None:
    pair_two(qtbot, room)
    second = room.desk.state.place
    press(room, Qt.Key.Key_End)
    settled(qtbot, room)
    press(room, Qt.Key.Key_Z, CTRL)
    settled(qtbot, room)
    assert room.desk.state.place == second
    until(qtbot, lambda: room.pairing.pairs == ())
    press(room, Qt.Key.Key_Z, CTRL | SHIFT)
    until(qtbot, lambda: len(room.pairing.pairs) == 1)


def test_what_was_read_before_a_pair_was_taken_apart_does_not_stay(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair_two(qtbot, room)
    pairing, gone, reads = room.session.pairing, threading.Event(), []
    of, remove = pairing.of, pairing.remove

    def slow(*here: object) -> object:
        found = of(*here)  # type: ignore[arg-type]
        reads.append(len(found))
        if len(reads) == 1:
            gone.wait(60)
        return found

    def removed(*pair: object) -> None:
        remove(*pair)  # type: ignore[arg-type]
        gone.set()

    monkeypatch.setattr(pairing, "of", slow)
    monkeypatch.setattr(pairing, "remove", removed)
    room.pairing.look()
    until(qtbot, lambda: bool(reads))
    press(room, Qt.Key.Key_Z, CTRL)
    until(qtbot, lambda: len(reads) > 1)
    room.pairing.stop()
    QCoreApplication.processEvents()
    assert reads[0] == 1 and room.pairing.pairs == ()


def test_the_button_leads_to_the_other_picture_and_the_other_takes_the_pair_apart(
    qtbot: QtBot, room: Room
) -> None:
    pair_two(qtbot, room)
    pair = room.pairing.pairs[0].pair
    room.window.panel.form.pairs.shown_wanted.emit(pair)
    until(qtbot, lambda: "case (1)" in room.window.windowTitle())
    settled(qtbot, room)
    assert room.showing.instance is not None and room.showing.instance.path.name == "case (1).png"
    until(qtbot, lambda: bool(room.pairing.pairs))
    assert "case (2).png" in said(room).replace("\u200b", "")
    room.window.panel.form.pairs.removed.emit(pair)
    until(qtbot, lambda: room.pairing.pairs == ())


def test_the_same_two_are_not_paired_twice_and_a_lesion_not_with_itself(qtbot: QtBot, room: Room) -> None:
    pair_two(qtbot, room)
    press(room, Qt.Key.Key_J, CTRL | SHIFT)
    assert "paired already" in room.window.messages.text.text()
    press(room, Qt.Key.Key_J, CTRL)
    assert room.pairing.pinned_here and not room.bar.actions["lesion.pair"].isEnabled()
    press(room, Qt.Key.Key_J, CTRL)
    assert room.pairing.pinned is None


def test_a_pair_is_there_after_a_restart_and_in_what_is_exported(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        pair_two(qtbot, room)
    with rooms.opened(qtbot, factory=factory) as room:
        settled(qtbot, room)
        until(qtbot, lambda: bool(room.pairing.pairs))
        assert room.showing.instance is not None
        (pair,) = room.session.reading(room.showing.instance).pairs
        assert pair.there.label.endswith("case (1).png") and pair.there.probabilities is not None


def test_before_a_commitment_a_pair_tells_nothing_of_the_ai(qtbot: QtBot, room: Room) -> None:
    pair_two(qtbot, room)
    room.revealing.set_on(True)
    until(qtbot, lambda: bool(room.pairing.pairs) and room.pairing.pairs[0].there.probabilities is None)
    assert "AI reads" not in said(room) and "%" not in said(room)

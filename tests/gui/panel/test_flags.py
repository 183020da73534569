"""Flags in the panel: a line each; pointing at one tells where on the picture it lies."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from breastview.gui.panel.flags import FlagList, _Line
from breastview.study.analysis import Flag

TEXT = Flag("text", "Text is burned in.", boxes=((1.0, 2.0, 30.0, 9.0),))
UNLIKE = Flag("unlike", "It looks unlike.")


def made(qtbot: QtBot, *flags: Flag) -> FlagList:
    shown = FlagList()
    qtbot.addWidget(shown)
    shown.show_flags(flags)
    return shown


def test_every_flag_is_a_line_and_without_flags_there_is_nothing(qtbot: QtBot) -> None:
    shown = made(qtbot, TEXT, UNLIKE)
    texts = [label.text() for line in shown.findChildren(_Line) for label in line.findChildren(QLabel)]
    assert [text for text in texts if text] == [TEXT.text, UNLIKE.text]
    shown.show_flags(())
    assert shown.isHidden()


def test_the_same_flags_again_keep_their_lines(qtbot: QtBot) -> None:
    shown = made(qtbot, TEXT, UNLIKE)
    lines = shown.findChildren(_Line)
    shown.show_flags((TEXT, UNLIKE))
    assert shown.findChildren(_Line) == lines


def test_pointing_at_a_line_tells_its_places_and_leaving_it_none(qtbot: QtBot) -> None:
    shown = made(qtbot, TEXT)
    told: list[object] = []
    shown.pointed.connect(told.append)
    (line,) = shown.findChildren(_Line)
    here = QPointF(1, 1)
    line.enterEvent(QEnterEvent(here, here, here))
    line.leaveEvent(QEvent(QEvent.Type.Leave))
    assert told == [TEXT.boxes, ()]


def test_the_switch_is_there_only_where_there_is_a_place(qtbot: QtBot) -> None:
    assert made(qtbot, UNLIKE).places.isHidden()
    shown = made(qtbot, TEXT)
    assert not shown.places.isHidden()
    with qtbot.waitSignal(shown.places_wanted, timeout=60_000) as wanted:
        shown.places.click()
    assert wanted.args == [True]
    shown.show_places(False)
    assert not shown.places.isChecked()


def test_a_long_sentence_is_never_cut(qtbot: QtBot) -> None:
    shown = made(qtbot, Flag("text", "Text is burned into the scan; it may name the patient. " * 2), UNLIKE)
    shown.resize(180, 20)
    shown.show()
    for line in shown.findChildren(_Line):
        text = line.findChildren(QLabel)[-1]
        assert text.minimumHeight() >= text.heightForWidth(text.width())

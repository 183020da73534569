"""The window in German at the smallest usual screen: nothing left in English, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMenu,
    QPushButton,
    QRadioButton,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from breastview.gui import speech
from breastview.gui.actions import ACTIONS, MENUS
from breastview.gui.dialogs.cheat_sheet import CheatSheet
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.language import said, tr
from breastview.settings import Settings
from tests import doubles, rooms


@pytest.fixture(autouse=True)
def german(qapp: QApplication) -> Iterator[None]:
    speech.speak("de")
    yield
    speech.speak("en")


def texts(top: QWidget) -> Iterator[tuple[QWidget | QAction, str]]:
    """Yield every text that widgets and actions show or speak."""
    for widget in [top, *top.findChildren(QWidget)]:
        for name in ("text", "placeholderText", "toolTip", "accessibleName", "title", "windowTitle"):
            reading = getattr(widget, name, None)
            if callable(reading) and isinstance(found := reading(), str):
                yield widget, found
        if isinstance(widget, QComboBox):
            yield from ((widget, widget.itemText(index)) for index in range(widget.count()))
    for action in top.findChildren(QAction):
        yield action, action.text()
        yield action, action.toolTip()


def english(top: QWidget) -> set[str]:
    """Return the texts that are shown in English although there is German for them."""
    return {text for _, text in texts(top) if text and tr(text) != text}


def cut(top: QWidget) -> list[str]:
    """Return the visible texts that do not fit their widgets."""
    found = []
    for widget in top.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QPushButton | QCheckBox | QRadioButton):
            continue
        if not widget.text():
            continue
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        needed = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().width()
        if needed > (widget.height() if wraps else widget.width()) + 1:
            found.append(f"{widget.text()} ({needed} px in {widget.size()})")
    return found


def test_the_window_speaks_german_and_cuts_nothing_off(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        room.window.resize(1280, 800)
        rooms.settled(qtbot, room)
        room.export_menu.fill()
        assert [menu.title() for menu in room.window.menuBar().findChildren(QMenu)][:1] == ["Datei"]
        assert {name for name in MENUS if room.bar.menus[name].title() == name} <= {"Cine"}
        assert [
            a.id for a in ACTIONS if a.now is None and room.bar.actions[a.id].text() != said(a.text)
        ] == []
        assert english(room.window) == set()
        # What comes from the workers is laid out with the next events.
        rooms.until(qtbot, lambda: cut(room.window) == [])
        bar = room.window.findChild(QToolBar, "tools")
        assert bar is not None and bar.sizeHint().width() <= 1280
        menus = room.window.menuBar()
        assert menus.sizeHint().width() <= 1280


def test_the_dialogs_speak_german_and_cut_nothing_off(qtbot: QtBot) -> None:
    for dialog in (SettingsDialog(Settings(language="de")), CheatSheet({})):
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitExposed(dialog, timeout=60_000)
        assert english(dialog) == set()
        groups = getattr(dialog, "groups", None)
        for row in range(groups.count() if groups is not None else 1):
            if groups is not None:
                groups.setCurrentRow(row)
            qtbot.waitUntil(lambda dialog=dialog: cut(dialog) == [], timeout=60_000)


def test_the_dialogs_fit_a_small_screen(qtbot: QtBot) -> None:
    for dialog in (SettingsDialog(Settings()), CheatSheet({})):
        qtbot.addWidget(dialog)
        assert dialog.minimumSizeHint().width() <= 1280 and dialog.minimumSizeHint().height() <= 760

"""The window without a mouse and without eyes: names, tips, and a way round by Tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from breastview.gui.actions import ACTIONS
from breastview.gui.dialogs.cheat_sheet import CheatSheet
from breastview.gui.dialogs.palette import Palette
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.settings import Settings
from tests import doubles, rooms

INNER = ("qt_", "QScrollBar")
"""Names of parts that Qt makes inside its own widgets; the widget around them has the name."""


def reachable(top: QWidget) -> Iterator[QWidget]:
    """Yield what can have the focus, and every button."""
    for widget in [top, *top.findChildren(QWidget)]:
        # The button of a message has its words from the message.
        if widget.isHidden() and isinstance(widget, QPushButton):
            continue
        own = not widget.objectName().startswith(INNER) and not type(widget).__name__.startswith(INNER)
        if own and (widget.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(widget, QAbstractButton)):
            yield widget


def spoken(widget: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    text = interface.text(QAccessible.Text.Name) if interface is not None else ""
    return text or widget.accessibleName() or widget.toolTip()


def nameless(top: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for widget in reachable(top)
        if not spoken(widget) and not _inside_a_named_one(widget)
    ]


def _inside_a_named_one(widget: QWidget) -> bool:
    """Parts of a compound field (a combo box's list), the menu bar and a table speak through their owner."""
    compound = (QComboBox, QAbstractSpinBox, QMenuBar, QLineEdit, QTableView)
    owners, owner = [], widget.parentWidget()
    while owner is not None:
        owners.append(owner)
        owner = owner.parentWidget()
    return isinstance(widget, QMenuBar) or any(isinstance(one, compound) for one in owners)


def test_everything_that_takes_the_keys_in_the_window_has_a_name(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        assert len(list(reachable(room.window))) > 30
        assert sorted(set(nameless(room.window))) == []


def test_everything_that_takes_the_keys_in_the_dialogs_has_a_name(qtbot: QtBot) -> None:
    parent = QWidget()
    parent.resize(1000, 700)
    qtbot.addWidget(parent)
    dialogs: list[QDialog] = [SettingsDialog(Settings()), CheatSheet({}), Palette([], parent)]
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        assert sorted(set(nameless(dialog))) == [], type(dialog)


def test_every_action_says_what_it_does_and_the_toolbar_every_key(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        for action in ACTIONS:
            made = room.bar.actions[action.id]
            assert made.text() and made.toolTip() and made.toolTip() != made.text()
            if action.bar and action.keys:
                key = QKeySequence(action.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
                assert key in made.toolTip()


def test_tab_goes_round_the_settings_and_shows_where_it_is(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=60_000)
    seen = set()
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    shown = {row.editor.widget for row in dialog.rows.values() if row.isVisible()}
    assert shown <= seen and dialog.search in seen and dialog.groups in seen

"""A progress bar does not have the window painted while something is being told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.quiet_bar import QuietBar


class Painted(QObject):
    times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_nothing_is_painted_before_the_event_loop_runs(qtbot: QtBot) -> None:
    window, label, bar = QWidget(), QLabel("a picture"), QuietBar()
    column = QVBoxLayout(window)
    column.addWidget(label)
    column.addWidget(bar)
    qtbot.addWidget(window)
    window.show()
    bar.show_part(1, 100)
    qtbot.waitExposed(window)
    painted = Painted()
    for one in (label, bar):
        one.installEventFilter(painted)
    label.setText("another picture")
    bar.show_part(50, 100)
    assert not painted.times
    qtbot.waitUntil(lambda: painted.times == 2, timeout=60_000)
    assert (bar.value(), bar.maximum()) == (50, 100)

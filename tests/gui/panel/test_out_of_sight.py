"""The foot of the panel: what is out of sight is named whole, the nearest parts first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.panel.folding import Folding
from breastview.gui.panel.out_of_sight import OutOfSight

TITLES = {
    "en": ("AI", "Examination", "Findings", "Measurements", "Other systems"),
    "de": ("KI", "Untersuchung", "Befund", "Messungen", "Andere Systeme"),
}


def panel(qtbot: QtBot, titles: tuple[str, ...], width: int) -> tuple[QWidget, QScrollArea, OutOfSight]:
    """Return a window with a scrolled panel, of which each part fills the view."""
    content = QWidget()
    column = QVBoxLayout(content)
    parts = []
    for title in titles:
        body = QWidget()
        body.setFixedHeight(400)
        parts.append(Folding(title, body, opened=True, main=True))
        column.addWidget(parts[-1])
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(content)
    beyond, whole = OutOfSight(scroll, parts), QWidget()
    around = QVBoxLayout(whole)
    around.setContentsMargins(0, 0, 0, 0)
    around.addWidget(scroll)
    around.addWidget(beyond)
    qtbot.addWidget(whole)
    whole.setFixedSize(QSize(width, 300))
    whole.show()
    return whole, scroll, beyond


def named(beyond: OutOfSight) -> list[str]:
    return [button.text() for button in beyond.buttons if button.isVisible()]


@pytest.mark.parametrize("language", TITLES)
def test_no_name_is_cut_at_the_narrowest_panel_and_the_nearest_parts_are_named(
    qtbot: QtBot, language: str
) -> None:
    titles = TITLES[language]
    _whole, scroll, beyond = panel(qtbot, titles, 260)
    bar = scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: beyond.isVisible() and titles[1] in named(beyond), timeout=60_000)
    bar.setValue(bar.maximum() // 2)
    qtbot.waitUntil(lambda: titles[3] in named(beyond), timeout=60_000)
    qtbot.waitUntil(
        lambda: all(one.width() >= one.sizeHint().width() for one in beyond.buttons if one.isVisible()),
        timeout=60_000,
    )
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: titles[4] in named(beyond) and titles[0] not in named(beyond), timeout=60_000)
    seen = [button for button in beyond.buttons if button.isVisible()]
    assert [button.icon().isNull() for button in seen] == [False] + [True] * (len(seen) - 1)


def test_where_there_is_room_all_are_named(qtbot: QtBot) -> None:
    _whole, _, beyond = panel(qtbot, TITLES["en"], 600)
    qtbot.waitUntil(lambda: named(beyond) == list(TITLES["en"][1:]), timeout=60_000)

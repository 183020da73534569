from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui import screens
from breastview.gui.dialogs.screen_dialog import RULER, ScreenDialog
from tests.gui.panes.conftest import as_array


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication) -> ScreenDialog:
    made = ScreenDialog(qapp.primaryScreen(), 4.0)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_card_is_drawn_to_size(dialog: ScreenDialog) -> None:
    picture = as_array(dialog.outline.grab().toImage()).astype(int)
    edges = np.flatnonzero(picture[70, :, 2] > 80)  # above the text
    assert edges.max() - edges.min() == pytest.approx(85.6 * 4, abs=1.5)


def test_dragging_makes_it_larger_and_the_number_follows(dialog: ScreenDialog) -> None:
    QTest.mousePress(dialog.outline, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    QTest.mouseMove(dialog.outline, QPoint(300 + 86, 100))
    QTest.mouseRelease(dialog.outline, Qt.MouseButton.LeftButton, pos=QPoint(386, 100))
    assert dialog.density == pytest.approx(5.0, abs=0.02)
    assert dialog.outline.density == pytest.approx(5.0, abs=0.02)


def test_a_ruler_can_be_compared_too_and_the_number_typed(dialog: ScreenDialog) -> None:
    dialog.kind.setCurrentIndex(dialog.kind.findData(RULER))
    assert dialog.outline.long_mm == 100
    dialog.number.setValue(3.5)
    assert dialog.outline.density == 3.5


def test_without_a_measure_the_screens_own_word_is_the_start(qtbot: QtBot, qapp: QApplication) -> None:
    made = ScreenDialog(qapp.primaryScreen(), None)
    qtbot.addWidget(made)
    assert made.density == pytest.approx(screens.told(qapp.primaryScreen()), abs=0.001)

"""The controls of an overlay in a pane's header."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from breastview.gui.panes import content
from breastview.gui.panes.controls import REACH, HeatControls
from breastview.gui.panes.look import Look

from .conftest import Case

LONG, SHORT = "Grad-CAM: malignant", "malignant"


@pytest.fixture
def controls(qtbot: QtBot) -> HeatControls:
    made = HeatControls()
    qtbot.addWidget(made)
    made.title.offer(QMenu(made.title))
    made.title.say(LONG, SHORT)
    made.show()
    return made


def at(controls: HeatControls, width: int) -> None:
    """Give the controls a width."""
    controls.resize(width, 40)
    layout = controls.layout()
    assert layout is not None
    layout.activate()


@pytest.mark.parametrize("width", range(190, 500, 10))
def test_a_slider_can_be_aimed_at_or_is_not_there(controls: HeatControls, width: int) -> None:
    at(controls, width)
    assert not controls.slider.isVisible() or controls.slider.width() >= REACH
    assert controls.colours.geometry().right() <= controls.width()


@pytest.mark.parametrize("width", range(200, 500, 10))
def test_a_slider_never_cuts_the_class_off(controls: HeatControls, width: int) -> None:
    at(controls, width)
    assert controls.title.width() >= controls.title.least()


def test_a_title_that_gets_a_menu_gets_room_for_its_arrow(qtbot: QtBot, case: Case) -> None:
    made = HeatControls()
    qtbot.addWidget(made)
    made.show()
    at(made, 210)
    made.follow(content.opened(case.pixels, case.instance, 0).with_analysis(case.analysis), Look())
    at(made, 210)
    assert made.title.isEnabled()
    assert made.title.width() >= made.title.least()


def test_a_longer_title_takes_its_room_back(controls: HeatControls) -> None:
    at(controls, 210)
    assert controls.slider.isVisible()
    controls.title.say("what drove the mask, in so many words")
    controls.share_out()
    assert not controls.slider.isVisible()

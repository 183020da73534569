from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from breastview.gui import screens


def test_only_plausible_measures_are_taken_from_the_settings() -> None:
    stored = {"one": "3.78", "two": "many", "three": "0", "four": "inf", "five": "nan"}
    assert screens.densities(stored) == (("one", 3.78),)


def test_a_screen_that_was_not_measured_has_no_density(qapp: QApplication) -> None:
    screen = qapp.primaryScreen()
    assert screens.measured(screen, ()) is None and screens.measured(None, ()) is None
    assert screens.measured(screen, ((screens.name(screen), 4.2),)) == 4.2


def test_a_screen_is_known_by_its_resolution_too(qapp: QApplication) -> None:
    size = qapp.primaryScreen().size() * qapp.primaryScreen().devicePixelRatio()
    assert f"{size.width()}x{size.height()}" in screens.name(qapp.primaryScreen())


def test_what_a_screen_tells_of_itself_is_the_start(qapp: QApplication) -> None:
    screen = qapp.primaryScreen()
    told = screen.physicalDotsPerInch() * screen.devicePixelRatio() / 25.4
    assert screens.told(screen) == pytest.approx(min(max(told, screens.LEAST), screens.MOST))

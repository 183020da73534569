from __future__ import annotations

import pytest

from breastview.gui.panes.window_drag import dragged
from breastview.study.instance import Window

START = Window(2000.0, 1024.0, "As stored")


def test_sideways_widens_and_narrows_without_moving_the_centre() -> None:
    wider, narrower = dragged(START, 50, 0, True, False), dragged(START, -50, 0, True, False)
    assert wider.width > START.width > narrower.width
    assert wider.centre == narrower.centre == START.centre


def test_there_and_back_is_where_it_was() -> None:
    back = dragged(dragged(START, 30, 0, True, False), -30, 0, True, False)
    assert back.width == pytest.approx(START.width)


@pytest.mark.parametrize(
    ("up_brightens", "turned", "sign"),
    [(True, False, -1), (False, False, 1), (True, True, 1), (False, True, -1)],
)
def test_up_brightens_or_darkens_as_wished_even_with_reversed_greys(
    up_brightens: bool, turned: bool, sign: int
) -> None:
    moved = dragged(START, 0, -64, up_brightens, turned)
    assert moved.centre - START.centre == pytest.approx(sign * START.width / 4)


def test_a_window_is_never_narrower_than_one_and_loses_its_name() -> None:
    moved = dragged(START, -100_000, 0, True, False)
    assert moved.width == 1.0
    assert moved.name == ""

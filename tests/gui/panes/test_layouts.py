"""Which panes stand where: pure functions."""

from __future__ import annotations

import pytest

from breastview.gui.panes.layouts import Beside, Hung, Shows, contents, shown, slots
from breastview.gui.panes.look import Look
from breastview.study.hanging import Wall

HUNG = (Hung(0, 1, Wall.LEFT), Hung(0, 0, Wall.RIGHT), Hung(1, 0, Wall.RIGHT), Hung(1, 1, Wall.LEFT))


def grid(look: Look, beside: Beside = Beside()) -> list[tuple[int, str, int, int]]:
    return [(slot.picture, slot.shows.value, slot.row, slot.column) for slot in slots(look, beside)]


def test_four_panes_stand_two_by_two_with_the_segmenter_s_heat_as_the_fourth() -> None:
    assert grid(Look(layout=4)) == [
        (0, "original", 0, 0), (0, "mask", 0, 1), (0, "heat", 1, 0), (0, "segmenter", 1, 1),
    ]  # fmt: skip


def test_the_fourth_pane_is_the_picture_compared_with_where_there_is_one() -> None:
    assert grid(Look(layout=4), Beside(compared=True))[-1] == (1, "both", 1, 1)


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (1, [(0, 0, 0), (1, 0, 1)]),
        (2, [(0, 0, 0), (0, 0, 1), (1, 1, 0), (1, 1, 1)]),
        (3, [(0, 0, 0), (0, 0, 1), (0, 0, 2), (1, 1, 0), (1, 1, 1), (1, 1, 2)]),
    ],
)
def test_a_compared_picture_has_the_same_panes_beside_or_below(
    layout: int, expected: list[tuple[int, int, int]]
) -> None:
    found = grid(Look(layout=layout), Beside(compared=True))
    assert [(picture, row, column) for picture, _, row, column in found] == expected


def test_what_the_reader_chose_for_a_pane_goes_before_the_layout_s_own() -> None:
    look = Look(layout=2, contents=("heat", "other"))
    assert grid(look, Beside(compared=True)) == [(0, "heat", 0, 0), (1, "both", 0, 1)]


@pytest.mark.parametrize("unusable", [("heat",), ("heat", "nonsense")])
def test_contents_that_do_not_fit_the_layout_are_left_aside(unusable: tuple[str, ...]) -> None:
    assert contents(Look(layout=2, contents=unusable)) == (Shows.ORIGINAL, Shows.BOTH)


def test_hung_pictures_stand_at_their_places_whatever_the_layout() -> None:
    assert [(slot.picture, slot.row, slot.column) for slot in slots(Look(layout=3), Beside(hung=HUNG))] == [
        (1, 0, 0), (0, 0, 1), (2, 1, 0), (3, 1, 1),
    ]  # fmt: skip


def test_the_current_one_of_hung_pictures_is_maximised() -> None:
    assert [slot.picture for slot in shown(Look(maximised=3), Beside(hung=HUNG)).values()] == [0]


def test_each_picture_s_first_pane_bears_its_text_and_so_does_a_maximised_one() -> None:
    assert [slot.text for slot in slots(Look(), Beside(compared=True))] == [True, False, False] * 2
    assert shown(Look(maximised=2))[2].text

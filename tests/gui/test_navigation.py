"""Where a step leads."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from breastview.gui import navigation
from breastview.gui.worklist.row import Row
from breastview.study.instance import Instance, Refusal, SeriesInfo, StudyInfo
from breastview.study.reading import ReadState


def row(name: str, study: str, series: str, frames: int = 1, state: ReadState = ReadState.SEEN) -> Row:
    instance = Instance(
        Path(name), name, "dicom", 10, 10, StudyInfo(study), SeriesInfo(series), frames=frames
    )
    return Row(instance, state)


ROWS = [
    row("a", "s1", "1"), row("cine", "s1", "1", frames=3), row("c", "s1", "2"), row("d", "s2", "1"),
    Row(Refusal(Path("x"), "x", "It is no picture.")), row("e", "s2", "1", state=ReadState.UNREAD),
]  # fmt: skip
CASES = (0, 1, 2, 3, 5)


def test_a_step_goes_through_the_frames_of_a_cine_before_the_next_case() -> None:
    places: list[navigation.Place | None] = [(0, 0)]
    for _ in range(4):
        places.append(navigation.step(ROWS, CASES, places[-1], 1))
    assert places == [(0, 0), (1, 0), (1, 1), (1, 2), (2, 0)]
    assert navigation.step(ROWS, CASES, (2, 0), -1) == (1, 2)


def test_steps_stop_at_both_ends() -> None:
    assert navigation.step(ROWS, CASES, (0, 0), -10) == (0, 0)
    assert navigation.step(ROWS, CASES, (3, 0), 10) == (5, 0)
    assert navigation.end(ROWS, CASES, (0, 0), last=True) == (5, 0)


def test_with_nothing_shown_or_the_shown_case_filtered_away_the_first_one_is_next() -> None:
    assert navigation.step(ROWS, CASES, None, 1) == (0, 0)
    assert navigation.step(ROWS, (2, 3), (0, 0), 1) == (2, 0)
    assert navigation.step(ROWS, (), None, 1) is None


def test_series_and_study_steps_land_on_their_first_image() -> None:
    assert navigation.series(ROWS, CASES, (1, 2), 1) == (2, 0)
    assert navigation.series(ROWS, CASES, (2, 0), -1) == (0, 0)
    assert navigation.series(ROWS, CASES, (3, 0), -1) == (2, 0)
    assert navigation.study(ROWS, CASES, (1, 0), 1) == (3, 0)
    assert navigation.study(ROWS, CASES, (5, 0), -1) == (0, 0)
    assert navigation.study(ROWS, CASES, (5, 0), 1) == (5, 0)


def test_next_unread_goes_round_and_says_when_there_is_none() -> None:
    assert navigation.unread(ROWS, CASES, (0, 0)) == (5, 0)
    assert navigation.unread(ROWS, CASES, (5, 0)) == (5, 0)
    assert navigation.unread(ROWS[:4], (0, 1, 2, 3), (0, 0)) is None


def test_neighbours_are_those_ahead_then_the_one_behind_and_never_a_refused_file() -> None:
    assert navigation.neighbours(ROWS, CASES, (0, 0), 2) == ((1, 0), (1, 1))
    assert navigation.neighbours(ROWS, CASES, (3, 0), 3) == ((5, 0), (2, 0))
    assert navigation.neighbours(ROWS, (4,), (4, 0), 3) == ()


@given(st.sampled_from(CASES), st.integers(-30, 30))
def test_a_step_always_lands_on_an_image_that_exists(case: int, by: int) -> None:
    found = navigation.step(ROWS, CASES, (case, 0), by)
    assert found is not None
    instance = ROWS[found[0]].instance
    assert found[0] in CASES and instance is not None and 0 <= found[1] < instance.frames

"""Which frame is due when."""

from __future__ import annotations

import pytest

from breastview.gui.cine.clock import FASTEST, SLOWEST, Clock, Tempo, faster, rate_of


def test_a_loop_begins_again_and_a_sweep_turns_round() -> None:
    loop, sweep = Clock(4, 1, 10.0), Clock(4, 1, 10.0, sweep=True)
    assert [loop.frame(n) for n in range(6)] == [1, 2, 3, 0, 1, 2]
    assert [sweep.frame(n) for n in range(8)] == [1, 2, 3, 2, 1, 0, 1, 2]


def test_time_tells_how_many_frames_are_over() -> None:
    clock = Clock(100, 0, 25.0)
    assert [clock.index(seconds) for seconds in (0.0, 0.039, 0.04, 1.0)] == [0, 0, 1, 25]
    assert clock.due(25) == 1.0


@pytest.mark.parametrize(("frame_time", "rate"), [(40.0, 25.0), (0.0, 15.0)])
def test_a_file_s_own_rate_goes_before_the_usual_one(frame_time: float, rate: float) -> None:
    assert rate_of(frame_time, 15.0) == rate


def test_speed_goes_by_steps_and_ends_somewhere() -> None:
    assert faster(faster(1.0, 1), 1) == pytest.approx(2.0)
    assert faster(faster(1.0, 1), -1) == pytest.approx(1.0)
    fast = slow = 1.0
    for _ in range(30):
        fast, slow = faster(fast, 1), faster(slow, -1)
    assert (fast, slow) == (FASTEST, SLOWEST)


def test_the_rate_shown_is_that_of_the_last_moments() -> None:
    tempo = Tempo()
    assert tempo.rate() is None
    for n in range(50):
        tempo.painted(n * 0.1)
    assert tempo.rate() == pytest.approx(10.0)
    for n in range(60):
        tempo.painted(5 + n * 0.05)
    assert tempo.rate() == pytest.approx(20.0)

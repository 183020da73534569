"""Rate and time left, from the last minute."""

from __future__ import annotations

from breastview.cluster.pace import Pace, words


def test_the_rate_is_that_of_the_last_minute() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.rate == 0 and pace.left(10) is None
    for second in range(1, 201):
        now[0] = float(second)
        pace.note(second * 2 if second <= 100 else 200 + (second - 100) * 10)
    assert pace.rate == 10
    assert pace.left(600) == 60


def test_a_run_that_stands_still_slows_down() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    now[0] = 10.0
    pace.note(100)
    now[0] = 20.0
    assert pace.rate == 5


def test_where_a_run_is_in_words() -> None:
    assert words(1200, 20000, True, 31.24, 601) == "1,200 of 20,000 frames, 31.2 a second, 10 min left"
    assert words(5, 64, False, 2.0, 30) == "5 of 64 found so far frames, 2.0 a second"
    assert words(0, 64, True, 0.0, None) == "0 of 64 frames, 0.0 a second"
    assert words(0, 9, True, 1.0, 7200).endswith("2.0 h left")
    assert words(0, 9, True, 1.0, 400000).endswith("4.6 days left")

"""Work that is kept in its order."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from breastview.gui.workers.lane import Lane


def test_everything_is_done_in_its_order(qtbot: QtBot) -> None:
    lane, done = Lane(), list[int]()
    for number in range(100):
        lane.start(lambda number=number: done.append(number))  # type: ignore[misc]
    assert lane.settle(60_000)
    assert done == list(range(100))


def test_two_threads_that_give_and_settle_at_once_lose_nothing(qtbot: QtBot) -> None:
    lane, done, wrong = Lane(), list[int](), list[Exception]()

    def give() -> None:
        try:
            for number in range(300):
                lane.start(lambda number=number: done.append(number))  # type: ignore[misc]
                lane.settle(60_000)
        except Exception as error:
            wrong.append(error)

    givers = [threading.Thread(target=give) for _ in range(3)]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join(60)
    assert not wrong
    assert sorted(done) == sorted([*range(300)] * 3)

"""Rows stream in batches, and the list waits where something else is more urgent."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from breastview.gui.workers.indexing import index
from breastview.gui.workers.job import Job


def test_every_entry_comes_once_in_order_and_waits_before_what_is_urgent(qtbot: QtBot) -> None:
    order: list[str] = []

    def rows(batch: list[str]) -> list[str]:
        order.extend(batch)
        return batch

    taken: list[str] = []
    job = Job(lambda job: index(job, "abc", rows, lambda: order.append("waited")), "indexing")
    job.produced.connect(taken.extend)
    with qtbot.waitSignal(job.succeeded, timeout=60_000) as told:
        job.start()
    assert told.args == [3] and taken == list("abc")
    assert order[:2] == ["waited", "a"] and order.count("waited") == 3

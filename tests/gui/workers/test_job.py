"""A job ends where it began, whoever has forgotten it meanwhile."""

from __future__ import annotations

import threading
import weakref

from pytestqt.qtbot import QtBot

from breastview.gui.workers.job import Job


def test_a_job_that_nobody_holds_is_destroyed_on_the_thread_that_made_it(qtbot: QtBot) -> None:
    where: list[threading.Thread] = []
    going = threading.Event()

    def begin() -> None:
        job = Job(lambda _job: going.wait(120), "forgotten")
        weakref.finalize(job, lambda: where.append(threading.current_thread()))
        job.start()

    begin()
    going.set()
    qtbot.waitUntil(lambda: bool(where), timeout=60_000)
    assert where == [threading.main_thread()]

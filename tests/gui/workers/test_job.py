"""A job ends where it began, whoever has forgotten it meanwhile."""

from __future__ import annotations

import threading
import weakref

import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.workers import job as jobs
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


def test_the_window_hears_of_a_work_s_progress_now_and_then_not_of_each_file(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PROGRESS_S", 3600.0)

    def work(job: Job) -> None:
        for done in range(1000):
            job.progress(done, None, "a file")

    told: list[int] = []
    job = Job(work, "many files")
    job.progressed.connect(lambda done, _total, _text: told.append(done))
    with qtbot.waitSignal(job.succeeded, timeout=60_000):
        job.start()
    assert told == [0]

"""Long work says how far it is and stops when asked."""

from __future__ import annotations

import threading

import pytest

from breastview.errors import Cancelled
from breastview.task import SilentTask, check


def test_a_task_goes_on_until_it_is_cancelled_from_any_thread() -> None:
    task = SilentTask()
    task.progress(1, None, "text")
    check(task)
    thread = threading.Thread(target=task.cancel)
    thread.start()
    thread.join()
    assert task.cancelled()
    with pytest.raises(Cancelled):
        check(task)

"""Sends what the queue holds, in a thread of its own or at once; what fails is tried later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby

from breastview.errors import (
    ArchiveError,
    ArchiveUnreachable,
    BreastViewError,
    Cancelled,
    StoreError,
    UnreadableFile,
)
from breastview.language import mark
from breastview.pacs import connect
from breastview.pacs._protocol import Archive, Level, Query, Sent
from breastview.pacs.queue import Item, Queue
from breastview.task import SilentTask, Task, check

_AT_ONCE = 200
"""Objects of one connection."""
_ODD = mark("The object cannot be sent ({kind}).")
_LOOK_S = 5.0
"""Another process may have put something in."""


class Sender:
    """Empties a queue.

    Parameters
    ----------
    queue : Queue
    archive_named : callable, optional
        Gives the archive of a name; the user's settings by default.
    changed : callable, optional
        Called, from the sender's thread, whenever a state in the queue has changed.
    """

    def __init__(
        self,
        queue: Queue,
        archive_named: Callable[[str], Archive] = connect.named,
        changed: Callable[[], None] | None = None,
    ) -> None:
        self._queue, self._archive_named = queue, archive_named
        self._changed = changed or (lambda: None)
        self._wake = threading.Event()
        self._task = SilentTask()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send in a thread until `stop`."""
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at once whether there is something to send."""
        self._wake.set()

    def stop(self, wait_s: float = 5.0) -> None:
        """Stop soon; what was not sent stays in the queue. May be called twice."""
        self._task.cancel()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def _run(self) -> None:
        while not self._task.cancelled():
            with suppress(StoreError, Cancelled), self._queue.sending():
                while not self._task.cancelled():
                    self._batch(self._task)
                    self._pause()
            self._pause()

    def _pause(self) -> None:
        """Wait until something is due, or may have been put in."""
        with suppress(StoreError):
            due = self._queue.next_due()
            if due is not None and due <= time.time():
                return
        if not self._task.cancelled():
            self._wake.wait(_LOOK_S)
            self._wake.clear()

    def drain(self, task: Task | None = None) -> int:
        """Send all that is due, here and now; return how many objects were answered or put off.

        Raises
        ------
        Busy
            If another process sends from this queue; it sends these objects, too.
        Cancelled
        """
        task = task or SilentTask()
        done = 0
        with self._queue.sending():
            while count := self._batch(task):
                done += count
                check(task)
        return done

    def _batch(self, task: Task) -> int:
        """Send what is due to one archive in one connection; return how many objects that were."""
        items = self._queue.take(_AT_ONCE)
        if not items:
            return 0
        left = list(items)
        try:
            archive = self._archive_named(items[0].archive)
            for unsure, some in groupby(items, key=lambda item: item.unsure):
                batch = list(some)
                wanted = [item for item in batch if not (unsure and self._there(archive, item, left, task))]
                self._send(archive, wanted, left, task)
        except Cancelled:
            self._queue.put_back(left, unsure=True)
            raise
        except ArchiveUnreachable as error:
            self._queue.unanswered(left, _sentence(error), final=False, unsure=True)
        except UnreadableFile as error:
            self._damaged(error, left)
        except BreastViewError as error:
            self._queue.unanswered(left, _sentence(error), final=True, unsure=False)
        except Exception as error:  # libraries raise many kinds for objects they do not expect
            self._failed(left[:1], _ODD.format(kind=type(error).__name__), left)
        finally:
            self._changed()
        return len(items)

    def _damaged(self, error: UnreadableFile, left: list[Item]) -> None:
        """Let the one object fail whose file was spoilt."""
        spoilt = [item for item in left if str(self._queue.file(item)) == error.where] or left
        self._failed(spoilt, _sentence(error), left)

    def _failed(self, failed: list[Item], reason: str, left: list[Item]) -> None:
        """Let some objects fail; the others are sent with the next connection."""
        self._queue.unanswered(failed, reason, final=True, unsure=False)
        self._queue.put_back([item for item in left if item not in failed], unsure=True)

    def _there(self, archive: Archive, item: Item, left: list[Item], task: Task) -> bool:
        """Return whether an object arrived in a try that ended without an answer; then it counts as sent."""
        try:
            found = list(archive.find(Query(Level.IMAGE, item.address, limit=1), task))
        except ArchiveUnreachable:
            raise
        except ArchiveError:
            return False  # it answers no questions; storing once more changes nothing there
        if not any(row.address.instance == item.instance for row in found):
            return False
        self._answered(item, Sent(item.instance, True), left)
        return True

    def _send(self, archive: Archive, items: list[Item], left: list[Item], task: Task) -> None:
        if not items:
            return
        files = [self._queue.file(item) for item in items]
        for item, answer in zip(items, archive.send(files, task), strict=True):
            self._answered(item, answer, left)

    def _answered(self, item: Item, answer: Sent, left: list[Item]) -> None:
        self._queue.answered(item, answer)
        left.remove(item)
        self._changed()


def _sentence(error: BreastViewError) -> str:
    return f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}".strip()

"""Sending beside the window: objects are made and put into the queue, which goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.working import Working
from breastview.gui.workers.job import Job
from breastview.gui.workers.lane import Lane
from breastview.language import tr, trn
from breastview.store import Event

if TYPE_CHECKING:
    from breastview.exporters._protocol import ExportOptions
    from breastview.pacs.queue import Queue
    from breastview.pacs.sender import Sender
    from breastview.session import Session
    from breastview.session.parcels import Wanted

MOST = 500
"""Objects that the window of the queue lists."""


OVERLAP = timedelta(minutes=1)
"""By how much a look reaches back behind what it knows: a clock may be set back a little."""


def _before(moment: str) -> str:
    return (datetime.fromisoformat(moment) - OVERLAP).isoformat(timespec="milliseconds")


class Sending(Working):
    """Holds the queue and its sender.

    Attributes
    ----------
    counted : Signal(int, int)
        Objects that wait or are being sent, and that failed.
    listed : Signal(tuple of Item)
        What is in the queue, newest first.
    done : Signal(str)
        What was put into the queue, in a sentence.

    Parameters
    ----------
    settle : callable
        Saves what the reader has changed.
    """

    counted = Signal(int, int)
    listed = Signal(object)
    done = Signal(str)

    def __init__(self, session: Session, settle: Callable[[], object]) -> None:
        super().__init__()
        self._session, self._settle = session, settle
        self._lane = Lane()
        self._lane.trouble.connect(self.trouble)
        self._queue: Queue | None = None
        self._sender: Sender | None = None
        self._looking = False
        self._since = ""
        self._known_sent: set[int] = set()
        self._put: dict[str, tuple[str, str]] = {}

    def start(self) -> None:
        """Go on with what waits from an earlier day."""
        self._lane.start(self._open)

    def _open(self) -> None:
        from breastview.pacs.queue import Queue
        from breastview.pacs.sender import Sender

        queue = Queue()
        self._since = _before(datetime.now(UTC).isoformat(timespec="milliseconds"))
        self._known_sent = {item.identifier for item in queue.sent_since(self._since)}
        self._queue, self._sender = queue, Sender(queue, changed=self.look)
        self._sender.start()
        self._look()

    def look(self) -> None:
        """Tell how the queue stands (from any thread); asked many times, once is enough."""
        if not self._looking:
            self._looking = True
            self._lane.start(self._look)

    def _look(self) -> None:
        self._looking = False
        if self._queue is None:
            return
        from breastview.pacs.queue import State

        counts = self._queue.counts()
        self._log_sent(self._queue)
        self.counted.emit(counts[State.WAITING] + counts[State.SENDING], counts[State.FAILED])
        self.listed.emit(self._queue.items(limit=MOST))

    def _log_sent(self, queue: Queue) -> None:
        """Log what has arrived since the last look."""
        sent = queue.sent_since(self._since)
        for item in sent:
            if item.identifier not in self._known_sent:
                sha, kind = self._put.pop(item.instance, ("", ""))
                self._session.archiving.log(Event.SENT, sha, kind)
        if sent:
            self._since = _before(sent[-1].changed_at)
            self._known_sent = {item.identifier for item in sent}

    def send(self, archive: str, wanted: Wanted, options: ExportOptions) -> None:
        """Make objects and put them into the queue."""
        if self.busy:
            self.trouble.emit(tr("Objects are being made already; wait for them or stop it."))
            return
        self._begin(
            lambda job: self._packed(archive, wanted, options, job), "send",
            lambda told: self._succeeded(archive, *told), tr("Preparing what is sent…"),
        )  # fmt: skip

    def _packed(
        self, archive: str, wanted: Wanted, options: ExportOptions, job: Job
    ) -> tuple[int, int, list[str]]:
        """Put objects into the queue (on the job's thread); return how many are new, known, and failures."""
        from breastview.session.parcels import Packing

        self._settle()
        self._lane.settle()
        if self._queue is None:
            raise BreastViewError("the queue of what is sent could not be opened")
        packing = Packing(self._session, wanted, options)
        new = known = 0
        for parcel in packing.parcels(job):
            self._put[str(parcel.dataset.SOPInstanceUID)] = parcel.sha, parcel.kind
            added = self._queue.put(archive, [parcel.dataset])
            new, known = new + added.new, known + added.known
        return new, known, packing.failures

    def _succeeded(self, archive: str, new: int, known: int, failures: list[str]) -> None:
        self._finish()
        self._wake()
        if new:
            objects = trn("{count} object", "{count} objects", new)
            text = tr("On the way to {archive}: {objects}.")
            self.done.emit(text.format(archive=archive, objects=objects))
        elif known:
            text = tr("{archive} has all of this already, or it waits in the queue.")
            self.done.emit(text.format(archive=archive))
        elif not failures:
            self.trouble.emit(tr("There is nothing to send: these cases hold none of what was chosen."))
        self._tell(failures)

    def again(self, rows: tuple[int, ...]) -> None:
        """Try rows again at once."""
        self._change(lambda queue: queue.again(rows))

    def remove(self, rows: tuple[int, ...]) -> None:
        """Take rows out of the queue."""
        self._change(lambda queue: queue.remove(rows))

    def _change(self, change: Callable[[Queue], object]) -> None:
        def work() -> None:
            if self._queue is not None:
                change(self._queue)
                self._wake()
                self._look()

        self._lane.start(work)

    def _wake(self) -> None:
        if self._sender is not None:
            self._sender.wake()
        self.look()

    def stop(self, seconds: float) -> None:
        """Stop sending; what was not sent stays in the queue."""
        super().stop(seconds)
        self._lane.settle()
        if self._sender is not None:
            self._sender.stop(seconds)
        self._lane.settle()
        if self._queue is not None:
            with suppress(BreastViewError):
                self._queue.close()
            self._queue = None

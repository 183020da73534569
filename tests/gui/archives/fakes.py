"""An archive that lies in memory and speaks the protocol; it can fail, wait, and tell what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset

from breastview.errors import ArchiveError
from breastview.pacs._protocol import Address, Echo, Query, Retrieved, Row, Sent
from breastview.pacs.configuration import ArchiveSettings, ListenerSettings
from breastview.task import SilentTask, Task, check
from tests import phantoms


def row(uid: str, name: str = "Phantom^Speckle", day: date = date(2026, 1, 2), objects: int = 2) -> Row:
    """Return a study as an archive would list it."""
    return Row(
        Address(uid), name, "P-1", None, "F", day, "10:11:12", "A1", "Breast ultrasound", ("US",),
        objects=objects,
    )  # fmt: skip


@dataclass
class FakeArchive:
    """An archive with studies of phantoms.

    Attributes
    ----------
    fails : ArchiveError or None
        Raised by everything that is asked.
    hold : Event
        What is asked waits until this is set.
    """

    rows: list[Row] = field(default_factory=list)
    fails: ArchiveError | None = None
    breaks_after: int | None = None
    refuses: str = ""
    tries: int = 0
    name: str = "Main archive"
    asked: list[Query] = field(default_factory=list)
    sent: list[Dataset] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def __call__(self, settings: ArchiveSettings, listener: ListenerSettings | None = None) -> FakeArchive:
        """Stand in for `connect.archive`."""
        self.name = settings.name
        return self

    def _ready(self, task: Task | None) -> None:
        while not self.hold.wait(0.01):
            check(task or SilentTask())
        check(task or SilentTask())
        if self.fails is not None:
            raise self.fails

    def echo(self, task: Task | None = None) -> Echo:
        """Answer."""
        self._ready(task)
        return Echo(0.012, "")

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        """Yield every row."""
        self.asked.append(query)
        self._ready(task)
        yield from self.rows

    def retrieve(self, address: Address, root: Path, task: Task | None = None) -> Retrieved:
        """Make a study of phantoms, whole or not at all."""
        task = task or SilentTask()
        self._ready(task)
        wanted = next(one for one in self.rows if one.address == address)
        count = wanted.objects or 1
        for done in range(count):
            task.progress(done, count)
            if done == self.breaks_after:
                raise ArchiveError("the connection broke", self.name, "Try again.")
        folder, uid = root / address.study, address.study
        files = tuple(
            phantoms.us_grey(folder / f"{uid}.{n}.dcm", StudyInstanceUID=uid, InstanceNumber=n)
            for n in range(1, count + 1)
        )
        return Retrieved(folder, files)

    def send(self, objects: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        """Keep what is sent."""
        for one in objects:
            self._ready(task)
            self.tries += 1
            found = one if isinstance(one, Dataset) else dcmread(one)
            if self.refuses:
                yield Sent(str(found.SOPInstanceUID), False, self.refuses, final=True)
            else:
                self.sent.append(found)
                yield Sent(str(found.SOPInstanceUID), True)

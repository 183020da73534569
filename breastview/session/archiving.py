"""Archives and the reader's record: what is asked, fetched, received and sent is logged, without names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from breastview.errors import BreastViewError, StoreError
from breastview.language import tr
from breastview.pacs._protocol import Address, Archive, Query, Retrieved, Row
from breastview.session._identities import Identities
from breastview.store import Event, Store
from breastview.study.instance import Instance
from breastview.task import Task, check


class Archiving:
    """Asks and fetches, and notes that it was done; safe from any thread.

    Parameters
    ----------
    reader : callable
        The reader's name.
    """

    def __init__(self, store: Store, identities: Identities, reader: Callable[[], str]) -> None:
        self._store, self._identities, self._reader = store, identities, reader

    def find(self, archive: Archive, query: Query, task: Task) -> Iterator[Row]:
        """Yield what an archive finds.

        Raises
        ------
        ArchiveError, Cancelled
        """
        self.log(Event.QUERIED)
        yield from archive.find(query, task)

    def retrieve(
        self, archive: Archive, wanted: Sequence[Address], root: Path, task: Task
    ) -> Iterator[Retrieved]:
        """Fetch studies one after the other; each is yielded when it is whole.

        Raises
        ------
        ArchiveError, Cancelled
            Those that were yielded stay; of the others nothing does.
        """
        for number, address in enumerate(wanted, 1):
            check(task)
            told = _Told(task, number, len(wanted))
            told.progress(0, None)
            found = archive.retrieve(address, root, told)
            self.noted(Event.RETRIEVED, found.files)
            yield found

    def sha(self, case: Instance) -> str:
        """Return the SHA-256 of a case's file, by which the log names it.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        """
        return self._identities.of(case.path)

    def noted(self, event: Event, files: Iterable[Path]) -> None:
        """Log what came in, each file by its content; a log that cannot be written stops nothing."""
        with suppress(BreastViewError):
            hashes = [self._identities.of(path) for path in files]
            self._store.audit.add_all(event, self._reader(), hashes)

    def log(self, event: Event, sha: str = "", detail: str = "") -> None:
        """Log what was done; a log that cannot be written stops nothing.

        Parameters
        ----------
        sha : str
            SHA-256 of the file it was done with, empty: of several or none.
        detail : str
            Name of an output.
        """
        with suppress(StoreError):
            self._store.audit.add(event, self._reader(), sha, None, detail)


class _Told:
    """A task that is told which of several studies the objects belong to."""

    def __init__(self, task: Task, number: int, count: int) -> None:
        self._task, self._number, self._count = task, number, count

    def progress(self, done: int, total: int | None, text: str = "") -> None:  # noqa: ARG002 (our own words)
        """Say which study is fetched, and how many of its images are here."""
        images = tr("{done} of {total} images") if total else tr("{done} images")
        one = tr("Retrieving: {images}") if self._count == 1 else tr("Study {number} of {count}: {images}")
        said = one.format(
            number=self._number, count=self._count, images=images.format(done=done, total=total)
        )
        self._task.progress(done, total, said)

    def cancelled(self) -> bool:
        """Return whether the work should stop."""
        return self._task.cancelled()

"""What the exporters that write record by record have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from breastview import atomic
from breastview.errors import ExportError
from breastview.exporters._protocol import ExportOptions, Record
from breastview.task import Task, check

Add = Callable[[Record], tuple[Path, ...]]


@contextmanager
def explained(destination: Path) -> Iterator[None]:
    """Turn an error of the file system into a sentence about the file that was being written."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"it could not be written ({reason.lower()})",
            destination,
            "Free some space or choose another folder, then export again.",
        ) from error


@contextmanager
def text_file(destination: Path) -> Iterator[TextIO]:
    """Open a UTF-8 text file that takes its final name only when the block succeeds.

    A file name that is no valid Unicode is written with its odd bytes escaped.
    """
    with (
        atomic.written(destination) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        yield file


@contextmanager
def opened(opening: AbstractContextManager[TextIO], destination: Path) -> Iterator[TextIO]:
    """Enter `opening` with errors of opening and finishing explained, but not those of the block itself."""
    with explained(destination):
        file = opening.__enter__()
    try:
        yield file
    except BaseException as error:
        # The temporary file is removed; what went wrong in the block stays what it was.
        opening.__exit__(type(error), error, error.__traceback__)
        raise
    with explained(destination):
        opening.__exit__(None, None, None)


def drain(readings: Iterable[Record], add: Add, task: Task) -> tuple[Path, ...]:
    """Hand every record to `add`, with progress, until the end or until the task is cancelled."""
    total = len(readings) if isinstance(readings, Sized) else None
    written: list[Path] = []
    for done, record in enumerate(readings, start=1):
        check(task)
        written.extend(add(record))
        task.progress(done, total, record.instance.label if hasattr(record, "instance") else record.label)
    return tuple(written)


class ManyFiles:
    """An exporter whose `writing` finishes files of its own as the records come."""

    one_file = False

    def writing(self, destination: Path, options: ExportOptions) -> AbstractContextManager[Add]:
        """Open the output, see `StreamingExporter.writing`."""
        raise NotImplementedError

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write all the readings and return the files written."""
        with self.writing(destination, options) as add:
            return drain(readings, add, task)


class OneFile(ManyFiles):
    """An exporter that writes everything into the destination."""

    one_file = True

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write one file of all the readings."""
        super().export(readings, destination, task, options)
        return (destination,)

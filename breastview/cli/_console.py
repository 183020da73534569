"""What the command line says: sentences on the error stream, progress bars only where somebody watches."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from breastview.task import SilentTask


def complain(sentence: str) -> None:
    """Say what went wrong."""
    typer.secho(sentence, err=True, fg="red")


def say(sentence: str) -> None:
    """Say something beside the result."""
    typer.echo(sentence, err=True)


class ConsoleTask(SilentTask):
    """A task with progress bars, one for each stage; several threads may report."""

    def __init__(self, progress: Progress | None = None) -> None:
        super().__init__()
        self._progress = progress
        self._bar: TaskID | None = None
        self._lock = threading.Lock()

    def stage(self, title: str, total: int | None = None) -> None:
        """Begin a stage with a bar of its own; `None`: the total is not known yet."""
        if self._progress is None:
            return
        with self._lock:
            if self._bar is not None:
                self._progress.remove_task(self._bar)
            self._bar = self._progress.add_task(title, total=total)

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Move the bar of the stage; file names are not shown, they may name patients."""
        del text
        if self._progress is not None and self._bar is not None:
            self._progress.update(self._bar, completed=done, total=total)


@contextmanager
def watched(quiet: bool = False) -> Iterator[ConsoleTask]:
    """Give a task that shows bars on a terminal and is cancelled by Ctrl-C (or a polite kill).

    The first Ctrl-C lets the work end at the next safe point; a second one interrupts at once.
    """
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        task = ConsoleTask()
        with _cancelled_by_signals(task):
            yield task
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = ConsoleTask(progress)
        with _cancelled_by_signals(task):
            yield task


@contextmanager
def _cancelled_by_signals(task: SilentTask) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return

    def stop(number: int, frame: FrameType | None) -> None:
        del frame
        if task.cancelled() and number == signal.SIGINT:
            raise KeyboardInterrupt
        task.cancel()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

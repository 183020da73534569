"""What the command line says: sentences on the error stream, progress bars only where somebody watches."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from breastview import paths
from breastview.task import SilentTask

_ERRORS = 2
"""File descriptor of the error stream."""


def plain(text: str) -> str:
    """Return a text without what would move a terminal's cursor: files and archives name themselves."""
    return "".join(one if one.isprintable() or one == "\n" else " " for one in text)


def complain(sentence: str) -> None:
    """Say what went wrong."""
    typer.secho(plain(sentence), err=True, fg="red")


def say(sentence: str) -> None:
    """Say something beside the result."""
    typer.echo(plain(sentence), err=True)


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

    def retitle(self, title: str) -> None:
        """Say something else beside the bar of the stage."""
        if self._progress is not None and self._bar is not None:
            self._progress.update(self._bar, description=title)

    @property
    def shown(self) -> bool:
        """Whether somebody sees the bars."""
        return self._progress is not None

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
    with _libraries_silenced():
        console = Console(stderr=True)
        shown = _bars(console) if console.is_terminal and not quiet else None
        task = ConsoleTask(shown)
        with shown or nullcontext(), _cancelled_by_signals(task):
            yield task


def _bars(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )  # fmt: skip
    return Progress(*columns, console=console, transient=True)


@contextmanager
def _libraries_silenced() -> Iterator[None]:
    """Send what native libraries write to the error stream to a log: TensorFlow greets on every start.

    What Python writes still comes to the user.
    """
    log = os.open(paths.log_folder() / "libraries.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    screen = os.dup(_ERRORS)
    before = sys.stderr
    before.flush()
    sys.stderr = os.fdopen(os.dup(screen), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    os.dup2(log, _ERRORS)
    try:
        yield
    finally:
        os.dup2(screen, _ERRORS)
        sys.stderr.close()
        sys.stderr = before
        os.close(screen)
        os.close(log)


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

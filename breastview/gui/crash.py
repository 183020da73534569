"""When something unforeseen happens: work is saved, the reader gets a sentence, the log no patient data."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, BinaryIO

from PySide6.QtCore import QObject, Signal

from breastview import paths
from breastview.language import mark, tr

log = logging.getLogger(__name__)

SENTENCE = mark(
    "Something unexpected went wrong. Your work is saved and you can go on; "
    "if it happens again, restart BreastView."
)
UNSAVED = mark(
    "Something unexpected went wrong, and what you did last could not be saved. "
    "Note it down, then restart BreastView."
)
_LOG_BYTES = 1_000_000
_LOGS_KEPT = 3


class PlaceOnlyFormatter(logging.Formatter):
    """Writes where an exception arose and its type; its words may hold a file's or a patient's name."""

    def formatException(self, ei: Any) -> str:
        """Return the frames of a traceback and the exception's type."""
        kind, trace = ei[0], ei[2]
        frames = traceback.extract_tb(trace)
        lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        return "\n".join([*lines, f"  {kind.__name__ if kind else 'exception'}"])


def start_log() -> None:
    """Write warnings and errors to the user's log folder; bounded in size."""
    try:
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            paths.log_file(), maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(PlaceOnlyFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logger = logging.getLogger("breastview")
    logger.addHandler(handler)
    logger.propagate = False


def watch_native(file: BinaryIO | None) -> None:
    """Let a crash of native code write where it happened, all threads, before it ends the program.

    Parameters
    ----------
    file : binary file or None
        The private one of this run; only places in the program come into it, no values. None: nowhere.
    """
    if file is not None:
        faulthandler.enable(file, all_threads=True)
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))  # a core dump would hold pictures


class _Hook(QObject):
    """Takes what nobody caught, on any thread, and tells it on the thread of the window."""

    _happened = Signal()

    def __init__(self, save: Callable[[], bool], tell: Callable[[str], object]) -> None:
        super().__init__()
        self._save, self._tell = save, tell
        self._handling = False
        self._happened.connect(self._handle)

    def caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Take an exception."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("unforeseen", exc_info=(kind, error, trace))
        self._happened.emit()

    def caught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        """Take an exception that ended a thread."""
        log.error("unforeseen in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))  # type: ignore[arg-type]
        self._happened.emit()

    def _handle(self) -> None:
        if self._handling:  # an error while telling of an error: the log has it
            return
        self._handling = True
        try:
            self._tell(tr(SENTENCE if self._saved() else UNSAVED))
        finally:
            self._handling = False

    def _saved(self) -> bool:
        try:
            return self._save()
        except Exception:  # what went wrong may have broken the saving, too
            log.error("the work could not be saved", exc_info=True)
            return False


def install(save: Callable[[], bool], tell: Callable[[str], object]) -> None:
    """Catch what nobody caught, in any thread.

    Parameters
    ----------
    save : callable
        Keeps the reader's work and returns whether all of it is kept; called in the GUI thread only.
    tell : callable
        Shows a sentence; called in the GUI thread only.
    """
    hook = _Hook(save, tell)
    sys.excepthook = hook.caught
    threading.excepthook = hook.caught_in_thread

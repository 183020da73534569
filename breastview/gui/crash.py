"""When something unforeseen happens: work is saved, the reader gets a sentence, the log no patient data."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from breastview import paths

log = logging.getLogger(__name__)

SENTENCE = (
    "Something unexpected went wrong. Your work is saved and you can go on; "
    "if it happens again, restart BreastView."
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
            paths.log_folder() / "breastview.log",
            maxBytes=_LOG_BYTES,
            backupCount=_LOGS_KEPT,
            encoding="utf-8",
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(PlaceOnlyFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logger = logging.getLogger("breastview")
    logger.addHandler(handler)
    logger.propagate = False


def install(save: Callable[[], object], tell: Callable[[str], object]) -> None:
    """Catch what nobody caught, in any thread.

    Parameters
    ----------
    save : callable
        Keeps the reader's work; called in the GUI thread only.
    tell : callable
        Shows a sentence; called in the GUI thread only.
    """
    handling = False

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal handling
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("unforeseen", exc_info=(kind, error, trace))
        if handling:  # an error while telling of an error: the log has it
            return
        handling = True
        try:
            save()
            tell(SENTENCE)
        finally:
            handling = False

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        log.error("unforeseen in a thread", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))  # type: ignore[arg-type]

    sys.excepthook = caught
    threading.excepthook = caught_in_thread

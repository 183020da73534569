"""Everything that goes wrong unseen: exceptions nobody caught, errors in the log, warnings of Qt."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import Counter
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler


class Troubles(logging.Handler):
    """Takes the place of the hooks from its making on and counts what comes.

    Attributes
    ----------
    errors, warnings : Counter
        What was said -> how often: exceptions and errors of the log; warnings of Qt.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        sys.excepthook = lambda kind, error, trace: self._caught(kind, error, trace)
        sys.unraisablehook = lambda one: self._caught(one.exc_type, one.exc_value, one.exc_traceback)
        threading.excepthook = lambda one: self._caught(one.exc_type, one.exc_value, one.exc_traceback)
        qInstallMessageHandler(self._said)
        logging.getLogger("breastview").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error of the log."""
        self.errors[f"{record.name}: {record.getMessage()}"] += 1

    def _caught(self, kind: Any, error: Any, trace: Any) -> None:
        last = traceback.extract_tb(trace)[-1:]
        place = "".join(f" at {one.filename}:{one.lineno} in {one.name}" for one in last)
        self.errors[f"{kind.__name__}: {error}{place}"] += 1

    def _said(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            self.warnings[text] += 1

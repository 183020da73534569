"""What happens when something unforeseen happens."""

from __future__ import annotations

import logging
import sys

import pytest

from breastview import paths
from breastview.gui import crash


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the interpreter's hooks back after the test."""
    import threading

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def caught() -> None:
    try:
        raise ValueError("Müller, Anna 1970-01-01")
    except ValueError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]


def test_the_work_is_saved_before_the_reader_is_told(hooks: None) -> None:
    done: list[str] = []
    crash.install(lambda: done.append("saved"), done.append)
    caught()
    assert done == ["saved", crash.SENTENCE]


def test_an_error_while_telling_is_not_told_again(hooks: None) -> None:
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        caught()

    crash.install(lambda: None, tell)
    caught()
    assert told == [crash.SENTENCE]


def test_the_log_holds_place_and_type_but_no_patient_data(hooks: None) -> None:
    logger = logging.getLogger("breastview")
    before, propagate = list(logger.handlers), logger.propagate
    try:
        crash.start_log()
        crash.install(lambda: None, lambda _: None)
        caught()
        text = (paths.log_folder() / "breastview.log").read_text(encoding="utf-8")
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = propagate
    assert "ValueError" in text and "test_crash.py" in text
    assert "Müller" not in text and "1970" not in text

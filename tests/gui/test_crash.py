"""What happens when something unforeseen happens."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from breastview import paths
from breastview.gui import crash
from breastview.gui.room import Room
from breastview.session import Session, diagnosis
from breastview.session.endings import Endings
from breastview.settings import Settings
from breastview.store import Store
from tests import doubles, phantoms, rooms


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the interpreter's hooks back after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)


def caught() -> None:
    try:
        raise ValueError("Müller, Anna 1970-01-01")
    except ValueError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]


def test_the_work_is_saved_before_the_reader_is_told(hooks: None) -> None:
    done: list[str] = []

    def save() -> bool:
        done.append("saved")
        return True

    crash.install(save, done.append)
    caught()
    assert done == ["saved", crash.SENTENCE]


def test_the_reader_is_told_where_the_work_could_not_be_saved(hooks: None) -> None:
    told: list[str] = []
    crash.install(lambda: False, told.append)
    caught()

    def fails() -> bool:
        raise OSError("no space")

    crash.install(fails, told.append)
    caught()
    assert told == [crash.UNSAVED, crash.UNSAVED]


def test_an_error_while_telling_is_not_told_again(hooks: None) -> None:
    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        caught()

    crash.install(lambda: True, tell)
    caught()
    assert told == [crash.SENTENCE]


def test_the_log_holds_place_and_type_but_no_patient_data(hooks: None) -> None:
    logger = logging.getLogger("breastview")
    before, propagate = list(logger.handlers), logger.propagate
    try:
        crash.start_log()
        crash.install(lambda: True, lambda _: None)
        caught()
        text = (paths.log_folder() / "breastview.log").read_text(encoding="utf-8")
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = propagate
    assert "ValueError" in text and "test_crash.py" in text
    assert "Müller" not in text and "1970-01-01" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="there are no core dumps on Windows")
def test_the_window_leaves_no_core_dump_which_would_hold_pictures() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_CORE)
    try:
        crash.watch_native(None)
        assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_an_error_that_ends_a_thread_is_told_on_the_thread_of_the_window(hooks: None, qtbot: QtBot) -> None:
    told_on: list[threading.Thread] = []
    crash.install(lambda: True, lambda _: told_on.append(threading.current_thread()))
    worker = threading.Thread(target=lambda: {}["no such key"])
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: bool(told_on), timeout=60_000)
    assert told_on == [threading.current_thread()]


SECRETS = ("Grauer", "Zuzana", "Oberarzt", "geheim")
"""Words that no report can hold by chance."""


def test_the_report_of_a_crash_holds_no_name_of_patient_file_folder_or_reader(
    hooks: None, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    folder = tmp_path / "geheim"
    scan = phantoms.us_grey(folder / "Grauer.dcm", PatientName="Grauer^Zuzana", PatientID="geheim-1")
    logger = logging.getLogger("breastview")
    before, propagate = list(logger.handlers), logger.propagate
    try:
        crash.start_log()
        with rooms.opened(qtbot, scan, settings=Settings(reader="Oberarzt")) as room:
            rooms.settled(qtbot, room)
            crash.install(room.keep, room.supporting.crashed)
            try:
                raise ValueError(f"{folder}: Grauer^Zuzana")
            except ValueError:
                sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
            dialog = room.supporting.dialog
            assert dialog is not None and dialog.happened.text() == crash.SENTENCE
            assert dialog.focusWidget() is dialog.leave and dialog.leave.text() == "Go on"
            assert not dialog.text.isVisible()  # the reader asks for it
            dialog.look.click()
            rooms.until(qtbot, dialog.save.isEnabled)
            report = dialog.text.toPlainText()
            dialog.copy.click()
            assert QGuiApplication.clipboard().text() == report
            room.supporting._ask = lambda *_: tmp_path / "report.txt"
            dialog.save.click()
            assert (tmp_path / "report.txt").read_text(encoding="utf-8") == report
            dialog.reject()
            room.supporting.crashed(crash.SENTENCE)  # a storm fills no screen with dialogs
            assert room.supporting.dialog is None and room.window.messages.button.isVisible()
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = propagate
    assert "ValueError" in report and "test_crash.py" not in report  # a place that is not the program's
    assert not [word for word in SECRETS if word in report]


CRASHES = """
import os, sys
from pathlib import Path
from breastview import app, paths
from breastview.gui import crash
from breastview.gui.room import Room
from breastview.session import Session
from breastview.session.endings import Endings
from breastview.settings import Settings
from breastview.store import Store
from tests import doubles
class Crashing(doubles.StandIn):
    def analyse_batch(self, frames, task=None):
        os.abort()
app.application()
endings = Endings(paths.runs_folder())
crash.watch_native(endings.trace())
room = Room(Session(Settings(), Store.of_user(), Crashing, endings=endings))
room.start([Path(sys.argv[1])])
app.application().exec()
"""


def test_after_a_crash_of_native_code_the_window_says_so_and_does_not_walk_into_the_file_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    scan = phantoms.us_grey(tmp_path / "Grauer.dcm", PatientName="Grauer^Zuzana")
    done = subprocess.run(
        [sys.executable, "-c", CRASHES, str(scan)], cwd=Path(__file__).parents[2], capture_output=True
    )
    assert done.returncode < 0, done.stderr
    report = diagnosis.report(Settings())
    assert "Aborted" in report and "in analyse_batch" in report
    assert not [word for word in SECRETS if word in report]
    factory = doubles.Factory()
    room = Room(Session(Settings(), Store.of_user(), factory, endings=Endings(paths.runs_folder())))
    room.start([scan])
    try:
        said = room.window.messages.text.text()
        assert "ended unexpectedly last time, while the AI was at work on Grauer.dcm" in said
        rooms.until(qtbot, lambda: room.showing.ai_failed)
        ai = room.window.panel.ai
        assert "the AI leaves it out" in ai.status.text() and factory.analysed == []
        assert ai.again.isVisible()
        ai.again.click()
        rooms.until(qtbot, lambda: room.showing.analysis is not None)
        assert not ai.again.isVisible() and factory.analysed == [("Grauer.dcm", 0)]
    finally:
        room.window.close()
        room.close()
        room.window.deleteLater()

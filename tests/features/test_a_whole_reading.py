"""One case from opening to the report, by keys and mouse on a real window, and again after a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from breastview.gui.controllers.exporting import Scope
from breastview.gui.room import Room
from breastview.study.reading import ReadState
from breastview.study.segmentation import MaskSource
from tests import doubles, phantoms, rooms
from tests.rooms import press, settled

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def drag(room: Room, pane: int, *points: tuple[float, float]) -> None:
    """Drag with the left button along px of the frame."""
    canvas = room.window.panes.pane(pane).canvas
    places = [canvas.to_view()(*point).toPoint() for point in points]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, NONE, places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, NONE, places[-1])


def report(qtbot: QtBot, room: Room, path: Path) -> str:
    """Write the report of the shown picture and return its text."""
    room.exporting.write("pdf", room.exporting.frames(Scope.IMAGE), path)
    rooms.until(qtbot, lambda: not room.exporting.busy)
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_open_step_measure_edit_undo_assess_report(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    scans = phantoms.busi_folder(tmp_path / "scans")
    with rooms.opened(qtbot, scans) as room:
        settled(qtbot, room)
        room.window.resize(1280, 800)
        first = room.desk.state.case
        room.window.panes.setFocus()
        press(room, Key.Key_Down)
        settled(qtbot, room)
        stepped = room.desk.state.case
        assert stepped != first

        press(room, Key.Key_D)
        drag(room, 0, (10, 10), (20, 10), (30, 10))
        assert len(room.measuring.measurements) == 1

        before = room.editing.reading.mask.copy()  # type: ignore[union-attr]
        press(room, Key.Key_Q)
        drag(room, 1, (4, 4), (9, 4), (14, 4))
        drawn = room.editing.reading.mask.copy()  # type: ignore[union-attr]
        assert drawn.sum() > before.sum()
        press(room, Key.Key_Z, CTRL)
        assert np.array_equal(room.editing.reading.mask, before)  # type: ignore[union-attr]
        press(room, Key.Key_Z, CTRL)
        assert not room.measuring.measurements
        for _ in range(2):
            press(room, Key.Key_Z, CTRL | SHIFT)
        assert np.array_equal(room.editing.reading.mask, drawn)  # type: ignore[union-attr]
        assert len(room.measuring.measurements) == 1
        press(room, Key.Key_Escape)

        press(room, Key.Key_F3)
        rooms.write(room, "4")
        press(room, Key.Key_Return)
        room.window.panes.setFocus()
        press(room, Key.Key_D, CTRL)
        rooms.until(qtbot, lambda: room.assessing.assessment.state is ReadState.FINAL)
        rooms.until(qtbot, lambda: not room.editing.describing.busy)

        said = report(qtbot, room, tmp_path / "report.pdf")
        assert "uncalibrated" in said and "edited by reader" in said
        assert "Suspicious" in said or "suspicion" in said

    with rooms.opened(qtbot) as room:
        settled(qtbot, room)
        assert room.desk.state.case == stepped
        assert room.assessing.assessment.state is ReadState.FINAL
        assert room.editing.reading.mask_source is MaskSource.EDITED  # type: ignore[union-attr]
        assert np.array_equal(room.editing.reading.mask, drawn)  # type: ignore[union-attr]
        assert len(room.measuring.measurements) == 1

"""The examination in the window: hung, read view by view, its figures beside its pictures."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.panel.exam import ExamPanel
from breastview.gui.room import Room
from breastview.settings import Settings
from breastview.study.exam import Told, ViewScore, assembled
from tests import doubles, phantoms, rooms


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a stand-in that reads mammograms."""
    doubles.install(monkeypatch, tmp_path / "models")
    doubles.bundle_folder(tmp_path / "models", "mg-stand-in", modality="MG")


def figures(panel: ExamPanel) -> dict[str, str]:
    """Return what the panel shows, by the name before it."""
    grid = panel._grid
    texts = [
        (grid.itemAtPosition(row, 0).widget().text(), grid.itemAtPosition(row, 1).widget().text())
        for row in range(grid.rowCount())
        if grid.itemAtPosition(row, 0) is not None
    ]
    return dict(texts)


def test_the_panel_shows_every_view_each_breast_and_what_is_missing(qtbot: QtBot) -> None:
    panel = ExamPanel()
    qtbot.addWidget(panel)
    views = [
        ViewScore("R", "CC", Told.SCORED, 0.2), ViewScore("R", "MLO", Told.ABSTAINED, 0.55),
        ViewScore("L", "CC", Told.REFUSED),
    ]  # fmt: skip
    panel.show_exam(assembled(views, experimental=True))
    assert figures(panel) == {
        "Right breast": "55%", "R CC": "20%", "R MLO": "55%, does not commit itself",
        "Left breast": "no score", "L CC": "no score: refused by the input gate", "L MLO": "no picture",
    }  # fmt: skip
    assert "not a probability" in panel.rule.text()
    assert "not compared" in panel.sides.text()
    assert not panel.mark.isHidden() and panel.mark.text() == "Experimental"
    panel.show_exam(None)
    assert panel.isHidden()


def read(room: Room) -> bool:
    exam = room.examining.exam
    return exam is not None and exam.complete


def test_all_views_are_read_and_shown_whichever_is_on_the_desk(qtbot: QtBot, tmp_path: Path) -> None:
    factory = doubles.Factory()
    settings = Settings(prefetch=0, analyse_in_background=False)
    with rooms.opened(
        qtbot, phantoms.mammography_study(tmp_path / "study"), factory=factory, settings=settings
    ) as room:
        rooms.settled(qtbot, room)
        rooms.until(qtbot, lambda: read(room))
        assert len(room.examining.exam.views) == 4
        assert {name for name, _ in factory.analysed} == {"RCC.dcm", "LCC.dcm", "RMLO.dcm", "LMLO.dcm"}
        shown = figures(room.window.panel.exam)
        assert shown["Right breast"].endswith("%") and shown["L MLO"].endswith("%")
        assert room.companions.hangs


def test_views_that_are_listed_after_the_first_was_shown_hang_beside_it(qtbot: QtBot, tmp_path: Path) -> None:
    study = phantoms.mammography_study(tmp_path / "study")
    late = tmp_path / "late"
    late.mkdir()
    for name in ("LCC.dcm", "LMLO.dcm"):
        (study / name).rename(late / name)
    with rooms.opened(qtbot, study) as room:
        rooms.settled(qtbot, room)
        assert [one.instance.label[-7:] for one in room.companions._hung] == ["RCC.dcm", "MLO.dcm"]
        room.opening.add(late)
        rooms.until(qtbot, lambda: len(room.companions._hung) == 4)


def test_a_view_that_is_still_read_waits_in_the_panel(qtbot: QtBot, tmp_path: Path) -> None:
    gate = threading.Event()
    factory = doubles.Factory(gate=gate)
    with rooms.opened(qtbot, phantoms.mammography_study(tmp_path / "study"), factory=factory) as room:
        rooms.until(qtbot, lambda: room.examining.exam is not None)
        rooms.until(qtbot, lambda: len(room.examining.exam.views) == 4)
        assert figures(room.window.panel.exam)["R CC"] == "not read yet"
        assert room.window.panel.exam.progress.text() == "views read: 0 of 4"
        gate.set()
        rooms.until(qtbot, lambda: read(room))
        assert room.window.panel.exam.progress.text() == room.examining.exam.figure


def test_an_answer_about_the_examination_that_was_left_is_dropped(qtbot: QtBot, tmp_path: Path) -> None:
    phantoms.mammography_study(tmp_path / "both" / "1", PatientName="A")
    phantoms.picture(tmp_path / "both" / "2" / "mdb001.png")
    with rooms.opened(qtbot, tmp_path / "both") as room:
        rooms.settled(qtbot, room)
        mammogram = next(n for n, row in enumerate(room.model.rows) if row.instance.modality == "MG")
        loose = next(n for n, row in enumerate(room.model.rows) if row.instance.modality == "")
        room.stepping.row(mammogram)
        rooms.until(qtbot, lambda: read(room))
        late, generation = room.examining.exam, room.examining._generation
        room.stepping.row(loose)
        rooms.settled(qtbot, room)
        room.examining._found.emit(generation, late, ())
        assert room.examining.exam is None and room.window.panel.exam.isHidden()

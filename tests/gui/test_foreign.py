"""What other systems said of a picture: over it by name, switched off and on, never taken for our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui.dialogs.document import DocumentWindow
from breastview.gui.panes.foreign_layer import COLOURS
from breastview.gui.room import Room
from breastview.imaging.colour_maps import MASK_COLOURS
from breastview.study.foreign import Kind
from breastview.study.instance import Window
from tests import foreign_objects, phantoms, rooms


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A picture with a segmentation, a presentation state, a report and a document of another maker."""
    picture = phantoms.us_grey(tmp_path / "study" / "picture.dcm")
    foreign_objects.segmentation(picture.parent / "seg.dcm", picture, [phantoms.lesion()])
    foreign_objects.presentation(picture.parent / "state.dcm", picture)
    foreign_objects.report(picture.parent / "report.dcm", picture)
    foreign_objects.document(picture.parent / "letter.dcm", picture)
    return picture.parent


def gathered(qtbot: QtBot, room: Room) -> None:
    rooms.settled(qtbot, room)
    rooms.until(qtbot, lambda: len(room.foreign.overlays) == 4)


def shades(room: Room, pane: int) -> set[str]:
    """Return the colours that are painted in a pane."""
    image = room.window.panes.pane(pane).canvas.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_objects_are_listed_drawn_and_switched(qtbot: QtBot, study: Path) -> None:
    with rooms.opened(qtbot, study) as room:
        gathered(qtbot, room)
        assert len(room.model.rows) == 1
        panel, panes = room.window.panel.foreign, room.window.panes
        assert not panel.isHidden()
        assert len(panel.boxes) == 3
        assert {Path(path).name for path in panel.buttons} == {"report.dcm", "letter.dcm"}
        layers = {layer.overlay.companion.kind: layer for layer in panes._content.foreign.layers}
        assert set(layers) == {Kind.SEGMENTATION, Kind.PRESENTATION, Kind.REPORT}
        colour = layers[Kind.SEGMENTATION].colour
        assert colour in shades(room, 0)
        footer = " ".join(one.text for one in panes.pane(0).footer.captions)
        assert "Other systems:" in footer
        assert "Second reader" in footer
        panel.boxes[str(study / "seg.dcm")].click()
        assert colour not in shades(room, 0)
        assert len(panes._content.foreign.layers) == 2
        room.bar.actions["overlay.foreign"].trigger()
        assert not room.desk.state.look.foreign_visible
        assert not {layer.colour for layer in layers.values()} & shades(room, 0)
        panel.boxes[str(study / "seg.dcm")].click()
        (alone,) = panes._content.foreign.layers
        assert alone.overlay.companion.kind is Kind.SEGMENTATION


def test_they_change_nothing_of_our_own(qtbot: QtBot, study: Path) -> None:
    with rooms.opened(qtbot, study) as room:
        gathered(qtbot, room)
        assert room.editing.segmentation is None
        assert room.measuring.measurements == ()
        reading = room.session.reading(room.session.cases[0])
        assert reading.segmentation is None
        assert reading.measurements == ()


def test_a_window_is_only_taken_when_asked_for(qtbot: QtBot, study: Path) -> None:
    with rooms.opened(qtbot, study) as room:
        gathered(qtbot, room)
        assert room.desk.state.look.window is None
        room.window.panel.foreign.window_wanted.emit(Window(100.0, 50.0))
        assert room.desk.state.look.window == Window(100.0, 50.0)


def test_a_report_opens_as_text(qtbot: QtBot, study: Path) -> None:
    with rooms.opened(qtbot, study) as room:
        gathered(qtbot, room)
        room.window.panel.foreign.buttons[str(study / "report.dcm")].click()
        rooms.until(qtbot, lambda: bool(_documents()))
        (window,) = _documents()
        assert "Long axis: 12.50 mm" in window.text.toPlainText()
        assert window.text.isReadOnly()
        window.close()


def _documents() -> list[DocumentWindow]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, DocumentWindow)]


@pytest.mark.parametrize("there", [True, False])
def test_a_pdf_goes_to_the_desktops_viewer(qtbot: QtBot, study: Path, monkeypatch, there: bool) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: asked.append(Path(url.toLocalFile())) or there
    )
    with rooms.opened(qtbot, study) as room:
        gathered(qtbot, room)
        room.window.panel.foreign.buttons[str(study / "letter.dcm")].click()
        rooms.until(qtbot, lambda: bool(asked))
        assert asked[0].read_bytes() == foreign_objects.PDF_BYTES
        assert asked[0].stat().st_mode & 0o077 == 0
        assert asked[0].parent.stat().st_mode & 0o077 == 0
        said = room.window.messages.text.text()
        assert ("No program" in said) is not there


def test_colours_are_none_of_our_masks() -> None:
    ours = {QColor(*rgb).name() for rgb in MASK_COLOURS.values()}
    assert not ours & set(COLOURS)
    assert len(set(COLOURS)) == len(COLOURS)

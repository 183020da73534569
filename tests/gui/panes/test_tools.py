"""Who gets the mouse and the keys: the active tool, the standing tools, and only then window and level."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from breastview.gui.panes.look import Look
from breastview.gui.panes.pane_row import PaneRow
from breastview.gui.panes.tools import Cursor, IdleTool, Touch, ToView
from breastview.gui.panes.view import View, project


class Recorder(IdleTool):
    """Takes everything, or nothing, and remembers what came."""

    def __init__(self, name: str, takes: bool = True) -> None:
        self.name, self.takes = name, takes
        self.seen: list[tuple[str, tuple[float, float]]] = []
        self.busy = False
        self.painted = 0

    @property
    def cursor(self) -> Cursor:
        """A cross where it takes something."""
        return Qt.CursorShape.CrossCursor if self.takes else None

    def press(self, at: Touch) -> bool:
        """Begin."""
        self.seen.append(("press", at.picture_point))
        self.busy = self.takes
        return self.takes

    def move(self, at: Touch) -> bool:
        """Go on."""
        self.seen.append(("move", at.picture_point))
        return self.takes

    def release(self, at: Touch) -> bool:
        """End."""
        self.seen.append(("release", at.picture_point))
        return True

    def key(self, event: object) -> bool:
        """Take a key while busy."""
        return self.busy and event.key() == Qt.Key.Key_O  # type: ignore[attr-defined]

    def cancel(self) -> bool:
        """Give up."""
        was, self.busy = self.busy, False
        return was

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Count."""
        self.painted += 1

    def kinds(self) -> list[str]:
        """Return what came, without the moves of a hovering mouse."""
        return [kind for kind, _ in self.seen if kind != "move"]


def drag(
    row: PaneRow, start: QPoint, end: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> None:
    """Drag on the first pane."""
    canvas = row.pane(0).canvas
    QTest.mousePress(canvas, button, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, button, Qt.KeyboardModifier.NoModifier, end)


HERE, THERE = QPoint(80, 90), QPoint(120, 110)


def test_the_active_tool_gets_the_left_button_and_nothing_is_windowed(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    drag(shown, HERE, THERE)
    assert tool.kinds() == ["press", "release"]
    assert shown.look.window is None
    assert shown.pane(0).canvas.cursor().shape() is Qt.CursorShape.CrossCursor


def test_what_no_tool_wants_is_window_and_level(shown: PaneRow, qtbot: QtBot) -> None:
    tool = Recorder("brush", takes=False)
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    drag(shown, HERE, THERE)
    qtbot.waitUntil(lambda: shown.look.window is not None, timeout=60_000)
    assert tool.kinds() == ["press"]


def test_other_buttons_go_on_moving_and_zooming_while_a_tool_is_active(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    before = shown.view
    drag(shown, HERE, THERE, Qt.MouseButton.MiddleButton)
    assert shown.view != before and tool.kinds() == []


def test_a_standing_tool_is_asked_when_none_is_active_and_after_one_that_is(shown: PaneRow) -> None:
    active, standing = Recorder("brush"), Recorder("hand")
    shown.tools.add(active)
    shown.tools.add_standing(standing)
    drag(shown, HERE, THERE)
    shown.set_look(Look(tool="brush"))
    drag(shown, HERE, THERE)
    assert standing.kinds() == ["press", "release"] and active.kinds() == ["press", "release"]


def test_a_tool_gets_px_of_the_frame_whatever_the_zoom(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    shown.zoom_in()
    to_view = shown.pane(0).canvas.to_view()
    at = to_view(70.0, 50.0).toPoint()
    drag(shown, at, at)
    x, y = tool.seen[0][1]
    assert abs(x - 70) <= 0.5 / to_view.scale and abs(y - 50) <= 0.5 / to_view.scale


def test_centres_of_pixels_are_whole_numbers(shown: PaneRow) -> None:
    to_view = ToView(project(View(8.0, 2.0, 2.0), 64, 64), 2.0)
    assert to_view(2, 2) == QPointF(18, 18)  # the pixel covers device px 32 to 40, which are 16 to 20 here
    assert to_view.back(QPointF(18, 18)) == (2.0, 2.0) and to_view.scale == 4


def test_esc_gives_up_the_drawing_first(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    tool.busy = True
    assert shown.tools.cancel() and not shown.tools.cancel()


def test_a_tool_that_is_done_is_put_away(shown: PaneRow) -> None:
    shown.tools.add(Recorder("brush"))
    shown.set_look(Look(tool="brush"))
    looks = []
    shown.look_changed.connect(looks.append)
    shown.tools.done.emit()
    assert shown.tools.active is None and looks[-1].tool == ""


def test_another_picture_ends_what_was_being_drawn(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    tool.busy = True
    shown.set_picture(None, None)
    assert not tool.busy


def test_a_key_that_a_tool_takes_is_no_shortcut(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    shown.setFocus()
    pressed = QTest.keyClick
    tool.busy = True
    pressed(shown, Qt.Key.Key_O)
    assert shown._taken is None  # the key press that followed was swallowed


def test_tools_draw_on_every_pane(shown: PaneRow) -> None:
    tool = Recorder("brush")
    shown.tools.add(tool)
    shown.set_look(Look(tool="brush"))
    tool.painted = 0
    for index in range(3):
        shown.pane(index).canvas.grab()
    assert tool.painted == 3

"""Measuring on the picture."""

from __future__ import annotations

from breastview.gui.actions.action import MEASURE, Action, picture
from breastview.gui.commands import Commands, Facts
from breastview.language import mark
from breastview.study.measurement import Tool


def _tool(tool: Tool, text: str, icon: str, keys: tuple[str, ...], tip: str, bar: bool = False) -> Action:
    def take(commands: Commands) -> None:
        commands.measure.tool(tool.value)

    def taken(facts: Facts) -> bool:
        return facts.look.tool == tool.value

    return Action(f"measure.{tool.value}", MEASURE, text, icon, keys, tip, take, picture, taken, bar=bar)


def _chosen(facts: Facts) -> bool:
    return facts.measurement


def _measured(facts: Facts) -> bool:
    return facts.measured


ACTIONS: tuple[Action, ...] = (
    _tool(Tool.DISTANCE, mark("Distance"), "ruler", ("D",),
          mark("Measure a distance: drag, or click both ends; Shift keeps to 45°"), bar=True),
    _tool(Tool.AXES, mark("Two axes"), "arrow-all", ("J",),
          mark("Measure long and short axis: two drags, the second at right angles"), bar=True),
    _tool(Tool.ANGLE, mark("Angle"), "angle-acute", ("A",),
          mark("Measure an angle: end, vertex, end")),
    _tool(Tool.ELLIPSE, mark("Ellipse"), "ellipse-outline", ("E",),
          mark("Measure area and grey levels of an ellipse: drag, or click axis and width"), bar=True),
    _tool(Tool.RECTANGLE, mark("Rectangle"), "rectangle-outline", ("Shift+E",),
          mark("Measure area and grey levels of a rectangle")),
    _tool(Tool.FREEHAND, mark("Freehand area"), "draw", ("F",),
          mark("Measure area and grey levels inside an outline: drag, or click corners and double-click")),
    _tool(Tool.TEXT, mark("Note with an arrow"), "message-arrow-left-outline", ("B",),
          mark("Write on the picture: drag from what it is about to where the words stand")),
    Action("measure.ruler", MEASURE, mark("Calibrate with a ruler…"), "ruler-square-compass", ("Shift+D",),
           mark("Draw a line over the burned-in depth scale and type its length"),
           lambda c: c.measure.tool("ruler"), picture, lambda facts: facts.look.tool == "ruler"),
    Action("measure.uncalibrate", MEASURE, mark("Remove the depth ruler"), "", (),
           mark("Go back to the file's own millimetres, or to px"), lambda c: c.measure.uncalibrate(),
           lambda facts: facts.ruler),
    Action("measure.next", MEASURE, mark("Next measurement"), "", ("Shift+Tab",),
           mark("Choose the next measurement"), lambda c: c.measure.next(1), _measured),
    Action("measure.delete", MEASURE, mark("Delete measurement"), "delete-outline", ("Del",),
           mark("Delete the chosen measurement"), lambda c: c.measure.delete(), _chosen),
    Action("measure.clear", MEASURE, mark("Delete all measurements"), "", ("Shift+Del",),
           mark("Delete the measurements of this image; undo brings them back"),
           lambda c: c.measure.clear(), _measured),
    Action("measure.copy", MEASURE, mark("Copy measurements"), "content-copy", ("Ctrl+C",),
           mark("Copy the chosen measurement's numbers, or all, with their sources"),
           lambda c: c.measure.copy(), _measured),
    Action("measure.show", MEASURE, mark("Measurements"), "", ("Shift+M",),
           mark("Show or hide what you measured"), lambda c: c.measure.toggle(), picture,
           lambda facts: facts.look.measurements_visible),
)  # fmt: skip

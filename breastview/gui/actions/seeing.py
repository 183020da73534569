"""What the left button does to the view, and how the grey levels are shown."""

from __future__ import annotations

from breastview.gui.actions.action import BUTTON, LEVELS, Action, picture
from breastview.gui.commands import Commands, Facts
from breastview.gui.panes import viewing_tools
from breastview.language import mark


def _tool(name: str, text: str, icon: str, key: str, tip: str) -> Action:
    def take(commands: Commands) -> None:
        commands.look.tool(name)

    def taken(facts: Facts) -> bool:
        return facts.look.tool == name

    return Action(f"tool.{name}", BUTTON, text, icon, (key,), tip, take, picture, taken)


ACTIONS: tuple[Action, ...] = (
    _tool(viewing_tools.WINDOW, mark("Window and level"), "contrast-circle", "W",
          mark("Drag with the left button: window and level, whatever lies under the mouse")),
    _tool(viewing_tools.PAN, mark("Pan"), "pan", "T",
          mark("Drag with the left button: move the picture (middle drag)")),
    _tool(viewing_tools.ZOOM, mark("Zoom"), "magnify", "Z",
          mark("Drag with the left button: zoom (right drag)")),
    _tool(viewing_tools.MAGNIFIER, mark("Magnifier"), "magnify-scan", "Shift+Z",
          mark("A loupe follows the mouse in all panes of the picture; the wheel makes it stronger")),
    Action("look.histogram", LEVELS, mark("Histogram"), "chart-histogram", ("Shift+W",),
           mark("Show the histogram of the active pane with the window to be dragged"),
           lambda c: c.look.toggle("histogram"), picture, lambda facts: facts.look.histogram),
    Action("levels.automatic", LEVELS, mark("Automatic window"), "auto-fix", ("Ctrl+L",),
           mark("Span the values but for the darkest and brightest half percent"),
           lambda c: c.look.automatic(), picture),
    Action("levels.brighter", LEVELS, mark("Brighter"), "", ("Alt+Up",), mark("Move the window: brighter"),
           lambda c: c.panes.step_window(0, 1), picture),
    Action("levels.darker", LEVELS, mark("Darker"), "", ("Alt+Down",), mark("Move the window: darker"),
           lambda c: c.panes.step_window(0, -1), picture),
    Action("levels.narrower", LEVELS, mark("More contrast"), "", ("Alt+Left",),
           mark("Make the window narrower"), lambda c: c.panes.step_window(-1, 0), picture),
    Action("levels.wider", LEVELS, mark("Less contrast"), "", ("Alt+Right",), mark("Make the window wider"),
           lambda c: c.panes.step_window(1, 0), picture),
    Action("levels.presets", LEVELS, mark("Edit presets…"), "", (),
           mark("Name windows of your own; they stand after the file's"), lambda c: c.window.edit_presets()),
)  # fmt: skip

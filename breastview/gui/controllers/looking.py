"""How the picture and its overlays are drawn."""

from __future__ import annotations

from breastview.gui.controllers.showing import Showing
from breastview.gui.desk import Desk
from breastview.gui.panes.layouts import Shows
from breastview.gui.panes.look import SEGMENTER, heat_style
from breastview.gui.state import Overlay

STEP = 0.1
LEVELS = 3
"""Numbers of levels of the corner text."""


class Looking:
    """Changes the look; the panes follow."""

    def __init__(self, desk: Desk, showing: Showing) -> None:
        self._desk, self._showing = desk, showing

    def mask(self) -> None:
        """Show or hide the mask; the opacity keys act on it from now on."""
        self._toggle_overlay(Overlay.MASK, "mask_visible")

    def heat(self) -> None:
        """Show or hide the Grad-CAM; the opacity keys act on it from now on."""
        self._toggle_overlay(Overlay.HEAT, "heat_visible")

    def _toggle_overlay(self, overlay: Overlay, name: str) -> None:
        self.toggle(name)
        self._desk.change(overlay=overlay)

    def toggle(self, name: str) -> None:
        """Switch a yes-or-no field of the look."""
        self._desk.look(**{name: not getattr(self._desk.state.look, name)})

    def flip(self, across: bool) -> None:
        """Swap left and right of the screen, or top and bottom."""
        lying = self._desk.state.look.orientation
        self._desk.look(orientation=lying.flipped_across() if across else lying.flipped_down())

    def turn(self, quarters: int) -> None:
        """Turn the picture by quarters clockwise."""
        self._desk.look(orientation=self._desk.state.look.orientation.turned(quarters))

    def tool(self, name: str) -> None:
        """Take a tool of the left button, or put it away again."""
        self._desk.look(tool="" if self._desk.state.look.tool == name else name)

    def automatic(self) -> None:
        """Take the window that spans what occurs in the picture."""
        shown = self._showing.shown
        if shown is not None and shown.pixels is not None:
            from breastview.imaging.window import automatic

            self._desk.look(window=automatic(shown.pixels))

    def opacity(self, by: float) -> None:
        """Make the active overlay more or less opaque; raising it from nothing also shows it."""
        state = self._desk.state
        name, visible = (
            ("fill_opacity", "mask_visible")
            if state.overlay is Overlay.MASK
            else (heat_style(state.look, state.look.heat_source).fields[0], "heat_visible")
        )
        value = min(max(round(getattr(state.look, name) + by, 2), 0.0), 1.0)
        self._desk.look(**{name: value, visible: getattr(state.look, visible) or by > 0})

    def source(self, name: str) -> None:
        """Show the Grad-CAM of a class or of the segmenter."""
        self._desk.look(heat_source=name, heat_visible=True)
        self._desk.change(overlay=Overlay.HEAT)

    def active_pane(self, shows: Shows) -> None:
        """Let the opacity keys act on the overlay of the pane that was made the active one."""
        heat = dict.fromkeys((Shows.HEAT, Shows.SEGMENTER), Overlay.HEAT)
        overlay = (heat | {Shows.MASK: Overlay.MASK}).get(shows)
        if overlay is not None:
            self._desk.change(overlay=overlay)

    def next_source(self) -> None:
        """Show the Grad-CAM of the next class, after the last one that of the segmenter."""
        analysis = self._showing.analysis
        if analysis is None:
            return
        names = (*analysis.classes, *((SEGMENTER,) if analysis.draws_mask else ()))
        here = self._desk.state.look.heat_source
        if here not in names:
            here = analysis.classes[analysis.top] if analysis.top is not None else names[-1]
        self.source(names[(names.index(here) + 1) % len(names)])

    def preset(self, number: int) -> None:
        """Take a window preset of the picture: 0 the file's own, 1 and on the others."""
        shown = self._showing.shown
        if shown is None or shown.pixels is None or (instance := self._showing.instance) is None:
            return
        if number == 0:
            self._desk.look(window=None)
            return
        from breastview.imaging.window import presets

        there = presets(instance, shown.pixels, self._desk.state.look.presets)
        if number <= len(there):
            self._desk.look(window=there[number - 1])

    def preset_names(self) -> tuple[str, ...]:
        """Return what the digits from 1 on choose for the shown picture."""
        shown, instance = self._showing.shown, self._showing.instance
        if shown is None or shown.pixels is None or instance is None:
            return ()
        from breastview.imaging.window import presets

        return tuple(one.name for one in presets(instance, shown.pixels, self._desk.state.look.presets))

    def layout(self, panes: int) -> None:
        """Show one to four panes, with what belongs in them."""
        self._desk.look(layout=panes, contents=(), maximised=None)

    def annotation(self) -> None:
        """Show more, or no, corner text."""
        self._desk.look(annotation_level=(self._desk.state.look.annotation_level - 1) % LEVELS)

"""How the picture and its overlays are drawn."""

from __future__ import annotations

from breastview.gui.controllers.showing import Showing
from breastview.gui.desk import Desk
from breastview.gui.panes.look import SEGMENTER
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

    def opacity(self, by: float) -> None:
        """Make the active overlay more or less opaque; raising it from nothing also shows it."""
        state = self._desk.state
        name, visible = (
            ("fill_opacity", "mask_visible")
            if state.overlay is Overlay.MASK
            else ("heat_opacity", "heat_visible")
        )
        value = min(max(round(getattr(state.look, name) + by, 2), 0.0), 1.0)
        self._desk.look(**{name: value, visible: getattr(state.look, visible) or by > 0})

    def source(self, name: str) -> None:
        """Show the Grad-CAM of a class or of the segmenter."""
        self._desk.look(heat_source=name, heat_visible=True)
        self._desk.change(overlay=Overlay.HEAT)

    def active_pane(self, pane: int) -> None:
        """Let the opacity keys act on the overlay of the pane that was made the active one."""
        overlay = {1: Overlay.MASK, 2: Overlay.HEAT}.get(pane)
        if overlay is not None:
            self._desk.change(overlay=overlay)

    def next_source(self) -> None:
        """Show the Grad-CAM of the next class, after the last one that of the segmenter."""
        analysis = self._showing.analysis
        if analysis is None:
            return
        names = (*analysis.classes, SEGMENTER)
        here = self._desk.state.look.heat_source
        if here not in names:
            here = analysis.classes[analysis.top] if analysis.top is not None else SEGMENTER
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

        there = presets(instance, shown.pixels)
        if number <= len(there):
            self._desk.look(window=there[number - 1])

    def layout(self, panes: int) -> None:
        """Show one, two or three panes."""
        self._desk.look(layout=panes, maximised=None)

    def annotation(self) -> None:
        """Show more, or no, corner text."""
        self._desk.look(annotation_level=(self._desk.state.look.annotation_level - 1) % LEVELS)

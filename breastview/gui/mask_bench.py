"""Puts together what drawing masks is made of: tools on the panes, the list of findings, the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QToolButton

from breastview.gui.message_bar import Kind
from breastview.gui.panel import findings, honesty
from breastview.gui.panes.brushes import BrushSize, BrushTool
from breastview.gui.panes.brushes_fill import FillTool
from breastview.gui.panes.brushes_polygon import PolygonTool
from breastview.gui.panes.outlines_lesions import Lesions, of_reader
from breastview.gui.panes.outlines_live import LiveMask
from breastview.imaging.dice import dice

if TYPE_CHECKING:
    from breastview.gui.action_bar import ActionBar
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.editing import Editing
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.desk import Desk
    from breastview.gui.main_window import MainWindow
    from breastview.study.reading import Reading


class MaskBench(QObject):
    """Connects window and controller."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        showing: Showing,
        editing: Editing,
        assessing: Assessing,
        bar: ActionBar,
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._editing, self._assessing = window, desk, editing, assessing
        self._honest: tuple[Reading | None, str] | None = None
        self._lesions: Lesions | None = None
        size, tools = BrushSize(), window.panes.tools
        for tool in (
            BrushTool("brush", True, editing, size), BrushTool("eraser", False, editing, size),
            PolygonTool(editing), FillTool(editing),
        ):  # fmt: skip
            tools.add(tool)
        self._add_buttons(bar)
        editing.changed.connect(self.follow)
        # Once more when the panes have the new picture, which forgets what was known about the one before.
        showing.picture_changed.connect(lambda _same: self.follow())
        showing.frame_played.connect(self.follow)
        editing.drawing.connect(lambda mask: window.panes.set_live(LiveMask(mask)))
        editing.touched_part.connect(window.panes.touch)
        editing.redrawn.connect(window.panes.redraw)
        editing.refused.connect(lambda sentence: window.messages.say(sentence, Kind.WARNING))
        window.panes.pointed.connect(lambda column, row, _value: editing.point(column, row))
        assessing.changed.connect(self.list)
        desk.changed.connect(self._looked)
        panel = window.panel.findings
        panel.chosen.connect(editing.choose)
        panel.deleted.connect(editing.delete)
        panel.level_wanted.connect(editing.threshold)
        panel.wanted.connect(assessing.describe)
        self.follow()

    def _add_buttons(self, bar: ActionBar) -> None:
        groups = []
        for names in findings.TOOLS:
            group = []
            for name in names:
                button = QToolButton()
                button.setDefaultAction(bar.actions[name])
                group.append((name, button))
            groups.append(group)
        self._window.panel.findings.add_tools(groups)

    def _looked(self, before: object, after: object) -> None:
        if getattr(before, "look", None) != getattr(after, "look", None):
            self.list()

    def follow(self) -> None:
        """Show the mask that counts, and its numbers."""
        reading = self._editing.reading
        holds = self._editing.holds
        if not holds:
            made = None if reading is None else of_reader(reading)
            self._lesions = self._lesions if made is not None and made.alike(self._lesions) else made
            self._window.panes.set_lesions(self._lesions)
        if reading is not None and reading.analysis is not None and not holds:
            self._window.panel.ai.flags.show_flags(reading.flags)
        self.list()

    def list(self) -> None:
        """Show the numbers."""
        panel, look = self._window.panel, self._desk.state.look
        panel.findings.show_findings(self._shown())
        shown = self._editing.reading if look.heat_visible else None
        if self._honest is None or self._honest[0] is not shown or self._honest[1] != look.heat_source:
            self._honest = shown, look.heat_source
            panel.ai.meter.show_honesty(honesty.of_reading(shown, look.heat_source))

    def _shown(self) -> findings.Shown:
        editing, reading = self._editing, self._editing.reading
        if reading is None:
            return findings.Shown()
        thresholds, assessment = editing.thresholds, self._assessing.assessment
        mask = reading.mask
        compared = mask is not None and reading.truth is not None and mask.shape == reading.truth.shape
        return findings.Shown(
            findings=reading.findings,
            source=reading.mask_source,
            chosen=editing.chosen,
            suggestions=editing.suggestions,
            taken=assessment.descriptors if assessment is not None else (),
            covered=reading.edited_area,
            dice=dice(mask, reading.truth) if compared else None,  # type: ignore[arg-type]
            level=editing.level,
            usual=thresholds.mask if thresholds is not None else None,
            editable=True,
            pending=editing.pending,
            describing=editing.describing.busy,
            kind=reading.kind,
        )

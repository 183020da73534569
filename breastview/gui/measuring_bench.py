"""Puts together what measuring is made of: tools on the panes, fields over them, the list, the controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QWidget

from breastview.gui.message_bar import Kind
from breastview.gui.panel.measurements import Grey, Line
from breastview.gui.panes.measuring_editors import Floating, RulerLength, Words, ask
from breastview.gui.panes.measuring_sheet import RULER
from breastview.gui.panes.measuring_tools import Draw, DrawRuler, Hand
from breastview.imaging import regions
from breastview.language import said, tr
from breastview.study import measured_words
from breastview.study.measurement import Measurement, Tool

if TYPE_CHECKING:
    from breastview.gui.controllers.measuring import Measuring
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.main_window import MainWindow
    from breastview.gui.panes.canvas import Canvas

MARGIN = 30.0
"""Device-independent px from the edge of a pane within which something counts as out of sight."""


class MeasuringBench(QObject):
    """Connects window and controller.

    Parameters
    ----------
    window : MainWindow
    measuring : Measuring
    showing : Showing
    keep_tool : callable
        () -> whether a tool stays in the hand after a measurement.
    """

    def __init__(
        self, window: MainWindow, measuring: Measuring, showing: Showing, keep_tool: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._window, self._measuring, self._showing, self._keep_tool = window, measuring, showing, keep_tool
        self._editor: Floating | None = None
        self._chosen = ""
        self._last: tuple[float, float] = (0.0, 0.0)
        sheet, tools = measuring.sheet, window.panes.tools
        tools.add_standing(Hand(sheet))
        for tool in Tool:
            tools.add(Draw(sheet, tool, self._done))
        tools.add(DrawRuler(sheet, tools.done.emit))
        sheet.changed.connect(tools.repaint)
        sheet.words_wanted.connect(self.ask_words)
        sheet.ruled.connect(self.ask_length)
        self._connect()
        self.follow()

    def _connect(self) -> None:
        measuring, panel, window = self._measuring, self._window.panel.measurements, self._window
        measuring.changed.connect(self.follow)
        measuring.recalibrated.connect(self._recalibrated)
        measuring.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.WARNING))
        self._showing.analysis_changed.connect(self._new_lesions)
        self._showing.picture_changed.connect(lambda _same: self._new_picture())
        panel.chosen.connect(measuring.choose)
        panel.deleted.connect(measuring.delete)
        panel.renamed.connect(measuring.rename)
        panel.copied.connect(measuring.copy)
        panel.jumped.connect(self.jump)
        panel.ruler_wanted.connect(lambda: measuring.tool(RULER))
        panel.ruler_removed.connect(measuring.uncalibrate)
        panel.left.connect(lambda: window.panes.setFocus())

    def _done(self) -> None:
        if not self._keep_tool():
            self._window.panes.tools.done.emit()

    # What is shown -----------------------------------------------------------------------------------------

    def follow(self) -> None:
        """Show what the controller holds."""
        panel, measuring = self._window.panel.measurements, self._measuring
        panel.show_lines([self._line(one) for one in measuring.measurements], measuring.chosen, self._grey())
        if measuring.chosen and measuring.chosen != self._chosen:
            self._window.panel.beyond.keep_in_sight(panel.part)
        self._chosen = measuring.chosen
        there = measuring.sheet.paper.pixels is not None
        panel.show_source(self._source() if there else "", measuring.by_ruler is not None, there)
        self._window.panes.set_calibration(measuring.by_ruler)

    def _line(self, one: Measurement) -> Line:
        found = self._measuring.quantities(one)
        value = measured_words.value(one.tool, found)
        details = measured_words.details(one.tool, found)
        return Line(one.identifier, self._measuring.title(one), one.tool, value, details)

    def _grey(self) -> Grey | None:
        chosen = self._measuring.selected
        found = None if chosen is None else self._measuring.sheet.histogram(chosen)
        return None if found is None else Grey(*found)

    def _source(self) -> str:
        calibration = self._measuring.calibration
        if not calibration.source:
            return tr("Uncalibrated: numbers are in px.")
        if self._measuring.by_ruler is None:
            return tr("Millimetres: {source}").format(source=said(calibration.source))
        if self._measuring.for_folder:
            return tr("Millimetres: {source}, for this folder’s pictures of this size").format(
                source=said(calibration.source)
            )
        return tr("Millimetres: {source}, for this picture").format(source=said(calibration.source))

    def _new_picture(self) -> None:
        self._close_editor()
        self._window.panes.set_calibration(self._measuring.by_ruler)

    def _new_lesions(self) -> None:
        analysis = self._showing.analysis
        outlines = [np.asarray(finding.contour) for finding in analysis.findings] if analysis else []
        boxes = ((*line.min(axis=0).tolist(), *line.max(axis=0).tolist()) for line in outlines)
        self._measuring.sheet.keep_clear(tuple(boxes))

    def _recalibrated(self) -> None:
        self._window.panes.set_calibration(self._measuring.by_ruler)
        self._showing.measure_again()

    def jump(self, identifier: str) -> None:
        """Bring a measurement into sight, and give the keys to the pictures."""
        found, panes = self._measuring.find(identifier), self._window.panes
        if found is None:
            return
        to_view = panes.pane(panes.active).canvas.to_view()
        line = regions.outline(found)
        middle = to_view(*(float(value) for value in (line.min(axis=0) + line.max(axis=0)) / 2))
        if not to_view.area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN).contains(middle):
            away = to_view.area.center() - middle
            panes.pan(away.x(), away.y())
        self._measuring.choose(identifier)

    # Fields over the picture -------------------------------------------------------------------------------

    def ask_words(self, measurement: Measurement) -> None:
        """Let the reader write a note, or rename a measurement, where it stands."""
        words = Words(self._window.panes, measurement)
        words.written.connect(self._measuring.change)
        self._ask(words, words.field, measurement.points[-1])

    def ask_length(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Ask how long the line over the depth scale is."""
        rows, columns = self._measuring.sheet.paper.size
        field = RulerLength(self._window.panes, start, end, columns, rows)
        field.calibrated.connect(self._measuring.calibrate)
        self._measuring.sheet.draft = Measurement(RULER, Tool.DISTANCE, (start, end))
        self._ask(field, field.length, end)

    def _canvas(self) -> Canvas:
        panes = self._window.panes
        return panes.pane(panes.active).canvas

    def _ask(self, editor: Floating, field: QWidget, at: tuple[float, float]) -> None:
        self._close_editor()
        self._editor = editor
        editor.ended.connect(lambda: self._editor_gone(editor))
        canvas = self._canvas()
        ask(editor, field, QPointF(canvas.mapTo(self._window.panes, canvas.to_view()(*at).toPoint())))

    def _editor_gone(self, editor: Floating) -> None:
        if self._editor is editor:
            self._editor = None
            self._measuring.sheet.draft = None
            self._window.panes.tools.repaint.emit()
            self._window.panes.setFocus()

    def _close_editor(self) -> None:
        if self._editor is not None:
            self._editor.leave()

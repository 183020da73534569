"""The three linked panes: one picture, one view, one look; what the reader does comes out as signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from breastview.gui import theme
from breastview.gui.panes import content, view
from breastview.gui.panes.canvas import Canvas, Parts
from breastview.gui.panes.content import Content, Note
from breastview.gui.panes.frame_slider import FrameSlider
from breastview.gui.panes.look import PANES, Look
from breastview.gui.panes.pane import Pane
from breastview.gui.panes.readout import value_text
from breastview.gui.panes.view import View
from breastview.gui.panes.window_drag import dragged
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

GAP = 2
"""Between panes, in device-independent px."""

STEP = 1.25
"""Factor of `PaneRow.zoom_in`."""

_ORIGINAL, _MASK, _HEAT = range(len(PANES))

_LAYOUTS: dict[int, dict[int, Parts]] = {
    3: {_ORIGINAL: Parts(text=True), _MASK: Parts(mask=True), _HEAT: Parts(heat=True)},
    2: {_ORIGINAL: Parts(text=True), _MASK: Parts(mask=True, heat=True)},
    1: {_MASK: Parts(mask=True, heat=True, text=True)},
}


def shown_panes(look: Look) -> dict[int, Parts]:
    """Return which panes are shown and what each draws; the first one bears the corner text."""
    layout = _LAYOUTS.get(look.layout, _LAYOUTS[3])
    if look.maximised is None:
        return layout
    one = look.maximised if look.maximised in range(len(PANES)) else _ORIGINAL
    return {one: replace(layout.get(one, _LAYOUTS[3][one]), text=True)}


class PaneRow(QWidget):
    """Original, mask and Grad-CAM side by side.

    Setters show what they are given and send nothing; what the reader does is shown at once and sent.

    Parameters
    ----------
    parent : QWidget, optional
        The window.
    drag_up_brightens : bool
        Direction of a window/level drag.

    Attributes
    ----------
    look_changed : Signal(Look)
        Window dragged, overlay toggled, opacity, colours, heat source or maximised pane chosen here.
    pointed : Signal(int, int, str)
        Column and row under the mouse and the value there; -1, -1 and nothing when it leaves the picture.
    files_dropped : Signal(list)
        Paths dropped from outside.
    step_requested : Signal(int)
        Notches of the wheel, forwards is positive.
    frame_requested : Signal(int)
        Frame chosen with the slider, counted from 0.
    active_changed : Signal(int)
        Index of the pane that keys act on, see `look.PANES`.
    view_changed : Signal(float)
        Zoom in device px per px of the picture.
    """

    look_changed = Signal(object)
    pointed = Signal(int, int, str)
    files_dropped = Signal(list)
    step_requested = Signal(int)
    frame_requested = Signal(int)
    active_changed = Signal(int)
    view_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None, drag_up_brightens: bool = True) -> None:
        super().__init__(parent)
        self.drag_up_brightens = drag_up_brightens
        self._content, self._look, self._view = Content(), Look(), View()
        self._active = _ORIGINAL
        self._dragged = QPointF()
        self._windowing = QTimer(self)
        self._windowing.setSingleShot(True)
        self._windowing.setInterval(0)
        self._windowing.timeout.connect(self._drag_window)
        self._panes = tuple(Pane(name, self) for name in PANES)
        self._frames = FrameSlider(self)
        self._frames.requested.connect(self.frame_requested)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for index, pane in enumerate(self._panes):
            self._connect(index, pane)
        self.setMinimumSize(QSize(480, 240))
        self.set_look(self._look)
        self._arrange()
        self._activate(_ORIGINAL)

    def _connect(self, index: int, pane: Pane) -> None:
        pane.chosen.connect(self._choose)
        pane.canvas.resized.connect(self._refit)
        gestures = pane.canvas.gestures
        gestures.pressed.connect(lambda: self._activate(index))
        gestures.maximised.connect(self.maximise)
        gestures.stepped.connect(self.step_requested)
        gestures.window_dragged.connect(self._collect_drag)
        gestures.panned.connect(self.pan)
        gestures.zoomed.connect(lambda factor, x, y: self._zoom_at(pane.canvas, factor, x, y))
        gestures.hovered.connect(lambda x, y: self._point(pane.canvas, x, y))
        gestures.left.connect(self._point_nowhere)

    # What to show ------------------------------------------------------------------------------------------

    def set_picture(
        self, pixels: FramePixels | None, instance: Instance | None, frame: int = 0, keep_view: bool = False
    ) -> None:
        """Show a frame; whatever was known about the one before is gone.

        Parameters
        ----------
        pixels, instance : FramePixels and Instance, or None
            None: no picture; a message stays.
        frame : int
            Counted from 0.
        keep_view : bool
            Keep zoom and centre (another frame of the same cine) instead of fitting the picture.
        """
        message = self._content.message if pixels is None else ""
        note = Note(self.tr("AI is reading…")) if pixels is not None else Note()
        self._show(replace(content.opened(pixels, instance, frame), message=message, note=note))
        self._frames.show_frame(frame, instance.frames if instance is not None and pixels is not None else 1)
        self._arrange()
        if pixels is not None and (not keep_view or self._view.fitted):
            self.fit()

    def set_analysis(
        self, analysis: Analysis | None, instance: Instance | None = None, frame: int | None = None
    ) -> None:
        """Show the AI's reading, or take it away.

        Parameters
        ----------
        analysis : Analysis or None
            One whose mask is not of the picture's size is not shown.
        instance, frame : Instance and int, optional
            What was analysed; where it is given and something else is on the screen, nothing happens.
        """
        other = instance is not None and (
            self._content.instance is None or instance.path != self._content.instance.path
        )
        if other or (frame is not None and frame != self._content.frame):
            return
        self._show(self._content.with_analysis(analysis))

    def set_truth(self, mask: NDArray[np.bool_] | None) -> None:
        """Take the ground truth, ``(rows, columns)`` bool; it is drawn while `Look.truth_visible`."""
        self._show(self._content.with_truth(mask))

    def set_message(self, text: str) -> None:
        """Show a sentence instead of the picture; an empty one uncovers it."""
        self._show(replace(self._content, message=text))

    def set_ai_note(self, text: str, failed: bool = False) -> None:
        """Show a line about the AI over the overlay panes' lower edge; an analysis takes its place."""
        self._show(replace(self._content, note=Note(text, failed)))

    def set_look(self, look: Look) -> None:
        """Draw as the look says."""
        before, self._look = self._look, look
        shown = shown_panes(look)
        for index, pane in enumerate(self._panes):
            pane.show_parts(shown.get(index, Parts()))
            pane.show_look(look)
        if shown.keys() != shown_panes(before).keys():
            self._rearrange()
        if self._active not in shown:
            self._activate(next(iter(shown)))

    def _show(self, shown: Content) -> None:
        self._content = shown
        for pane in self._panes:
            pane.show_content(shown)

    # What is shown -----------------------------------------------------------------------------------------

    @property
    def look(self) -> Look:
        """How the panes draw at present."""
        return self._look

    @property
    def view(self) -> View:
        """Which part of the picture is seen at present."""
        return self._view

    @property
    def active(self) -> int:
        """Index of the pane that keys act on, see `look.PANES`."""
        return self._active

    def pane(self, index: int) -> Pane:
        """Return a pane, see `look.PANES`."""
        return self._panes[index]

    def grab_key_image(self) -> QImage:
        """Return the shown pictures with overlays and captions, without controls, in device px.

        Below lies an empty strip as high as a caption, for a line that the caller writes.
        """
        panes = [self._panes[index] for index in shown_panes(self._look)]
        parts = [(pane.canvas.grab().toImage(), pane.footer.grab().toImage()) for pane in panes]
        gap = round(GAP * panes[0].canvas.scale)
        width = sum(picture.width() for picture, _ in parts) + gap * (len(parts) - 1)
        height = max(picture.height() + 2 * caption.height() for picture, caption in parts)
        whole = QImage(width, height, QImage.Format.Format_RGB32)
        whole.fill(QColor(theme.PANE))
        painter = QPainter(whole)
        x = 0
        for picture, caption in parts:
            for image in (picture, caption):
                image.setDevicePixelRatio(1)
            painter.drawImage(x, 0, picture)
            painter.drawImage(x, picture.height(), caption)
            x += picture.width() + gap
        painter.end()
        return whole

    # What the reader does: the look ------------------------------------------------------------------------

    def _choose(self, fields: dict[str, Any]) -> None:
        """Change the look here and say so."""
        look = replace(self._look, **fields)
        if look != self._look:
            self.set_look(look)
            self.look_changed.emit(look)

    def _collect_drag(self, dx: float, dy: float) -> None:
        """Add to a window drag; all movements that wait in the queue become one change."""
        self._dragged += QPointF(dx, dy)
        self._windowing.start()

    def _drag_window(self) -> None:
        pixels, step = self._content.pixels, self._dragged
        self._dragged = QPointF()
        if pixels is None or self._content.message:
            return
        window = self._look.window or pixels.window
        turned = self._look.invert != (pixels.photometric == "MONOCHROME1")
        self._choose({"window": dragged(window, step.x(), step.y(), self.drag_up_brightens, turned)})

    def change_opacity(self, step: float) -> None:
        """Make the active pane's overlay more or less opaque; in the original, the mask."""
        name = "heat_opacity" if self._active == _HEAT else "fill_opacity"
        self._choose({name: round(min(max(getattr(self._look, name) + step, 0.0), 1.0), 2)})

    def next_pane(self, step: int = 1) -> None:
        """Make the next shown pane the active one; with one maximised, show the next one instead."""
        if self._look.maximised is not None:
            self._choose({"maximised": (self._look.maximised + step) % len(PANES)})
            return
        shown = list(shown_panes(self._look))
        self._activate(shown[(shown.index(self._active) + step) % len(shown)])

    def maximise(self) -> None:
        """Show the active pane alone, or all panes again."""
        self._choose({"maximised": self._active if self._look.maximised is None else None})

    def _activate(self, index: int) -> None:
        changed, self._active = index != self._active, index
        for each, pane in enumerate(self._panes):
            pane.activate(each == index)
        if changed:
            self.active_changed.emit(index)

    def reset_view(self) -> None:
        """Fit the picture and take back window and inversion."""
        self.fit()
        self._choose({"window": None, "invert": False})

    # What the reader does: the view ------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self._see(view.zoomed(self._view, STEP))

    def zoom_out(self) -> None:
        """Shrink about the middle."""
        self._see(view.zoomed(self._view, 1 / STEP))

    def fit(self) -> None:
        """Show the whole picture as large as it goes."""
        fitting = self._fitting()
        if fitting is not None:
            self._see(fitting)

    def _fitting(self) -> View | None:
        """Return the view that shows the whole picture in the panes as they are laid out."""
        size = self._content.size
        if size is None:
            return None
        width, height = next(pane for pane in self._panes if not pane.isHidden()).canvas.device_size()
        return view.fitted(size[1], size[0], max(width, 1), max(height, 1))

    def actual_pixels(self) -> None:
        """Show one px of the picture on one device px."""
        self._see(view.actual(self._view))

    def pan(self, dx: float, dy: float) -> None:
        """Pull the picture by device-independent px."""
        size, scale = self._content.size, self._canvas.scale
        if size is not None:
            self._see(view.panned(self._view, dx * scale, dy * scale, size[1], size[0]))

    def _zoom_at(self, canvas: Canvas, factor: float, x: float, y: float) -> None:
        scale = canvas.scale
        dx, dy = (x - canvas.width() / 2) * scale, (y - canvas.height() / 2) * scale
        self._see(view.zoomed(self._view, factor, dx, dy))

    def _see(self, seen: View) -> None:
        if self._content.picture is None:
            return
        self._view = seen
        for pane in self._panes:
            pane.canvas.show_view(seen)
        self.view_changed.emit(seen.zoom)

    @property
    def _canvas(self) -> Canvas:
        return self._panes[next(iter(shown_panes(self._look)))].canvas

    def _rearrange(self) -> None:
        """Lay out other panes; what was seen stays as large in proportion to its pane."""
        before, seen = self._fitting(), self._view
        self._arrange()
        after = self._fitting()
        if before is not None and after is not None and not seen.fitted:
            self._see(view.zoomed(seen, after.zoom / before.zoom))

    def _refit(self) -> None:
        if self._view.fitted:
            self.fit()

    # The mouse ---------------------------------------------------------------------------------------------

    def _point(self, canvas: Canvas, x: float, y: float) -> None:
        pixels = self._content.pixels
        if pixels is None or self._content.message:
            return
        at = canvas.picture_point(x, y)
        rows, columns = pixels.size
        if not (0 <= at[0] < columns and 0 <= at[1] < rows):
            self._point_nowhere()
            return
        self._mark(lambda pane: None if pane.canvas is canvas else at)
        column, row = int(at[0]), int(at[1])
        self.pointed.emit(column, row, value_text(pixels, column, row))

    def _point_nowhere(self) -> None:
        self._mark(lambda _pane: None)
        self.pointed.emit(-1, -1, "")

    def _mark(self, where: Callable[[Pane], tuple[float, float] | None]) -> None:
        for pane in self._panes:
            pane.canvas.show_pointer(where(pane))

    # Dropped files -----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files of this machine."""
        if _local_files(event):
            event.acceptProposedAction()
            self._highlight(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The files went elsewhere."""
        self._highlight(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        self._highlight(False)
        files = _local_files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _highlight(self, highlighted: bool) -> None:
        for pane in self._panes:
            pane.canvas.highlight(highlighted)

    # Layout ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give every pane the same size."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Lay out the shown panes by hand: a box layout would make one of three a px wider."""
        shown = shown_panes(self._look)
        slider = self._frames.sizeHint().height() if not self._frames.isHidden() else 0
        width = (self.width() - GAP * (len(shown) - 1)) // len(shown)
        x = (self.width() - width * len(shown) - GAP * (len(shown) - 1)) // 2
        for index, pane in enumerate(self._panes):
            pane.setVisible(index in shown)
            if index in shown:
                pane.setGeometry(x, 0, width, self.height() - slider)
                x += width + GAP
        self._frames.setGeometry(0, self.height() - slider, self.width(), slider)


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]

"""One pane's picture: painted where it is visible, at device resolution."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.annotations import Corners, corners
from breastview.gui.panes.bars import MARGIN, draw_colour_bar, draw_scale_bar
from breastview.gui.panes.calipers import draw_calipers
from breastview.gui.panes.content import Content
from breastview.gui.panes.gestures import Gestures
from breastview.gui.panes.look import Look
from breastview.gui.panes.painted import Painted
from breastview.gui.panes.scale_bar import scale_bar
from breastview.gui.panes.view import Projection, View, project
from breastview.imaging import colour_maps

SMALL = 12
"""Height of the text over the picture in device-independent px."""


@dataclass(frozen=True)
class Parts:
    """What a pane shows besides the picture.

    Attributes
    ----------
    mask : bool
        Fill, outline and calipers of the mask; the truth.
    heat : bool
        Grad-CAM with its colour bar; the mask's outline thinly, so that heat outside it is seen.
    text : bool
        Corner text.
    """

    mask: bool = False
    heat: bool = False
    text: bool = False

    def filled(self, look: Look) -> bool:
        """Return whether the mask is filled: not over heat, whose colours must fit the colour bar."""
        return self.mask and look.mask_visible and not (self.heat and look.heat_visible)


class Canvas(QWidget):
    """The picture of one pane.

    Attributes
    ----------
    gestures : Gestures
        What the mouse does here.
    resized : Signal
        The size or the screen's pixel ratio changed.
    """

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content, self._look, self._view, self._parts = Content(), Look(), View(), Parts()
        self._pointer: tuple[float, float] | None = None
        self._highlighted = False
        self.gestures = Gestures(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))

    # What to show ------------------------------------------------------------------------------------------

    def show_content(self, content: Content) -> None:
        """Take the picture and what is known about it."""
        self._content = content
        self.update()

    def show_look(self, look: Look) -> None:
        """Take how to draw."""
        self._look = look
        self.update()

    def show_view(self, view: View) -> None:
        """Take which part to show."""
        self._view = view
        self.update()

    def show_parts(self, parts: Parts) -> None:
        """Take what to draw besides the picture."""
        self._parts = parts
        self.update()

    def show_pointer(self, point: tuple[float, float] | None) -> None:
        """Mark a point of the picture (px), where the mouse is in another pane."""
        for each in (self._pointer, point):
            if each is not None:
                self.update(self._around(each))
        self._pointer = point

    def highlight(self, highlighted: bool) -> None:
        """Show that something can be dropped here."""
        self._highlighted = highlighted
        self.update()

    # Where things are --------------------------------------------------------------------------------------

    @property
    def scale(self) -> float:
        """Device px per device-independent px."""
        return self.devicePixelRatioF()

    def device_size(self) -> tuple[int, int]:
        """Return width and height in device px."""
        return round(self.width() * self.scale), round(self.height() * self.scale)

    def projection(self) -> Projection:
        """Return where the picture lies."""
        return project(self._view, *self.device_size())

    def picture_point(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the picture (px) at a point of the widget."""
        return self.projection().to_picture(x * self.scale, y * self.scale)

    def _around(self, point: tuple[float, float]) -> QRect:
        x, y = self.projection().to_pane(*point)
        return QRectF(x / self.scale - 10, y / self.scale - 10, 20, 20).toAlignedRect()

    # Painting ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the row, which fits the picture again."""
        super().resizeEvent(event)
        self.resized.emit()

    def event(self, event: QEvent) -> bool:
        """Fit again when the window moves to a screen of another pixel density."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.resized.emit()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, overlays and text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANE))
        painter.setFont(theme.font(SMALL))
        if self._content.message:
            self._paint_message(painter, self._content.message)
        elif self._content.picture is not None:
            self._paint_picture(painter)
        if self._highlighted:
            painter.setPen(QPen(QColor(theme.ACCENT), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_picture(self, painter: QPainter) -> None:
        projection = self.projection()
        painter.save()
        painter.scale(1 / self.scale, 1 / self.scale)  # from here on in device px: Qt resamples nothing
        self._paint_layers(painter, projection)
        self._paint_outlines(painter, projection)
        painter.restore()
        self._paint_calipers(painter, projection)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_bars(painter, projection)
        if self._parts.text:
            self._paint_corners(painter, projection)
        self._paint_pointer(painter, projection)

    def _paint_layers(self, painter: QPainter, projection: Projection) -> None:
        content, look, overlays = self._content, self._look, self._content.overlays
        if content.picture is not None:
            _lay(painter, content.picture.image(projection, look.smooth, look.window, look.invert))
        heat = self._heat_source()
        layer = overlays.heat(heat) if overlays and heat else None
        if layer is not None:
            _lay(painter, layer.image(projection, heat_map(look), look.heat_threshold), look.heat_opacity)
        if overlays and self._parts.filled(look):
            _lay(painter, overlays.mask.image(projection, look.smooth, mask_colour(look)), look.fill_opacity)

    def _paint_outlines(self, painter: QPainter, projection: Projection) -> None:
        look, overlays, truth = self._look, self._content.overlays, self._content.truth
        if overlays and look.mask_visible and look.contour_visible and (self._parts.mask or self._parts.heat):
            width = (look.contour_width if self._parts.mask else 1.0) * self.scale
            _lay(painter, overlays.outlines.image(projection, QColor(*mask_colour(look)), width))
        if truth is not None and look.truth_visible and self._parts.mask:
            colour, width = QColor(*colour_maps.TRUTH_COLOUR), look.contour_width * self.scale
            _lay(painter, truth.outlines.image(projection, colour, width, dashed=True))

    def _paint_calipers(self, painter: QPainter, projection: Projection) -> None:
        look, overlays = self._look, self._content.overlays
        if overlays and self._parts.mask and look.mask_visible and look.calipers_visible:
            draw_calipers(painter, projection, overlays.analysis.findings, self.scale)

    def _heat_source(self) -> str:
        overlays = self._content.overlays
        if overlays is None or not self._parts.heat or not self._look.heat_visible:
            return ""
        return overlays.source(self._look.heat_source)

    def _paint_bars(self, painter: QPainter, projection: Projection) -> None:
        content = self._content
        if self._heat_source():
            draw_colour_bar(painter, self._inside(), heat_map(self._look), self._look.heat_threshold)
        if content.instance is None:
            return
        x0, y0 = projection.to_picture(0, 0)
        x1, y1 = projection.to_picture(projection.width, projection.height)
        calibration = content.instance.calibration(content.frame)
        bar = scale_bar(calibration, (x0, y0, x1, y1), projection.zoom, projection.height * 0.3)
        if bar is not None:
            draw_scale_bar(painter, bar, self.height(), self.scale)

    def _inside(self) -> QRectF:
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN - 2, -MARGIN, -MARGIN + 2)

    def _paint_corners(self, painter: QPainter, projection: Projection) -> None:
        content = self._content
        if content.instance is None or content.pixels is None:
            return
        window = self._look.window or content.pixels.window
        texts = corners(content.instance, content.frame, window, projection.zoom, self._look.annotation_level)
        self._paint_sides(painter, texts)

    def _paint_sides(self, painter: QPainter, texts: Corners) -> None:
        """Write the corners; left and right share the width, top and bottom the height."""
        inside, colour = self._inside(), QColor(theme.TEXT)
        half = (inside.width() - MARGIN) / 2
        left = QRectF(inside.left(), inside.top(), half, inside.height() / 2)
        right = left.translated(inside.width() - half, 0)
        below = QPointF(0, inside.height() / 2)
        lower_left, lower_right = left.translated(below), right.translated(below)
        inscription.block(painter, left, texts.top_left, colour)
        inscription.block(painter, right, texts.top_right, colour, right=True)
        inscription.block(painter, lower_left, texts.bottom_left, colour, bottom=True)
        inscription.block(painter, lower_right, texts.bottom_right, colour, right=True, bottom=True)

    def _paint_pointer(self, painter: QPainter, projection: Projection) -> None:
        if self._pointer is None:
            return
        x, y = projection.to_pane(*self._pointer)
        at = QPointF(x / self.scale, y / self.scale)
        for colour, width in ((QColor(0, 0, 0, 150), 3), (QColor(theme.ACCENT), 1)):
            painter.setPen(QPen(colour, width))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(at + QPointF(3 * dx, 3 * dy), at + QPointF(8 * dx, 8 * dy))

    def _paint_message(self, painter: QPainter, text: str) -> None:
        painter.setFont(theme.font(theme.BASE_PIXELS))
        painter.setPen(QColor(theme.MUTED))
        area = QRectF(self.rect()).adjusted(20, 20, -20, -20)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), text)


def mask_colour(look: Look) -> tuple[int, int, int]:
    """Return the mask's colour, cyan for an unknown name."""
    return colour_maps.MASK_COLOURS.get(look.mask_colour, colour_maps.MASK_COLOURS["cyan"])


def heat_map(look: Look) -> str:
    """Return the name of the heat's colour map, the first one for an unknown name."""
    names = colour_maps.names()
    return look.heat_map if look.heat_map in names else names[0]


def _lay(painter: QPainter, painted: Painted | None, opacity: float = 1.0) -> None:
    if painted is None:
        return
    painter.setOpacity(opacity)
    painter.drawImage(painted.x, painted.y, painted.image)
    painter.setOpacity(1.0)

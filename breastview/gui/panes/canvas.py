"""One pane's picture: painted where it is visible, at device resolution."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from breastview.gui import screens, theme
from breastview.gui.panes.annotations import Display, corners
from breastview.gui.panes.bars import (
    MARGIN,
    draw_colour_bar,
    draw_scale_bar,
    heat_scale,
    probability_scale,
)
from breastview.gui.panes.calipers import draw_calipers, write_lengths
from breastview.gui.panes.content import Content
from breastview.gui.panes.gestures import Gestures
from breastview.gui.panes.lettering import CENTRE, write_corners, write_edges
from breastview.gui.panes.look import Look, heat_style
from breastview.gui.panes.loupe import draw_loupe
from breastview.gui.panes.outlines_lesions import Lesions, draw_numbers
from breastview.gui.panes.outlines_live import pane_rect
from breastview.gui.panes.painted import Painted
from breastview.gui.panes.places import Boxes, draw_boxes, draw_flags
from breastview.gui.panes.scale_bar import scale_bar
from breastview.gui.panes.tools import Toolbox, ToView
from breastview.gui.panes.view import Projection, View, project
from breastview.imaging import colour_maps
from breastview.imaging.mask_editing import Box
from breastview.imaging.window import IDENTITY
from breastview.study.hanging import Wall

if TYPE_CHECKING:
    from breastview.gui.panes.histogram_panel import HistogramPanel

PROBABILITY_MAP = "viridis"
"""Of the segmenter's output, which is neither heat nor mask."""

SMALL = 12
"""Height of the text over the picture in device-independent px."""

MAGNIFIED = 1.5
"""How much wider outlines are in the magnifier than in the pane."""


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
    wall : Wall or None
        Edge of the pane at which a chest wall hangs, where no bars should stand.
    """

    mask: bool = False
    heat: bool = False
    text: bool = False
    wall: Wall | None = None

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
    window_chosen : Signal(Window or None)
        In the histogram.
    histogram_closed : Signal()
        By its own button.
    """

    resized = Signal()
    window_chosen = Signal(object)
    histogram_closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content, self._look, self._view, self._parts = Content(), Look(), View(), Parts()
        self._pointer: tuple[float, float] | None = None
        self._places: Boxes = ()
        self._loupe: tuple[float, float] | None = None
        self._histogram: HistogramPanel | None = None
        self._highlighted = False
        self.gestures = Gestures(self)
        self._tools: Toolbox | None = None
        self._name = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))

    # What to show ------------------------------------------------------------------------------------------

    def show_content(self, content: Content) -> None:
        """Take the picture and what is known about it."""
        self._content = content
        self._follow()

    def show_look(self, look: Look) -> None:
        """Take how to draw."""
        self._look = look
        self._follow()

    def show_view(self, view: View) -> None:
        """Take which part to show."""
        self._view = view
        self._follow()

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

    def show_histogram(self, shown: bool) -> None:
        """Show the picture's grey levels over the lower edge, or no longer."""
        if shown and self._histogram is None:
            from breastview.gui.panes.histogram_panel import HistogramPanel

            self._histogram = HistogramPanel(self)
            self._histogram.chosen.connect(self.window_chosen)
            self._histogram.closed.connect(self.histogram_closed)
        if self._histogram is not None and shown == self._histogram.isHidden():
            self._histogram.stand(self.width(), self.height())
            self._histogram.setVisible(shown)
            self._follow()

    def _follow(self) -> None:
        """Let the histogram follow, and paint anew."""
        if self._histogram is not None and not self._histogram.isHidden():
            self._histogram.follow(self._content, self._look, self.projection())
        self.update()

    def show_places(self, boxes: Boxes) -> None:
        """Mark parts of the picture (px) at which the reader points elsewhere."""
        if boxes != self._places:
            self._places = boxes
            self.update()

    def show_loupe(self, point: tuple[float, float] | None) -> None:
        """Enlarge the picture around a point (px)."""
        if point != self._loupe:
            self._loupe = point
            self.update()

    def use_tools(self, tools: Toolbox, name: str) -> None:
        """Let tools take gestures here and draw over it; `name` says what the pane shows."""
        self._name = name
        if tools is self._tools:
            return
        if self._tools is not None:
            self._tools.repaint.disconnect(self.update)
        self._tools = tools
        self.gestures.use(tools, self.to_view)
        tools.repaint.connect(self.update)

    def show_touched(self, box: Box) -> None:
        """Draw again what lies over a part of the picture."""
        x0, y0, x1, y1 = pane_rect(box, self.projection(), margin=4)
        self.update(
            QRectF(
                x0 / self.scale, y0 / self.scale, (x1 - x0) / self.scale, (y1 - y0) / self.scale
            ).toAlignedRect()
        )

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

    @property
    def density(self) -> float | None:
        """Device px per mm of the screen this is on, None where it was not measured."""
        return screens.measured(self.screen(), self._look.screens)

    def projection(self) -> Projection:
        """Return where the picture lies."""
        return project(self._view, *self.device_size())

    def to_view(self) -> ToView:
        """Return how px of the frame come to lie on this widget."""
        quiet = self._parts.heat and not (self._parts.mask or self._parts.text)
        return ToView(self.projection(), self.scale, self._name, quiet)

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
        if self._histogram is not None:
            self._histogram.stand(self.width(), self.height())
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
        numbers = self._paint_calipers(painter, projection)
        self._paint_foreign(painter, projection)
        self._paint_places(painter, projection)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        bars = self._paint_bars(painter, projection)
        written = self._paint_corners(painter, projection, bars)
        taken = (*bars, *numbers)
        taken = (*taken, *self._write_lengths(painter, projection, (*taken, *written)))
        if self._tools is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._tools.paint(painter, replace(self.to_view(), taken=taken))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_pointer(painter, projection)
        if self._loupe is not None and self._content.picture is not None:
            x, y = projection.to_pane(*self._loupe)
            at, room = QPointF(x / self.scale, y / self.scale), (float(self.width()), float(self.height()))
            draw_loupe(
                painter, self._content.picture, self._view, self._look, self._loupe, at, room, self.scale,
                self._paint_magnified,
            )  # fmt: skip

    def _paint_layers(self, painter: QPainter, projection: Projection) -> None:
        content, look, overlays = self._content, self._look, self._content.overlays
        if content.picture is not None:
            _lay(painter, content.picture.image(projection, look.smooth, look.window, look.invert))
        heat = self._heat_source()
        layer = overlays.heat(heat) if overlays and heat else None
        if layer is not None:
            style = heat_style(look, heat)
            _lay(painter, layer.image(projection, style.colour_map, style.threshold), style.opacity)
        if overlays is not None and self._shows_probability():
            _lay(painter, overlays.probability.image(projection, PROBABILITY_MAP, 0.0), look.fill_opacity)
        elif self._parts.filled(look):
            _lay(painter, self._fill(projection), look.fill_opacity)

    def _shows_probability(self) -> bool:
        overlays, live = self._content.overlays, self._content.live
        shown = self._look.probability_visible and self._parts.filled(self._look) and live is None
        return shown and overlays is not None and overlays.has_probability

    def _fill(self, projection: Projection) -> Painted | None:
        colour = mask_colour(self._look)
        if self._content.live is not None:
            return self._content.live.image(projection, colour)
        lesions = self._content.lesions
        return lesions.fill.image(projection, self._look.smooth, colour) if lesions else None

    def _paint_outlines(self, painter: QPainter, projection: Projection) -> None:
        look, truth = self._look, self._content.truth
        if look.mask_visible and look.contour_visible and (self._parts.mask or self._parts.heat):
            width = (look.contour_width if self._parts.mask else 1.0) * self.scale
            _lay(painter, self._outline(projection, width), look.contour_opacity)
        if truth is not None and look.truth_visible and self._parts.mask:
            colour, width = QColor(*colour_maps.TRUTH_COLOUR), look.contour_width * self.scale
            _lay(painter, truth.outlines.image(projection, colour, width, dashed=True))

    def _paint_magnified(self, painter: QPainter, projection: Projection) -> None:
        """Paint the outlines into the magnifier: what they enclose is what one wants to see there.

        They are a little wider than in the pane, which keeps what was drawn apart from the pane's.
        """
        look, lesions, truth = self._look, self._content.lesions, self._content.truth
        width = MAGNIFIED * look.contour_width * self.scale
        shown = look.mask_visible and look.contour_visible and (self._parts.mask or self._parts.heat)
        if shown and lesions is not None and self._content.live is None:
            colour = QColor(*mask_colour(look))
            _lay(painter, lesions.outlines.image(projection, colour, width), look.contour_opacity)
        if truth is not None and look.truth_visible and self._parts.mask:
            colour = QColor(*colour_maps.TRUTH_COLOUR)
            _lay(painter, truth.outlines.image(projection, colour, width, dashed=True))

    def _outline(self, projection: Projection, width: float) -> Painted | None:
        colour, lesions = mask_colour(self._look), self._content.lesions
        if self._content.live is not None:
            return self._content.live.image(projection, colour, max(1, round(width)))
        return lesions.outlines.image(projection, QColor(*colour), width) if lesions else None

    def _paint_foreign(self, painter: QPainter, projection: Projection) -> None:
        """Paint what other systems drew, but not over heat alone, whose pane asks what the AI looked at."""
        if not self._look.foreign_visible or (self._parts.heat and not self._parts.mask):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in self._content.foreign.layers:
            painter.save()
            painter.scale(1 / self.scale, 1 / self.scale)
            _lay(painter, layer.image(projection, self.scale))
            painter.restore()
            layer.draw(painter, projection, self.scale)

    def _paint_calipers(self, painter: QPainter, projection: Projection) -> tuple[QRectF, ...]:
        """Draw the axes and the numbers of lesions, and return where these stand."""
        lesions = self._outlined()
        if lesions is None:
            return ()
        if self._look.calipers_visible:
            draw_calipers(painter, projection, lesions.findings, self.scale)
        colour = QColor(*mask_colour(self._look))
        return draw_numbers(painter, projection, lesions.findings, colour, self.scale)

    def _write_lengths(
        self, painter: QPainter, projection: Projection, taken: Iterable[QRectF]
    ) -> tuple[QRectF, ...]:
        """Write what lesions measure clear of all that is written already, and return where it stands."""
        lesions = self._outlined()
        if lesions is None or not self._look.calipers_visible:
            return ()
        return write_lengths(painter, projection, lesions.findings, self.scale, taken)

    def _outlined(self) -> Lesions | None:
        """Return the lesions that are shown with their numbers; none while the mask is being changed."""
        shown = self._parts.mask and self._look.mask_visible and self._content.live is None
        return self._content.lesions if shown else None

    def _paint_places(self, painter: QPainter, projection: Projection) -> None:
        overlays = self._content.overlays
        if overlays is not None and self._look.places_visible:
            draw_flags(painter, projection, overlays.analysis.flags, self.scale)
        draw_boxes(painter, projection, self._places, QColor(theme.ACCENT), self.scale)

    def _heat_source(self) -> str:
        overlays = self._content.overlays
        if overlays is None or not self._parts.heat or not self._look.heat_visible:
            return ""
        return overlays.source(self._look.heat_source)

    def _paint_bars(self, painter: QPainter, projection: Projection) -> tuple[QRectF, ...]:
        """Paint the bars at the edges and return where they and their labels stand."""
        found: tuple[QRectF, ...] = ()
        inside, wall = self._inside(), self._parts.wall
        if heat := self._heat_source():
            style = heat_style(self._look, heat)
            overlays = self._content.overlays
            scale = heat_scale(heat, overlays is not None and overlays.analysis.maps_patches)
            found = draw_colour_bar(painter, inside, style.colour_map, style.threshold, scale, wall)
        elif self._shows_probability():
            found = draw_colour_bar(painter, inside, PROBABILITY_MAP, 0.0, probability_scale(), wall)
        turned, zoom = projection.orientation.swaps, projection.upright_zooms[1]
        known, room = self._content.calibration, projection.height * 0.3
        bar = scale_bar(known, projection.seen(), zoom, room, along_rows=turned)
        if bar is not None:
            found += draw_scale_bar(painter, bar, inside, self.scale, wall)
        return found

    def _inside(self) -> QRectF:
        """Return what may be written on: all but a margin and the histogram."""
        shown = self._histogram is not None and not self._histogram.isHidden()
        below = self.height() - self._histogram.y() if self._histogram is not None and shown else 0
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN - 2, -MARGIN, -MARGIN + 2 - below)

    def _paint_corners(
        self, painter: QPainter, projection: Projection, bars: tuple[QRectF, ...]
    ) -> list[QRectF]:
        """Write the corners and return where they stand; where another pane of the picture does, only the
        sign that it is turned.
        """
        content, look = self._content, self._look
        if content.instance is None or content.pixels is None:
            return []
        level = look.annotation_level if self._parts.text else 0
        texts = corners(content.instance, content.frame, self._display(projection), level)
        letters = projection.orientation.edges(*content.instance.directions) if level else ("",) * 4
        inside = self._inside()
        middle = 2 * max((one.bottom() - inside.center().y() for one in bars), default=0.0)
        found = write_corners(painter, inside, texts, middle, CENTRE if any(letters) else 0.0)
        write_edges(painter, inside, letters)
        return found

    def _display(self, projection: Projection) -> Display:
        content, look = self._content, self._look
        window = look.window or (content.pixels.window if content.pixels is not None else IDENTITY)
        density = self.density
        region = content.calibration.at(self._view.x, self._view.y)
        life = projection.zooms[1] / region.dy / density if density and region is not None else None
        return Display(
            window,
            projection.zoom,
            life,
            projection.orientation,
            look.invert,
            content.calibration,
            look.patient_text,
        )

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


def _lay(painter: QPainter, painted: Painted | None, opacity: float = 1.0) -> None:
    if painted is None:
        return
    painter.setOpacity(opacity)
    painter.drawImage(painted.x, painted.y, painted.image)
    painter.setOpacity(1.0)

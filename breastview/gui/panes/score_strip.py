"""One bar a frame of a cine: how suspicious the AI finds it, and how large the lesion is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from breastview.gui import theme
from breastview.language import tr
from breastview.study.frame_score import FrameScore
from breastview.study.shares import percent

HEIGHT = 34
FOOT = 2.0
"""Height of the mark of a frame without a probability, in device-independent px."""


class ScoreStrip(QWidget):
    """Probability of what is sought from 0 at the foot to 1 at the top; the line is the area outlined.

    A frame about which the model does not commit itself has an open bar, one that the input gate refused a
    hatched one, one that was not read none.

    Attributes
    ----------
    requested : Signal(int)
        Frame the reader pressed, counted from 0.
    """

    requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scores: tuple[FrameScore | None, ...] = ()
        self._frame = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("The AI’s suspicion on each frame"))
        self.hide()

    def sizeHint(self) -> QSize:
        """Return a size that is as wide as there is room."""
        return QSize(200, HEIGHT)

    @property
    def scores(self) -> tuple[FrameScore | None, ...]:
        """What is shown, one a frame."""
        return self._scores

    def show_scores(self, scores: Sequence[FrameScore | None]) -> None:
        """Show scores, None where a frame was not read; hidden where none was."""
        self._scores = tuple(scores)
        self.setVisible(any(score is not None for score in self._scores))
        self.update()

    def show_frame(self, frame: int) -> None:
        """Mark the frame on screen."""
        self._frame = frame
        self.update()

    def frame_at(self, x: float) -> int:
        """Return the frame under a position, in device-independent px."""
        count = max(len(self._scores), 1)
        return min(max(int(x * count / max(self.width(), 1)), 0), count - 1)

    def centre(self, frame: int) -> float:
        """Return the middle of a frame's bar, in device-independent px."""
        return (frame + 0.5) * self.width() / max(len(self._scores), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars, the areas' line and the shown frame's mark."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.WINDOW))
        painter.setPen(QPen(QColor(theme.LINE), 1))
        painter.drawLine(QPointF(0, self.height() / 2), QPointF(self.width(), self.height() / 2))
        width = self.width() / max(len(self._scores), 1)
        for frame, score in enumerate(self._scores):
            if score is not None:
                self._paint_bar(painter, frame * width, max(width - (1 if width > 3 else 0), 1), score)
        self._paint_areas(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT), 2))
        x = self.centre(self._frame)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _paint_bar(self, painter: QPainter, x: float, width: float, score: FrameScore) -> None:
        if score.failed:
            painter.fillRect(QRectF(x, self.height() - FOOT, width, FOOT), QColor(theme.WARNING))
        elif score.suspicion is None:
            hatched = QBrush(QColor(theme.MUTED), Qt.BrushStyle.BDiagPattern)
            painter.fillRect(QRectF(x, 0, width, self.height()), hatched)
        else:
            height = max(score.suspicion * self.height(), FOOT)
            bar = QRectF(x, self.height() - height, width, height)
            colour = QColor(theme.DANGER if score.suspicious else theme.GOOD)
            if score.abstained:
                colour = QColor(theme.WARNING)
                painter.setPen(QPen(colour, 1))
                painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
                colour.setAlpha(60)
            painter.fillRect(bar, colour)

    def _paint_areas(self, painter: QPainter) -> None:
        largest = max((score.area for score in self._scores if score is not None), default=0.0)
        if not largest:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.TEXT), 1.5))
        line = QPolygonF()
        for frame, score in enumerate((*self._scores, None)):
            if score is None:
                painter.drawPolyline(line)
                line = QPolygonF()
            else:
                y = (self.height() - 3) * (1 - score.area / largest) + 1.5
                line.append(QPointF(self.centre(frame), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the frame under the mouse."""
        self._jump(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while its button is held."""
        self._jump(event)

    def _jump(self, event: QMouseEvent) -> None:
        frame = self.frame_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton and frame != self._frame:
            self.requested.emit(frame)

    def event(self, event: QEvent) -> bool:
        """Tell what is known of the frame under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._scores:
            frame = self.frame_at(event.pos().x())
            QToolTip.showText(event.globalPos(), told(frame, self._scores[frame]), self)
            return True
        return super().event(event)


def told(frame: int, score: FrameScore | None) -> str:
    """Return what is known of a frame, in words."""
    number = tr("Frame {number}").format(number=frame + 1)
    if score is None:
        return tr("{frame}: not read by the AI").format(frame=number)
    if score.failed:
        return tr("{frame}: the AI could not read it").format(frame=number)
    if score.suspicion is None:
        return tr("{frame}: no score, the input gate refused it").format(frame=number)
    text = tr("{frame}: {finding} {share}").format(
        frame=number, finding=tr(score.name), share=percent(score.suspicion)
    )
    if score.abstained:
        text = tr("{frame}: the model does not commit itself ({share})").format(
            frame=number, share=percent(score.suspicion)
        )
    size = f"{score.area_mm2:.0f} mm²" if score.area_mm2 is not None else f"{score.area:.0f} px²"
    return f"{text}, {tr('lesion {area}').format(area=size)}" if score.area else text

"""How a line of the worklist is painted: thumbnail, name, what is known of it, suspicion, state and mark."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.worklist.listing import Heading, Line, called, names
from breastview.gui.worklist.model import LINE, WorklistModel
from breastview.gui.worklist.row import Row, Score
from breastview.language import said, tr
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.reading import ReadState
from breastview.study.shares import percent

ROW_HEIGHT = 56
HEADING_HEIGHT = 30
_THUMBNAIL = 44
_SCORE_WIDTH = 36
_KEPT = 64
"""Lines whose look is remembered: all in sight of a high screen, and those just scrolled away."""
_MARKS = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver

_STATE_ICONS = {
    ReadState.UNREAD: ("circle-medium", theme.ACCENT),
    ReadState.PRELIMINARY: ("circle-half-full", theme.ICON),
    ReadState.FINAL: ("check-circle", theme.GOOD),
}


def title(entry: Entry) -> str:
    """Return how a file is called, without its suffix."""
    return PurePath(names(called(entry))[0]).stem


def second_line(instance: Instance) -> str:
    """Return the muted line below a case's name."""
    side = {"R": tr("right"), "L": tr("left"), "B": tr("both sides")}.get(instance.laterality, "")
    frames = tr("{frames} frames").format(frames=instance.frames) if instance.frames > 1 else ""
    where = "" if instance.series.description else names(instance.label)[1]
    parts = (instance.modality, instance.view, side, instance.series.description, frames, where)
    return " · ".join(part for part in parts if part) or f"{instance.columns} × {instance.rows} px"


class WorklistDelegate(QStyledItemDelegate):
    """Paints lines, and remembers what they look like: at each step most of a list only moves up."""

    def __init__(self, model: WorklistModel) -> None:
        super().__init__()
        self._model = model
        self._kept: OrderedDict[Line, tuple[object, QPixmap]] = OrderedDict()

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of a line."""
        heading = isinstance(index.data(LINE), Heading)
        return QSize(200, HEADING_HEIGHT if heading else ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a line; where px of the screen are no whole part of a point, always anew."""
        line, scale = index.data(LINE), painter.device().devicePixelRatio()
        if line is None:
            return
        if scale == int(scale):
            painter.drawPixmap(option.rect.topLeft(), self._look(line, option, int(scale)))
        else:
            self._draw(painter, option.rect, option.state, line)

    def _look(self, line: Line, option: QStyleOptionViewItem, scale: int) -> QPixmap:
        """Return a line as it looks, drawn anew if anything in it is another than the last time."""
        known = None if isinstance(line, Heading) else (self._model.rows[line], self._model.thumbnail(line))
        shown = known, option.state & _MARKS, option.rect.size(), scale
        before, pixmap = self._kept.pop(line, (None, QPixmap()))
        if shown != before:
            pixmap = QPixmap(option.rect.size() * scale)
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(QColor(theme.PANEL))
            drawing = QPainter(pixmap)
            self._draw(drawing, QRect(QPoint(), option.rect.size()), option.state, line)
            drawing.end()
        self._kept[line] = shown, pixmap
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return pixmap

    def _draw(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, line: Line) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if isinstance(line, Heading):
            _paint_heading(painter, area, line)
        else:
            _paint_ground(painter, area, state)
            self._paint_row(painter, area.adjusted(8, 0, -8, 0), line)
        painter.restore()

    def _paint_row(self, painter: QPainter, area: QRect, number: int) -> None:
        row = self._model.rows[number]
        box = QRect(area.left(), area.top() + (area.height() - _THUMBNAIL) // 2, _THUMBNAIL, _THUMBNAIL)
        painter.fillRect(box, QColor(theme.PANE))
        thumbnail = self._model.thumbnail(number)
        if isinstance(row.entry, Refusal):
            icon("image-off-outline", theme.WARNING).paint(painter, box.adjusted(12, 12, -12, -12))
        elif thumbnail is not None:
            size = thumbnail.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
            at = QRect(box.topLeft(), size)
            at.moveCenter(box.center())
            painter.drawImage(at, thumbnail)
        text = QRect(box.right() + 10, area.top(), area.right() - box.right() - 10, area.height())
        if isinstance(row.entry, Refusal):
            reason = said(row.entry.reason)
            _paint_text(painter, text, title(row.entry), reason, theme.MUTED, theme.WARNING, False)
            return
        _paint_badges(painter, text, row)
        text.setRight(text.right() - 20 - (0 if row.seen_score is None else _SCORE_WIDTH + 10))
        unread = row.state is ReadState.UNREAD
        tags = _paint_tags(painter, text, row)
        _paint_text(
            painter, text, title(row.entry), second_line(row.entry), theme.TEXT, theme.MUTED, unread,
            tags,
        )  # fmt: skip


def _paint_ground(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(area, QColor("#1c3f4b"))
        painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(theme.ACCENT))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, QColor(theme.HOVER))


def _paint_heading(painter: QPainter, area: QRect, heading: Heading) -> None:
    painter.fillRect(area, QColor(theme.WINDOW))
    font = theme.font(11, bold=True)
    painter.setFont(font)
    painter.setPen(QColor(theme.MUTED))
    inner = area.adjusted(10, 0, -10, 0)
    count = f"{heading.figure}    {heading.count}" if heading.figure else str(heading.count)
    width = QFontMetrics(font).horizontalAdvance(count) + 10
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), count)
    title = QFontMetrics(font).elidedText(heading.text, Qt.TextElideMode.ElideRight, inner.width() - width)
    painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), title)


def _paint_text(
    painter: QPainter,
    area: QRect,
    first: str,
    second: str,
    colour: str,
    second_colour: str,
    bold: bool,
    tags: int = 0,
) -> None:
    half = area.height() // 2
    for text, font, pen, top, mode, left in (
        (first, theme.font(13, bold), colour, area.top() + 9, Qt.TextElideMode.ElideMiddle, 0),
        (second, theme.font(11), second_colour, area.top() + half + 1, Qt.TextElideMode.ElideRight, tags),
    ):
        painter.setFont(font)
        painter.setPen(QColor(pen))
        line = QRect(area.left() + left, top, area.width() - left, half - 9)
        shown = QFontMetrics(font).elidedText(text, mode, line.width())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _paint_tags(painter: QPainter, area: QRect, row: Row) -> int:
    """Paint category and pencil at the start of the second line; return how much room they take."""
    top, left = area.top() + area.height() // 2 + 2, area.left()
    if row.category:
        font = theme.font(10, bold=True)
        width = QFontMetrics(font).horizontalAdvance(row.category) + 10
        box = QRectF(left, top + 1.5, width, 15)
        painter.setPen(QColor("#2b7388"))
        painter.setBrush(QColor("#173540"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(font)
        painter.setPen(QColor(theme.ACCENT))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), row.category)
        left += width + 6
    if row.edited:
        icon("pencil", theme.ACCENT).paint(painter, QRect(left, top + 2, 14, 14))
        left += 18
    return left - area.left()


def _paint_badges(painter: QPainter, area: QRect, row: Row) -> None:
    """Paint state and mark at the right edge, the suspicion left of them."""
    state = _STATE_ICONS.get(row.state)
    column = QRect(area.right() - 15, area.top() + 9, 16, 16)
    if state is not None:
        icon(*state).paint(painter, column)
    if row.marked:
        icon("bookmark", theme.WARNING).paint(painter, column.translated(0, 21))
    if row.seen_score is not None:
        _paint_score(
            painter,
            QRect(column.left() - _SCORE_WIDTH - 6, area.top(), _SCORE_WIDTH, area.height()),
            row.seen_score,
        )


def _paint_score(painter: QPainter, area: QRect, score: Score) -> None:
    """Paint the suspicious class's calibrated probability as a number above a bar, or that there is none."""
    if score.suspicion is None:
        centre = QRect(0, 0, 16, 16)
        centre.moveCenter(area.center())
        icon("alert-outline", theme.WARNING).paint(painter, centre)
        return
    painter.setFont(theme.font(12))
    colour = QColor(theme.MUTED if score.note else theme.DANGER if score.suspicious else theme.TEXT)
    painter.setPen(colour)
    number = QRect(area.left(), area.top() + 12, area.width(), 18)
    text = percent(score.suspicion)
    painter.drawText(number, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
    bar = QRectF(area.left(), number.bottom() + 5, area.width(), 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.LINE))
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(colour)
    filled = QRectF(
        bar.topLeft(), QPointF(bar.left() + max(3.0, bar.width() * score.suspicion), bar.bottom())
    )
    painter.drawRoundedRect(filled, 2, 2)

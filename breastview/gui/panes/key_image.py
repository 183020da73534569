"""The shown pictures as one image: with overlays and captions, without controls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor, QImage, QPainter

from breastview.gui import theme
from breastview.gui.panes.pane import Pane

Placed = tuple[int, int, Pane]
"""Row, column and pane."""


def key_image(panes: Sequence[Placed], gap: int) -> QImage:
    """Return the panes' pictures and captions where they stand, in device px.

    Below lies an empty strip as high as a caption, for a line that the caller writes.

    Parameters
    ----------
    panes : sequence of (row, column, Pane)
        In reading order; those of one row are equally high.
    gap : int
        Between panes, in device-independent px.
    """
    parts = {
        (row, column): (pane.canvas.grab().toImage(), pane.footer.grab().toImage())
        for row, column, pane in panes
    }
    space = round(gap * panes[0][2].canvas.scale)
    rows = [[parts[at] for at in sorted(parts) if at[0] == row] for row in sorted({row for row, _ in parts})]
    heights = [max(picture.height() + caption.height() for picture, caption in row) for row in rows]
    widths = [sum(picture.width() + space for picture, _ in row) - space for row in rows]
    strip = max(caption.height() for _, caption in parts.values())
    height = sum(heights) + space * (len(rows) - 1) + strip
    whole = QImage(max(widths), height, QImage.Format.Format_RGB32)
    whole.fill(QColor(theme.PANE))
    painter = QPainter(whole)
    y = 0
    for row, tall in zip(rows, heights, strict=True):
        x = 0
        for picture, caption in row:
            for image in (picture, caption):
                image.setDevicePixelRatio(1)
            painter.drawImage(x, y, picture)
            painter.drawImage(x, y + picture.height(), caption)
            x += picture.width() + space
        y += tall + space
    painter.end()
    return whole

"""Small pictures of colours and colour maps for menus and buttons."""

from __future__ import annotations

from functools import cache

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap

from breastview.gui import theme
from breastview.imaging import colour_maps

SIZE = QSize(26, 14)
_SHARP = 3
"""Device px per device-independent px, enough for any screen."""


@cache
def mask_swatch(name: str) -> QIcon:
    """Return a patch of a mask colour."""
    image = QImage(1, 1, QImage.Format.Format_RGB888)
    image.fill(QColor(*colour_maps.MASK_COLOURS[name]))
    return _framed(image)


@cache
def map_swatch(name: str) -> QIcon:
    """Return a colour map from its lowest value on the left to its highest."""
    table = np.ascontiguousarray(colour_maps.table(name))
    return _framed(QImage(table.data, 256, 1, 768, QImage.Format.Format_RGB888))


def _framed(image: QImage) -> QIcon:
    pixmap = QPixmap(SIZE * _SHARP)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.scale(_SHARP, _SHARP)
    area = QRectF(0.5, 0.5, SIZE.width() - 1, SIZE.height() - 1)
    painter.drawImage(area, image)
    painter.setPen(QPen(QColor(theme.LINE), 1))
    painter.drawRect(area)
    painter.end()
    pixmap.setDevicePixelRatio(_SHARP)
    return QIcon(pixmap)

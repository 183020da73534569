"""Icons: drawn once a size, sharp, and nothing where there is no room for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QImage, QPainter

from breastview.gui import theme
from breastview.gui.icons import icon

pytestmark = pytest.mark.usefixtures("qapp")


def _painted(side: int, scale: int = 1) -> QImage:
    image = QImage(side * scale, side * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(0)
    painter = QPainter(image)
    icon("bookmark", theme.WARNING).paint(painter, QRect(0, 0, side, side))
    painter.end()
    return image


def test_no_room_draws_nothing_and_nothing_is_complained_of(qtlog):
    before = len(qtlog.records)
    assert icon("bookmark").pixmap(QSize(0, 0)).isNull()
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    icon("bookmark").paint(painter, QRect(2, 2, 0, 0))
    painter.end()
    assert [record.message for record in qtlog.records[before:]] == []


def test_the_second_time_gives_what_was_drawn_the_first_time():
    first, second = (icon("bookmark").pixmap(QSize(16, 16)) for _ in range(2))
    assert first.cacheKey() == second.cacheKey()


def test_a_denser_screen_gets_more_pixels_not_larger_ones():
    plain, dense = _painted(16), _painted(16, scale=2)
    assert dense != plain.scaled(32, 32)
    seen = [one.pixelColor(one.width() // 2, one.height() // 3) for one in (plain, dense)]
    assert all(colour.name() == theme.WARNING for colour in seen)


def test_what_is_switched_off_is_grey():
    on, off = (
        icon("bookmark").pixmap(QSize(16, 16), mode) for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert on.toImage().pixelColor(8, 5) != off.toImage().pixelColor(8, 5)

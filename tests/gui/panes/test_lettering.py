from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from breastview.gui import theme
from breastview.gui.panes import inscription, lettering
from breastview.gui.panes.annotations import Corners
from breastview.gui.panes.lettering import write_corners, write_edges

from .conftest import as_array

LONG = ("A name that is longer than any pane of a small screen is wide",) * 6
FULL = Corners(LONG, LONG, LONG, LONG, signs=("Flipped left-right, rotated 90° right",))


def areas(monkeypatch: pytest.MonkeyPatch, middle: float, centre: float) -> list[QRectF]:
    """Return where each line of the full text is written in a pane of 300 by 200."""
    found: list[QRectF] = []

    def line(painter: QPainter, x: float, y: float, text: str, _colour: QColor) -> None:
        metrics = QFontMetricsF(painter.font())
        height = metrics.lineSpacing() - 0.1
        found.append(QRectF(x, y - metrics.ascent(), metrics.horizontalAdvance(text), height))

    monkeypatch.setattr(inscription, "line", line)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setFont(theme.font(12))
    write_corners(painter, QRectF(8, 6, 284, 188), FULL, middle, centre)
    painter.end()
    return found


@pytest.mark.parametrize(("middle", "centre"), [(0.0, 0.0), (90.0, 40.0)])
def test_texts_never_overlap_nor_leave_their_area(
    monkeypatch: pytest.MonkeyPatch, middle: float, centre: float
) -> None:
    found = areas(monkeypatch, middle, centre)
    across = QRectF(8, 100 - middle / 2, 284, middle)
    letters = QRectF(150 - centre / 2, 0, centre, 18), QRectF(150 - centre / 2, 182, centre, 18)
    assert len(found) >= 8
    for index, one in enumerate(found):
        assert QRectF(7.9, 5.9, 284.2, 188.2).contains(one)
        assert not any(one.intersects(other) for other in found[index + 1 :])
        assert not one.intersects(across) and not any(one.intersects(letter) for letter in letters)


def test_a_line_alone_has_the_whole_width(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(inscription, "line", lambda *given: written.append(given[3]))
    image = QImage(600, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setFont(theme.font(12))
    write_corners(painter, QRectF(8, 6, 584, 188), Corners(top_left=LONG[:1], top_right=("L",)), 0.0, 0.0)
    painter.end()
    assert written == [LONG[0], "L"]


def test_letters_stand_at_their_edges() -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    write_edges(painter, QRectF(8, 6, 284, 188), ("A", "H", "P", ""))
    assert not painter.font().bold(), "what is written next is not theirs"
    painter.end()
    ys, xs = np.nonzero(as_array(image).max(axis=2) > 100)
    left, right, top = xs < 100, xs > 200, ys < 40
    assert left.any() and right.any() and top.any() and not (ys > 160).any()
    assert xs[left].min() >= 8 + lettering.BAR - 2 and xs[right].max() <= 292 - lettering.BAR + 2

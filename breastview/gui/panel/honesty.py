"""How honest a Grad-CAM is: the share of its heat inside the mask that counts, and what it means."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.panel.parts import label
from breastview.gui.panes.look import SEGMENTER
from breastview.language import tr
from breastview.study.ai_words import class_name
from breastview.study.reading import Reading
from breastview.study.shares import percent

LEAST = 1 / 3
"""Share inside below which a warning is shown."""

_HEIGHT = 7


@dataclass(frozen=True)
class Honesty:
    """How much of a class's Grad-CAM lies inside the mask.

    Attributes
    ----------
    name : str
        The class.
    share : float
        0..1 of its heat.
    chance : float
        Share of the picture that the mask covers: what heat spread evenly would have inside.
    """

    name: str
    share: float
    chance: float

    @property
    def sentence(self) -> str:
        """The share in words."""
        return tr("{share} of the Grad-CAM of {name} lies inside the mask.").format(
            share=percent(self.share), name=class_name(self.name)
        )

    @property
    def warning(self) -> str:
        """What speaks against the Grad-CAM, empty where nothing does."""
        if self.share < self.chance:
            return tr("No more than chance would put there: the class does not rest on this lesion.")
        if self.share < LEAST:
            return tr(
                "Two thirds or more lie outside: the class may rest on something else than this lesion."
            )
        return ""


def of_reading(reading: Reading | None, source: str) -> Honesty | None:
    """Return the honesty of the shown Grad-CAM against the mask that counts.

    None for the segmenter, without a lesion, and where the input gate allows no score.
    """
    if reading is None or reading.analysis is None or reading.analysis.refused or source == SEGMENTER:
        return None
    analysis, shares, mask = reading.analysis, reading.heat_shares, reading.mask
    index = analysis.classes.index(source) if source in analysis.classes else analysis.top
    if index is None or shares is None or mask is None or not mask.any():
        return None
    return Honesty(analysis.classes[index], shares[index], float(mask.mean()))


class HonestyMeter(QWidget):
    """Shows an honesty: sentence, bar with the share of chance marked, warning."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence, self.warning = label(""), label("", "warning")
        self._bar = _Bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(3)
        for widget in (self.sentence, self._bar, self.warning):
            column.addWidget(widget)
        self.setToolTip(
            tr("Grad-CAM shows what drove the class. It does not show where a lesion is.\nThe line: chance.")
        )
        self.show_honesty(None)

    def show_honesty(self, honesty: Honesty | None) -> None:
        """Show how much lies inside; None hides the meter."""
        self.setVisible(honesty is not None)
        if honesty is None:
            return
        self.sentence.setText(honesty.sentence)
        self.warning.setText(honesty.warning)
        self.warning.setVisible(bool(honesty.warning))
        self._bar.honesty = honesty
        self._bar.setAccessibleName(honesty.sentence)
        self._bar.update()


class _Bar(QWidget):
    """The share as a length; in the colour of warnings where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.honesty = Honesty("", 0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return its height."""
        return QSize(200, _HEIGHT + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar, and a line where chance is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(0, 3, self.width(), _HEIGHT)
        painter.setBrush(QColor(theme.LINE))
        painter.drawRoundedRect(whole, 3, 3)
        share = QRectF(whole)
        share.setWidth(max(3.0, whole.width() * min(self.honesty.share, 1.0)))
        painter.setBrush(QColor(theme.WARNING if self.honesty.warning else theme.GOOD))
        painter.drawRoundedRect(share, 3, 3)
        x = max(1.0, whole.width() * self.honesty.chance)
        for colour, width in ((QColor(theme.PANEL), 4.0), (QColor(theme.TEXT), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(QLineF(x, 0.5, x, self.height() - 0.5))

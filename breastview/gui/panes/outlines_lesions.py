"""The lesions that count, ready to be drawn: the AI's or the reader's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from breastview.gui.panes.layers import MaskLayer
from breastview.gui.panes.outlines import OutlineLayer
from breastview.gui.panes.view import Projection
from breastview.study.analysis import Analysis, Finding, Flag, numbered
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource


@dataclass(frozen=True, eq=False)
class Lesions:
    """A mask with what was measured on it.

    Attributes
    ----------
    mask : ndarray, shape (rows, columns), bool
    findings : tuple of Finding
        Largest first.
    source : MaskSource
        Who drew it.
    shares : tuple of float or None
        For each class of the AI the share of its Grad-CAM inside the mask.
    flags : tuple of Flag
        What weakens the AI's reading beside this mask.
    """

    mask: NDArray[np.bool_]
    findings: tuple[Finding, ...]
    source: MaskSource = MaskSource.AI
    shares: tuple[float, ...] | None = None
    flags: tuple[Flag, ...] = ()

    def alike(self, other: Lesions | None) -> bool:
        """Return whether others are of the same mask and say the same: their layers serve as well."""
        if other is None or other.mask is not self.mask:
            return False
        mine, theirs = ((one.findings, one.source, one.shares, one.flags) for one in (self, other))
        return mine == theirs

    @cached_property
    def fill(self) -> MaskLayer:
        """The fill of the mask."""
        return MaskLayer(self.mask)

    @cached_property
    def outlines(self) -> OutlineLayer:
        """The outlines of the findings."""
        return OutlineLayer(finding.contour for finding in self.findings)


def of_ai(analysis: Analysis) -> Lesions:
    """Return the lesions of an analysis."""
    shares = analysis.heat.share_inside
    return Lesions(analysis.mask, analysis.findings, MaskSource.AI, shares, analysis.flags)


def of_reader(reading: Reading) -> Lesions | None:
    """Return the reader's lesions, None where the AI's stand as they are."""
    if reading.segmentation is None:
        return None
    return Lesions(
        reading.segmentation.mask, reading.edited_findings, reading.mask_source, reading.edited_shares,
        reading.edited_flags,
    )  # fmt: skip


def draw_numbers(
    painter: QPainter, projection: Projection, findings: tuple[Finding, ...], colour: QColor, scale: float
) -> tuple[QRectF, ...]:
    """Write each lesion's number beside its upper right, where there are several; return where they stand.

    Where numbers would touch, that of the smaller one is left out.
    """
    if len(findings) < 2:
        return ()
    metrics = QFontMetricsF(painter.font())
    taken: list[QRectF] = []
    for number, finding in numbered(findings):
        corners = projection.mapped(np.asarray(finding.contour) + 0.5) / scale
        text = str(number)
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        right, top = float(corners[:, 0].max()), float(corners[:, 1].min())
        x = min(max(right - 4, 2), projection.width / scale - width - 2)
        y = min(max(top - height, 2), projection.height / scale - height - 2)
        place = QRectF(QPointF(x, y), QPointF(x + width, y + height))
        if any(place.intersects(other) for other in taken):
            continue
        taken.append(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 190))
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(colour)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)
    return tuple(taken)

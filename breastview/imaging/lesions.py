"""Lesions of a mask that keep their numbers while the mask is edited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging import measure
from breastview.imaging.contours import Component, components
from breastview.imaging.doubts import MASK_DOUBTS, doubts
from breastview.imaging.mask_editing import Box
from breastview.imaging.overlay import shares_inside
from breastview.study.calibration import UNCALIBRATED
from breastview.study.segmentation import MaskSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.analysis import Analysis, Finding, Flag
    from breastview.study.calibration import Calibration
    from breastview.study.reading import Reading
    from breastview.study.segmentation import Segmentation

MOST = 255
"""Lesions that can be told apart in 8 bits; what is smaller than the 255 largest is dropped."""


def labelled(
    mask: NDArray[np.bool_], before: NDArray[np.uint8] | None = None, least: int = 1
) -> NDArray[np.uint8]:
    """Number the connected parts of a mask.

    A part keeps the number of the earlier lesion with which it shares the most pixels. Of two that claim one
    number the larger has it; the other, like a new one, gets the lowest number that is free.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
    before : ndarray, shape (rows, columns), uint8, optional
        Labels as they were; None: there were none, and the largest part is number 1.
    least : int
        Parts of fewer pixels are dropped.

    Returns
    -------
    ndarray, shape (rows, columns), uint8
        0 outside, n in lesion number n.
    """
    parts = components(mask, least)[:MOST]
    wanted = [_number(part, before) for part in parts]
    taken: set[int] = set()
    for place, number in enumerate(wanted):  # largest first
        wanted[place] = 0 if number in taken else number
        taken.add(number)
    free = (number for number in range(1, MOST + 1) if number not in taken)
    labels = np.zeros(mask.shape, np.uint8)
    for part, number in zip(parts, wanted, strict=True):
        labels[part.window][part.mask] = number or next(free)
    return labels


def _number(part: Component, before: NDArray[np.uint8] | None) -> int:
    if before is None:
        return 0
    shared = np.bincount(before[part.window][part.mask], minlength=1)
    shared[0] = 0
    return int(shared.argmax()) if shared.any() else 0


def findings(
    labels: NDArray[np.uint8],
    calibration: Calibration = UNCALIBRATED,
    drawn_by_ai: NDArray[np.bool_] | None = None,
) -> tuple[Finding, ...]:
    """Measure labelled lesions, largest first, see `measure.findings`.

    Parameters
    ----------
    labels : ndarray, shape (rows, columns), uint8
        Of `labelled`.
    calibration : Calibration
        Of the frame.
    drawn_by_ai : ndarray, shape (rows, columns), bool, optional
        The AI's mask. A lesion that is one of its parts pixel by pixel is the AI's; one that shares no pixel
        with it is the reader's; any other is edited.
    """
    found = []
    for part in components(labels > 0):
        number = int(labels[part.window][part.mask][0])
        one = measure.finding(part, calibration)
        found.append(replace(one, number=number, source=_source(part, drawn_by_ai)))
    return tuple(found)


def _source(part: Component, drawn: NDArray[np.bool_] | None) -> MaskSource:
    if drawn is None or not drawn[part.window][part.mask].any():
        return MaskSource.READER
    import cv2

    rows, columns = part.mask.shape
    near = Box(part.x, part.y, part.x + columns, part.y + rows).grown(1, drawn.shape)
    own = np.zeros((near.y1 - near.y0, near.x1 - near.x0), np.uint8)
    own[part.y - near.y0 :, part.x - near.x0 :][:rows, :columns] = part.mask
    reach = cv2.dilate(own, np.ones((3, 3), np.uint8)).astype(bool)
    # Its own pixels and no neighbour of them: then it is a whole part of the AI's mask.
    same = np.array_equal(drawn[near.slices] & reach, own.astype(bool))
    return MaskSource.AI if same else MaskSource.EDITED


def with_segmentation(
    reading: Reading, segmentation: Segmentation | None, calibration: Calibration | None = None
) -> Reading:
    """Return a reading with the reader's mask and every number that depends on it computed anew.

    Parameters
    ----------
    reading : Reading
    segmentation : Segmentation or None
        One that is not of the picture's size is left out; None gives the mask back to the AI.
    calibration : Calibration, optional
        That of the reading by default.
    """
    if segmentation is None or segmentation.labels.shape != reading.pixels.size:
        return replace(
            reading, segmentation=None, edited_findings=(), edited_shares=None, edited_flags=(),
            edited_area=None,
        )  # fmt: skip
    analysis, mask = reading.analysis, segmentation.mask
    drawn = analysis.mask if analysis is not None else None
    shares = heat_shares(analysis, mask)
    return replace(
        reading,
        segmentation=segmentation,
        edited_findings=findings(segmentation.labels, calibration or reading.calibration, drawn),
        edited_shares=shares,
        edited_flags=flags(analysis, mask, shares) if analysis is not None else (),
        edited_area=area_share(analysis, mask),
    )


def area_share(analysis: Analysis | None, mask: NDArray[np.bool_]) -> float | None:
    """Return which share (0..1) of the tissue a mask covers; None where the AI says no such share.

    Tissue is what the AI took for it: on bare glass the maps of all classes are 0.
    """
    import cv2

    if analysis is None or analysis.area_share is None:
        return None
    tissue = analysis.heat.classes.any(axis=0)
    rows, columns = tissue.shape
    covered = cv2.resize(mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return float(covered[tissue].mean()) if tissue.any() else None


def source(drawn_by_ai: NDArray[np.bool_] | None) -> MaskSource:
    """Return who drew a mask that the reader made: edited where the AI had outlined anything at all."""
    had = drawn_by_ai is not None and bool(drawn_by_ai.any())
    return MaskSource.EDITED if had else MaskSource.READER


def heat_shares(analysis: Analysis | None, mask: NDArray[np.bool_]) -> tuple[float, ...] | None:
    """Return for each class the share of its Grad-CAM inside a mask, None without a mask or a Grad-CAM."""
    if analysis is None or analysis.refused or analysis.maps_patches or not mask.any():
        return None
    return shares_inside(analysis.heat.classes, analysis.heat.placement, mask)


def flags(analysis: Analysis, mask: NDArray[np.bool_], shares: tuple[float, ...] | None) -> tuple[Flag, ...]:
    """Return what weakens an analysis beside another mask than its own."""
    kept = tuple(flag for flag in analysis.flags if flag.code not in MASK_DOUBTS)
    if analysis.top is None:
        return kept
    return (*kept, *doubts(analysis.classes, analysis.top, mask, shares))


def above(analysis: Analysis, level: float) -> NDArray[np.bool_]:
    """Return where the AI's probability of a lesion is at least a level, on the picture's own pixels.

    Parameters
    ----------
    analysis : Analysis
    level : float
        0..1; the map is kept in 255 steps, so the mask may differ from the AI's own in single pixels of its
        edge.

    Returns
    -------
    ndarray, shape (rows, columns), bool
    """
    import cv2

    rows, columns = analysis.mask.shape
    # Edge to edge, as the map was cut out of the network's square; 16 bits keep the levels between.
    enlarged = cv2.resize(
        analysis.mask_probability.astype(np.uint16) * 256, (columns, rows), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(enlarged >= level * 255 * 256, bool)

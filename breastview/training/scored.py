"""Answers with everything decided: calibrated, thresholded, compared with the truth picture by picture."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.imaging.letterbox import Letterbox
from breastview.training import data, masks, metrics, outlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.inference.bundle import Thresholds
    from breastview.inference.calibration import Calibration
    from breastview.training.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Scored:
    """N pictures with everything decided.

    Attributes
    ----------
    classes : tuple[str, ...]
    segments : bool
        Whether there were masks at all.
    truth : ndarray, shape (N,), int
    probabilities : ndarray, shape (N, C)
        Calibrated; (N, 0) of a network without classes.
    abstained : ndarray, shape (N,), bool
    dice, iou, hd95 : ndarray, shape (N,)
        On the picture's own pixels (hd95 in px); nan where there is no lesion or its outline is unknown, hd95
        also where nothing was painted.
    painted, drawn : ndarray, shape (N,)
        Share of the picture that the mask paints, and that the drawn lesion takes (nan where unknown).
    class_hit, mask_hit : ndarray, shape (N,)
        1 where the hottest point of the Grad-CAM of the class answered, or of the mask, lies in the drawn
        lesion, 0 where it does not, nan where there is no lesion or no map was made.
    groups : tuple[str, ...]
    names : tuple[str, ...]
        File names.
    """

    classes: tuple[str, ...]
    segments: bool
    truth: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    abstained: NDArray[np.bool_]
    dice: NDArray[np.float64]
    iou: NDArray[np.float64]
    hd95: NDArray[np.float64]
    painted: NDArray[np.float64]
    drawn: NDArray[np.float64]
    class_hit: NDArray[np.float64]
    mask_hit: NDArray[np.float64]
    groups: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def classifies(self) -> bool:
        """Whether there are probabilities."""
        return self.probabilities.shape[1] > 0

    def take(self, indices: NDArray) -> Scored:
        """Return those at these indices, or where a boolean array is true."""
        chosen = np.arange(len(self.truth))[indices]
        return replace(self, **{name: _taken(getattr(self, name), chosen) for name in _each()})


def _each() -> tuple[str, ...]:
    """Return the fields with one value a picture."""
    return tuple(field.name for field in fields(Scored) if field.name not in ("classes", "segments"))


def _taken(value: Any, chosen: NDArray[np.int64]) -> Any:
    return tuple(value[i] for i in chosen) if isinstance(value, tuple) else value[chosen]


def joined(parts: Sequence[Scored]) -> Scored:
    """Return the pictures of all parts, in order."""
    values: dict[str, Any] = {}
    for name in _each():
        pieces = [getattr(part, name) for part in parts]
        tuples = isinstance(pieces[0], tuple)
        values[name] = tuple(chain.from_iterable(pieces)) if tuples else np.concatenate(pieces)
    return replace(parts[0], **values)


def score(predictions: Predictions, calibration: Calibration, thresholds: Thresholds) -> Scored:
    """Apply calibration and thresholds; masks are compared on the original pictures' pixels."""
    count = len(predictions.examples)
    blank = np.full(count, np.nan)
    probabilities = (
        calibration.probabilities(predictions.logits) if predictions.classifies else np.zeros((count, 0))
    )
    dice, iou, hd95, painted, drawn = (
        _overlaps(predictions, thresholds) if predictions.segments else np.full((5, count), np.nan)
    )
    return Scored(
        classes=predictions.classes,
        segments=predictions.segments,
        truth=predictions.truth,
        probabilities=probabilities,
        abstained=np.array([row.size > 0 and calibration.abstains(row) for row in probabilities], bool),
        dice=dice,
        iou=iou,
        hd95=hd95,
        painted=painted,
        drawn=drawn,
        class_hit=blank,
        mask_hit=blank,
        groups=tuple(example.group for example in predictions.examples),
        names=tuple(example.image.name for example in predictions.examples),
    )


def _overlaps(predictions: Predictions, thresholds: Thresholds) -> NDArray[np.float64]:
    """Return Dice, IoU, hd95, share painted and share drawn of each picture: (5, N)."""
    result = np.full((5, len(predictions.examples)), np.nan)
    for index, example in enumerate(predictions.examples):
        shape = data.picture(example).shape
        box = Letterbox(shape[0], shape[1], predictions.masks.shape[1])
        heat = box.restore(predictions.masks[index].astype(np.float32) / 255)
        found = masks.binary(heat, thresholds.mask, thresholds.min_area_fraction)
        result[3, index] = found.mean()
        if example.mask_known:
            result[4, index] = 0.0
        if example.masks:
            drawn = data.mask(example, (shape[0], shape[1])) > 0
            values = metrics.dice(found, drawn), outlines.iou(found, drawn), outlines.hd95(found, drawn)
            result[:3, index], result[4, index] = values, drawn.mean()
    return result

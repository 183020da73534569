"""Whether a grey picture looks like ultrasound at all: a logistic score of a few figures, learnt once.

The numbers lie in ``kind.json`` (`packaging/gate` makes them); the score of a picture is the same everywhere.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 256  # px of the longer side at which the figures are taken
REFUSED = -2.0  # log odds of being ultrasound below which a picture without a header is none


def figures(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure a picture (rows, columns), uint8: levels, empty and white parts, grain, the lie of its edges.

    Returns
    -------
    ndarray, shape (F,), float64
    """
    import cv2

    scale = SIDE / max(grey.shape)
    size = max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    step = max(1, max(grey.shape) // SIDE)
    fine = np.ascontiguousarray(grey[::step, ::step])
    levels = _percentiles(small[::2, ::2], (5, 25, 50, 75, 95)) / 255
    return np.array(
        [
            *levels, *_empty(small), _share(small > 245), *_grain(fine), *_grain(small),
            *_edges(small), *_edges(np.ascontiguousarray(small[::2, ::2])), *_depth(small),
        ]
    )  # fmt: skip


def _empty(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return the black share of all, of the outer tenths left and right (less, more), above and below."""
    black = grey <= 12
    rows, columns = max(1, grey.shape[0] // 10), max(1, grey.shape[1] // 10)
    sides = sorted((_share(black[:, :columns]), _share(black[:, -columns:])))
    return _share(black), *sides, _share(black[:rows]), _share(black[-rows:])


def _share(where: NDArray[np.bool_]) -> float:
    return np.count_nonzero(where) / where.size


def _percentiles(values: NDArray[Any], wanted: tuple[int, ...]) -> NDArray[np.float64]:
    """Return percentiles as `np.percentile` does: of so few values sorting all is eight times as fast."""
    ordered = np.sort(values.astype(np.float32), axis=None)
    at = np.array(wanted) / 100 * (ordered.size - 1)
    low = at.astype(np.intp)
    below, above = ordered[low].astype(np.float64), ordered[np.minimum(low + 1, ordered.size - 1)]
    return np.asarray(below + (above - below) * (at - low), np.float64)


def _grain(grey: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the median and the 90th percentile of the deviation from the mean of 3×3 px, relative to it."""
    import cv2

    values = grey.astype(np.float32)
    mean = cv2.blur(values, (3, 3))
    tissue = mean > 15
    if np.count_nonzero(tissue) < 50:
        return 0.0, 0.0
    spots = np.flatnonzero(tissue)[::4]  # a quarter of the px tells as much, in a quarter of the time
    deviation = np.abs(values.ravel()[spots] / mean.ravel()[spots] - 1)
    middle, high = _percentiles(deviation, (50, 90))
    return float(middle), float(min(high, 1.0))


def _edges(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return how much more rows differ than columns (log), likewise of second steps, and the mean steps."""
    import cv2

    (down, bend_down), (across, bend_across) = _steps(grey, 0), _steps(grey, 1)
    lie, bend = np.log((down + 0.5) / (across + 0.5)), np.log((bend_down + 0.5) / (bend_across + 0.5))
    spread = float(cv2.meanStdDev(grey)[1][0, 0]) + 1
    return (
        float(lie),
        float(bend),
        float(down / spread),
        float(across / spread),
        float(bend_across / (across + 0.5)),
    )


def _steps(grey: NDArray[np.uint8], axis: int) -> tuple[float, float]:
    """Return the mean step from px to px along an axis, and the mean step of those steps."""
    import cv2

    steps = np.asarray(np.diff(grey.astype(np.int16), axis=axis), np.int16)
    bends = np.asarray(np.diff(steps, axis=axis), np.int16)
    return cv2.norm(steps, cv2.NORM_L1) / steps.size, cv2.norm(bends, cv2.NORM_L1) / bends.size


def _depth(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return the difference of the upper and the lower half, of the sides, and the deviation, of 255."""
    import cv2

    rows, columns = grey.shape
    parts = grey[: rows // 2], grey[rows // 2 :], grey[:, : columns // 2], grey[:, columns // 2 :]
    upper, lower, left, right = (cv2.mean(part)[0] for part in parts)
    return (upper - lower) / 255, abs(left - right) / 255, float(cv2.meanStdDev(grey)[1][0, 0]) / 255


def likeness(grey: NDArray[np.uint8]) -> float:
    """Return how much a picture (rows, columns), uint8, looks like ultrasound: log odds, 0 is undecided."""
    mean, spread, weight, bias = _learnt()
    return float(np.clip((figures(grey) - mean) / spread, -4, 4) @ weight + bias)


@cache
def _learnt() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    numbers = json.loads(Path(__file__).with_name("kind.json").read_text("utf-8"))
    mean, spread, weight = (np.array(numbers[name], np.float64) for name in ("mean", "spread", "weight"))
    return mean, spread, weight, float(numbers["bias"])

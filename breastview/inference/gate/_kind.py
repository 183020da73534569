"""Whether a grey picture looks like ultrasound at all: a logistic score of a few figures, learnt once.

The numbers lie in ``kind.json`` (`packaging/gate` makes them); the score of a picture is the same everywhere.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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
    levels = np.percentile(small[::2, ::2], (5, 25, 50, 75, 95)) / 255
    return np.array(
        [
            *levels, *_empty(small), float(np.mean(small > 245)), *_grain(fine), *_grain(small),
            *_edges(small), *_edges(np.ascontiguousarray(small[::2, ::2])), *_depth(small),
        ]
    )  # fmt: skip


def _empty(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return the black share of all, of the outer tenths left and right (less, more), above and below."""
    black = grey <= 12
    rows, columns = max(1, grey.shape[0] // 10), max(1, grey.shape[1] // 10)
    sides = sorted((float(black[:, :columns].mean()), float(black[:, -columns:].mean())))
    return float(black.mean()), *sides, float(black[:rows].mean()), float(black[-rows:].mean())


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
    middle, high = np.percentile(deviation, (50, 90))
    return float(middle), float(min(high, 1.0))


def _edges(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return how much more rows differ than columns (log), likewise of second steps, and the mean steps."""
    values = grey.astype(np.float32)
    down, across = np.abs(np.diff(values, axis=0)).mean(), np.abs(np.diff(values, axis=1)).mean()
    bend_down = np.abs(np.diff(values, 2, axis=0)).mean()
    bend_across = np.abs(np.diff(values, 2, axis=1)).mean()
    lie, bend = np.log((down + 0.5) / (across + 0.5)), np.log((bend_down + 0.5) / (bend_across + 0.5))
    spread = values.std() + 1
    return (
        float(lie),
        float(bend),
        float(down / spread),
        float(across / spread),
        float(bend_across / (across + 0.5)),
    )


def _depth(grey: NDArray[np.uint8]) -> tuple[float, ...]:
    """Return the difference of the upper and the lower half, of the sides, and the deviation, of 255."""
    rows, columns = grey.shape
    upper, lower = grey[: rows // 2].mean(), grey[rows // 2 :].mean()
    left, right = grey[:, : columns // 2].mean(), grey[:, columns // 2 :].mean()
    return float(upper - lower) / 255, abs(float(left - right)) / 255, float(grey.std()) / 255


def likeness(grey: NDArray[np.uint8]) -> float:
    """Return how much a picture (rows, columns), uint8, looks like ultrasound: log odds, 0 is undecided."""
    mean, spread, weight, bias = _learnt()
    return float(np.clip((figures(grey) - mean) / spread, -4, 4) @ weight + bias)


@cache
def _learnt() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]:
    numbers = json.loads(Path(__file__).with_name("kind.json").read_text("utf-8"))
    mean, spread, weight = (np.array(numbers[name], np.float64) for name in ("mean", "spread", "weight"))
    return mean, spread, weight, float(numbers["bias"])

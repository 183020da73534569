"""How often each grey level occurs: the shape that a window is set by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.imaging.window import Part

BINS = 256
_SAMPLES = 1_000_000


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values in bins of one width.

    Attributes
    ----------
    counts : ndarray, shape (channels, bins), int64
        One row for grey, three for colour (red, green, blue).
    low : float
        Where the first bin begins, in modality values.
    step : float
        Width of a bin; a whole number for whole values, so that no bin holds more values than another.
    """

    counts: NDArray[np.int64]
    low: float
    step: float

    @property
    def high(self) -> float:
        """Where the last bin ends."""
        return self.low + self.step * self.counts.shape[1]


def histogram(values: NDArray[Any], part: Part | None = None) -> Histogram:
    """Count the values of a picture or of a part of it.

    Parameters
    ----------
    values : ndarray
        ``(rows, columns)`` modality values or ``(rows, columns, 3)`` colour; not empty.
    part : tuple of int, optional
        The part that counts; the bins are those of the whole picture.

    Returns
    -------
    Histogram
        Of a regular grid of about a million pixels where there are more: the shape is the same.
    """
    low, high = float(values.min()), float(values.max())
    whole = values.dtype.kind in "iu"
    step = float(max(1, -(-(high - low + 1) // BINS))) if whole else max((high - low) / BINS, 1e-12)
    bins = int((high - low) // step) + 1 if whole else BINS
    if part is not None:
        y0, y1, x0, x1 = part
        values = values[y0:y1, x0:x1]
    sample = _thinned(values)
    channels = np.moveaxis(sample, -1, 0) if sample.ndim == 3 else sample[None]
    counts = np.stack([_counted(channel, low, step, bins) for channel in channels])
    return Histogram(counts, low, step)


def _thinned(values: NDArray[Any]) -> NDArray[Any]:
    stride = max(1, int(np.ceil(np.sqrt(values.shape[0] * values.shape[1] / _SAMPLES))))
    return values[::stride, ::stride]


def _counted(values: NDArray[Any], low: float, step: float, bins: int) -> NDArray[np.int64]:
    if values.dtype.kind in "iu":
        place = (values.ravel().astype(np.int64) - int(low)) // int(step)
    else:
        place = ((values.ravel().astype(np.float64) - low) / step).astype(np.int64)
    return np.bincount(np.clip(place, 0, bins - 1), minlength=bins)

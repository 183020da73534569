"""Whether a grey picture that looks like a mammogram is one, or a photograph of something before black.

A logistic score of the figures of `_kind` and of what stands before the background (`_subject`), learnt on
films against photographs and made pictures of heads, hands, fruit, vessels and boxes. The numbers lie in
``film.json`` (`packaging/gate` makes them); the score of a picture is the same everywhere.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from breastview.inference.gate import _kind, _subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPREADS = 4.0
"""Figures further from the mean, in standard deviations of all pictures, count no more."""


class _Learnt(NamedTuple):
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weight: NDArray[np.float64]
    bias: float
    least_odds: float


def figures(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure a picture (rows, columns), uint8; shape (F,), float64."""
    return np.concatenate([_kind.figures(grey), _subject.figures(grey)])


def is_film(grey: NDArray[np.uint8]) -> bool:
    """Return whether a picture (rows, columns), uint8, that looks like a mammogram may be taken for one."""
    learnt = _learnt()
    scaled = np.clip((figures(grey) - learnt.mean) / learnt.spread, -SPREADS, SPREADS)
    return float(scaled @ learnt.weight) + learnt.bias >= learnt.least_odds


@cache
def _learnt() -> _Learnt:
    numbers = json.loads(Path(__file__).with_name("film.json").read_text("utf-8"))
    mean, spread, weight = (np.array(numbers[name], np.float64) for name in ("mean", "spread", "weight"))
    return _Learnt(mean, spread, weight, float(numbers["bias"]), float(numbers["least_odds"]))

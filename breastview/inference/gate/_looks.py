"""What a picture without a header looks like: an ultrasound image, a mammogram, stained tissue, or none.

For each kind a logistic score against everything else, of the figures of `_kind` and some of colour, and how
far the figures lie from those of the kind's pictures: what is like none of them is none, whatever the score.
The numbers lie in ``looks.json`` (`packaging/gate` makes them); the answer for a picture is the same
everywhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from breastview.inference.gate import _kind
from breastview.study.kind import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.inference.gate._view import View

SIDE = 256  # px of the longer side at which colour is measured
SPREADS = 4.0
"""Figures further from the mean, in standard deviations of all pictures, count no more."""


@dataclass(frozen=True)
class Look:
    """How a picture compares with the pictures of one kind.

    Attributes
    ----------
    odds : float
        Log odds of being of the kind, against everything else; 0 is undecided.
    distance : float
        Mahalanobis distance of the figures from the kind's pictures, as a multiple of the distance within
        which 99 of 100 of these lie.
    likely : bool
        Whether both allow to take the picture for one of the kind.
    """

    odds: float
    distance: float
    likely: bool


def figures(seen: View) -> NDArray[np.float64]:
    """Measure a picture: the figures of `_kind.figures` and those of colour; shape (F,), float64."""
    return np.concatenate([_kind.figures(seen.grey), _colours(seen.picture)])


def looks(seen: View) -> dict[Kind, Look]:
    """Return how a picture compares with those of every kind."""
    learnt = _learnt()
    measured = figures(seen)
    scaled = np.clip((measured - learnt.mean) / learnt.spread, -SPREADS, SPREADS)
    return {kind: _look(scaled, one) for kind, one in learnt.kinds.items()}


def _look(scaled: NDArray[np.float64], kind: _Learnt) -> Look:
    odds = float(scaled @ kind.weight + kind.bias)
    # Of a kind that is grey only the grey figures count: a vessel or letters in colour are no other kind.
    counted = scaled[: len(kind.centre)]
    away = float(np.linalg.norm(kind.whitening @ (counted - kind.centre))) / kind.radius
    return Look(odds, away, odds >= kind.least_odds and away <= kind.most_distance)


def _colours(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure colour: how much, which hues, how much of red, green and blue is absorbed; 0 where grey."""
    import cv2

    if picture.ndim == 2:
        return np.zeros(15)
    scale = SIDE / max(picture.shape)
    if scale < 1:
        size = max(8, round(picture.shape[1] * scale)), max(8, round(picture.shape[0] * scale))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    values = picture.reshape(-1, 3).astype(np.float64)
    chroma = values.max(axis=1) - values.min(axis=1)
    coloured = chroma > 20
    if coloured.mean() < 0.005:  # JPEG leaves so much on grey pictures
        return np.zeros(15)
    turned = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)).reshape(-1, 3)
    hue = turned[coloured, 0].astype(np.float64) * (np.pi / 90)
    sixths = np.bincount(((turned[coloured, 0].astype(np.int64) + 15) % 180) // 30, minlength=6)
    density = -np.log((values + 1) / 256).mean(axis=0)
    return np.array(
        [
            coloured.mean(), chroma.mean() / 255, chroma.std() / 255, *(sixths / chroma.size),
            np.cos(hue).mean(), np.sin(hue).mean(), *density, float(np.mean(chroma[~coloured] < 10))
            if (~coloured).any() else 0.0,
        ]
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Learnt:
    weight: NDArray[np.float64]
    bias: float
    centre: NDArray[np.float64]
    whitening: NDArray[np.float64]
    radius: float
    least_odds: float
    most_distance: float


@dataclass(frozen=True, eq=False)
class _AllLearnt:
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    kinds: dict[Kind, _Learnt]


@cache
def _learnt() -> _AllLearnt:
    numbers = json.loads(Path(__file__).with_name("looks.json").read_text("utf-8"))
    return _AllLearnt(
        np.array(numbers["mean"]),
        np.array(numbers["spread"]),
        {
            Kind(modality): _Learnt(
                weight=np.array(one["weight"]),
                bias=float(one["bias"]),
                centre=np.array(one["centre"]),
                whitening=np.array(one["whitening"]),
                radius=float(one["radius"]),
                least_odds=float(one["least_odds"]),
                most_distance=float(one["most_distance"]),
            )
            for modality, one in numbers["kinds"].items()
        },
    )

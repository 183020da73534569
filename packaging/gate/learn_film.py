"""Learn what tells films from other things before black (``film.json`` of the gate) from the tuned half."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import cv2
import kinds
import numpy as np
import things
from learn_looks import FOLDS, fit, plain
from numpy.typing import NDArray

import pictures
from breastview.inference.gate import _film
from breastview.inference.gate._view import view

PLACE = pictures.ROOT / "breastview" / "inference" / "gate" / "film.json"
CUT_OUTS, THINGS = 500, 500
LOST = 1.0
"""Per cent of the films that may be refused, of patients the score was not learnt on."""

Seen = tuple[str, str, NDArray[np.float64]]
"""Kind, patient or picture it comes from, figures."""


def learn(data: Path) -> None:
    """Fit the score and write its numbers."""
    write([(one.kind, one.group, _film.figures(view(one.picture).grey)) for one in examples(data)])


def examples(data: Path) -> Iterator[kinds.Example]:
    """Return films of the tuned half, and what stands before black besides."""
    chance = random.Random(5)
    photographs = [one for name, one in pictures.photographs() if name != "face"]
    for number in range(CUT_OUTS):
        place = number % len(photographs)
        part = next(pictures.parts(photographs[place], chance, 1))
        grey = cv2.cvtColor(kinds.altered(part, chance), cv2.COLOR_RGB2GRAY)
        yield kinds.Example("", "cut out on black", f"photograph {place}", kinds.cut_out(grey, chance))
    for number in range(THINGS):
        yield kinds.Example("", "things before black", f"thing {number}", things.thing(chance))
    yield from kinds.mammograms(data, True, random.Random(6))


def write(seen: list[Seen]) -> None:
    """Fit to what was measured; parts of films count for neither side."""
    seen = [one for one in seen if one[0] in ("MG", "")]
    film = np.array([kind == "MG" for kind, _, _ in seen])
    groups = np.unique(np.array([group for _, group, _ in seen]), return_inverse=True)[1]
    measured = np.array([figures for _, _, figures in seen])
    mean, spread = measured.mean(axis=0), measured.std(axis=0) + 1e-6
    scaled = np.clip((measured - mean) / spread, -_film.SPREADS, _film.SPREADS)
    odds = np.empty(len(film))
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        odds[out] = fit(scaled[~out], film[~out]).decision_function(scaled[out])
    limit = float(np.percentile(odds[film], LOST))
    fitted = fit(scaled, film)
    numbers = {
        "mean": plain(mean), "spread": plain(spread), "weight": plain(fitted.coef_[0]),
        "bias": plain(fitted.intercept_)[0], "least_odds": plain([limit])[0],
    }  # fmt: skip
    PLACE.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", "utf-8")
    passed = (odds[~film] >= limit).mean()
    print(f"{film.sum():,} films, {(~film).sum():,} others, of which {passed:.1%} pass out of fold: {PLACE}")

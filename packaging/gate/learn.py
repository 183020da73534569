"""Learn what ultrasound looks like (``kind.json`` of the gate) from the tuned half of the pictures."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import burned_in
import cv2
import numpy as np
from numpy.typing import NDArray

import pictures
from breastview.inference.gate import _kind

PLACE = pictures.ROOT / "breastview" / "inference" / "gate" / "kind.json"
SPREADS = 4.0
"""As in `_kind.likeness`: figures further from the mean count no more."""


def examples(data: Path, chance: random.Random) -> Iterator[tuple[NDArray[np.uint8], bool]]:
    """Return grey pictures of the tuned half, with whether each is ultrasound."""
    for one in pictures.listed(data, pictures.ULTRASOUND):
        if one.tuned:
            picture = one.read()
            yield picture, True
            if chance.random() < 0.4:
                yield burned_in.screen(picture, chance), True
            if chance.random() < 0.2:
                yield next(pictures.parts(picture, chance, 1)), True
    for one in pictures.listed(data, pictures.FILMS):
        if one.tuned:
            film = one.read()
            yield from ((each, False) for each in (film, *pictures.cropped(film)))
    yield from (
        (cv2.cvtColor(stain, cv2.COLOR_RGB2GRAY), False)
        for half, stain in pictures.stains(data, chance, 150)
        if half
    )
    for name, photograph in pictures.photographs():
        if name != "face":
            yield from (
                (cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), False)
                for part in pictures.parts(photograph, chance, 30)
            )
    yield from ((pictures.page(chance), False) for _ in range(100))
    yield from ((pictures.nothing(chance, kind), False) for kind in pictures.NOTHINGS for _ in range(15))


def learn(data: Path) -> None:
    """Fit a logistic regression on standardised figures and write its numbers."""
    from sklearn.linear_model import LogisticRegression

    kept = [
        (_kind.figures(picture), label)
        for picture, label in examples(data, random.Random(0))
        if min(picture.shape) >= 64
    ]
    figures, labels = np.array([one for one, _ in kept]), np.array([label for _, label in kept])
    mean, spread = figures.mean(axis=0), figures.std(axis=0) + 1e-6
    scaled = np.clip((figures - mean) / spread, -SPREADS, SPREADS)
    fitted = LogisticRegression(C=1.0, max_iter=5000, class_weight="balanced").fit(scaled, labels)
    numbers = {"mean": mean, "spread": spread, "weight": fitted.coef_[0]}
    plain = {name: [float(f"{value:.6g}") for value in values] for name, values in numbers.items()}
    PLACE.write_text(
        json.dumps(plain | {"bias": float(f"{fitted.intercept_[0]:.6g}")}, indent=1) + "\n", "utf-8"
    )
    print(f"{len(labels)} pictures, {int(labels.sum())} of them ultrasound: {PLACE}")

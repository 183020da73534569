"""Learn the looks of the kinds (``looks.json`` of the gate) from the tuned half of the pictures."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import kinds
import numpy as np
from numpy.typing import NDArray

import pictures
from breastview.inference.gate import _looks
from breastview.inference.gate._view import view

PLACE = pictures.ROOT / "breastview" / "inference" / "gate" / "looks.json"
KINDS = {"US": 28, "MG": 28, "SM": 43}
"""How many figures count for the distance: of grey kinds those of grey alone."""
FOLDS = 5
PASSED = 0.5
"""Per cent of everything else that may pass for a kind; its least odds are 0 or more all the same."""
WITHIN = 99.5
"""Per cent of the pictures of a kind that lie within its radius."""
FLOOR = 0.05
"""Added to the variance along every direction, so that one without any does not decide alone."""


def learn(data: Path) -> None:
    """Fit a logistic score and a distance for every kind and write their numbers."""
    write(
        [
            (one.kind, one.group, _looks.figures(view(one.picture)))
            for one in kinds.examples(data, True, random.Random(1))
        ]
    )


def write(seen: list[tuple[str, str, NDArray[np.float64]]]) -> None:
    """Fit to kind, scene or patient, and figures of each picture."""
    labels = np.array([kind for kind, _, _ in seen])
    groups = np.unique(np.array([group for _, group, _ in seen]), return_inverse=True)[1]
    figures = np.array([one for _, _, one in seen])
    mean, spread = figures.mean(axis=0), figures.std(axis=0) + 1e-6
    scaled = np.clip((figures - mean) / spread, -_looks.SPREADS, _looks.SPREADS)
    found = {}
    for kind, counted in KINDS.items():
        counts = labels != f"part of {kind}"
        found[kind] = _kind(scaled[counts], labels[counts] == kind, groups[counts], counted)
    numbers = {"mean": plain(mean), "spread": plain(spread), "kinds": found}
    PLACE.write_text(json.dumps(numbers, separators=(",", ":")) + "\n", "utf-8")
    counts = ", ".join(f"{(labels == kind).sum():,} {kind or 'none'}" for kind in np.unique(labels))
    print(f"{len(labels):,} pictures ({counts}): {PLACE}")


def _kind(
    scaled: NDArray[np.float64], mine: NDArray[np.bool_], groups: NDArray[np.int64], counted: int
) -> dict[str, Any]:
    fitted = fit(scaled, mine)
    # Limits come from pictures whose scene or patient the score was not learnt on.
    odds = np.empty(len(mine))
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        odds[out] = fit(scaled[~out], mine[~out]).decision_function(scaled[out])
    own = scaled[mine, :counted]
    centre = own.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(own.T))
    whitening = (directions / np.sqrt(np.maximum(variances, 0) + FLOOR)).T
    away = np.linalg.norm((scaled[:, :counted] - centre) @ whitening.T, axis=1)
    radius = np.percentile(away[mine], WITHIN)
    near = np.where(away[~mine] <= radius, odds[~mine], -np.inf)
    limit = np.percentile(near, 100 - PASSED, method="lower")
    return {
        "weight": plain(fitted.coef_[0]),
        "bias": plain(fitted.intercept_)[0],
        "centre": plain(centre),
        "whitening": [plain(row) for row in whitening],
        "radius": plain([radius])[0],
        "least_odds": plain([max(0.0, limit)])[0],
        "most_distance": 1.0,
    }


def fit(scaled: NDArray[np.float64], mine: NDArray[np.bool_]) -> Any:
    """Return a logistic regression of scaled figures, (n, F), on whether a picture is of a kind, (n,)."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1.0, max_iter=5000, class_weight="balanced").fit(scaled, mine)


def plain(values: Any) -> list[float]:
    """Return numbers as a file holds them, six digits each."""
    return [float(f"{value:.6g}") for value in values]

"""Analyses made by hand, and a check that two are the same to the last bit."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from breastview.imaging.measure import findings
from breastview.study.analysis import Analysis, BundleStamp, Flag, Heat
from breastview.study.calibration import everywhere


def analysis(seed: int = 0, rows: int = 61, columns: int = 83, refused: bool = False) -> Analysis:
    """An analysis with a lesion, heat and flags; different for every seed."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((rows, columns), bool)
    mask[10:30, 20 : 50 + seed % 10] = True
    mask[40:50, 5:17] = True
    probabilities = rng.dirichlet((1, 1, 1))
    return Analysis(
        bundle=BundleStamp("us-test", "1.0", "abcdef012345"),
        classes=("normal", "benign", "malignant"),
        probabilities=None if refused else tuple(float(p) for p in probabilities),
        abstained=seed % 2 == 1,
        sentence="Of 100 images scored like this in the calibration set, about 12 were malignant.",
        mask=mask,
        mask_probability=rng.integers(0, 256, (28, 39), np.uint8),
        findings=findings(mask, everywhere("PixelSpacing", rows, columns, 0.1, 0.07)),
        heat=Heat(
            rng.random((3, 7, 7), np.float32),
            rng.random((28, 28), np.float32),
            (0.0, -11.0, 83.0, 83.0),
            tuple(float(s) for s in rng.random(3)),
        ),
        flags=(Flag("colour", "Doppler – Farbe ☂", refuses=refused),),
        calibration_set="made up",
        device="CPU",
        milliseconds=float(rng.random()),
        made_at="2026-11-20T20:00:00+00:00",
    )


def same(first: object, second: object) -> bool:
    """Whether two (nested) records are equal, arrays with their dtypes."""
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    if isinstance(first, (Analysis, Heat)):
        return type(first) is type(second) and all(
            same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first)
        )
    return type(first) is type(second) and first == second

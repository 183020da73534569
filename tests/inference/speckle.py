"""Ultrasound-like pictures for the gate and the analyser: speckle with a grain, darker with depth."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def tissue(rows: int = 300, columns: int = 400, seed: int = 0, brightness: float = 1.0) -> NDArray[np.uint8]:
    """Return (rows, columns) uint8: the envelope of blurred noise over layers, compressed to grey."""
    rng = np.random.default_rng(seed)
    parts = [cv2.GaussianBlur(rng.normal(size=(rows, columns)), (0, 0), 2.2, sigmaY=1.1) for _ in range(2)]
    envelope = np.hypot(*parts)
    coarse = rng.normal(size=(rows // 12 + 2, columns // 90 + 2))
    layers = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    depth = np.linspace(0, 14, rows)[:, None]
    level = 20 * np.log10(envelope / envelope.mean() + 1e-3) + 7 * layers - depth
    return np.clip(brightness * (110 + 5 * level), 0, 255).astype(np.uint8)

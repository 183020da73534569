"""Made-up ultrasound pictures: speckle, a smooth dark lesion (benign), a jagged one (malignant), or none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

CLASSES = ("normal", "benign", "malignant")


def picture(label: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture and its lesion mask (0 and 255), both (72, 96) uint8."""
    rng = np.random.default_rng(seed)
    speckle = cv2.GaussianBlur(rng.gamma(2.0, 45.0, (72, 96)).astype(np.float32), (0, 0), 1.0)
    mask = np.zeros((72, 96), np.uint8)
    centre = (int(rng.integers(30, 66)), int(rng.integers(26, 46)))
    if label == "benign":
        cv2.ellipse(mask, centre, (16, 10), 0, 0, 360, 255, -1)
    if label == "malignant":
        angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        radii = np.where(np.arange(24) % 2, 9, 19)
        star = np.stack([np.cos(angles) * radii, np.sin(angles) * radii], 1) + centre
        cv2.fillPoly(mask, [star.astype(np.int32)], 255)
    return np.clip(np.where(mask > 0, speckle * 0.2, speckle), 0, 255).astype(np.uint8), mask


def busi_folder(where: Path, per_class: int = 10, seed: int = 0) -> Path:
    """Write a BUSI-style folder: a folder for each class, x.png beside x_mask.png."""
    for index, label in enumerate(CLASSES):
        (where / label).mkdir(parents=True)
        for number in range(per_class):
            grey, mask = picture(label, seed + 1000 * index + number)
            stem = f"{label} ({number + 1})"
            cv2.imwrite(str(where / label / f"{stem}.png"), grey)
            cv2.imwrite(str(where / label / f"{stem}_mask.png"), mask)
    return where

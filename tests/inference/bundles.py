"""A bundle without a network, and a runtime that reads brightness: bright pixels are lesion, and hot."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from breastview.inference.bundle import Bundle, Thresholds
from breastview.inference.calibration import Calibration, Reliability
from breastview.inference.intended import Intended
from breastview.inference.runtime import RawOutput
from breastview.study.kind import Kind

CLASSES = ("normal", "benign", "malignant")


def calibration() -> Calibration:
    """No scaling, two bins."""
    bins = Reliability("malignant", (0.0, 0.5, 1.0), (100, 100), (10, 80))
    return Calibration(CLASSES, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), bins, 0.5, "made up for tests")


def bundle(size: int = 64, threshold: float = 0.5, modality: str = "US", **changes) -> Bundle:
    """A bundle whose network is empty; `changes` replace fields."""
    values = {
        "folder": Path("tiny"),
        "name": "tiny",
        "version": "0",
        "title": "Tiny",
        "hash": "0123456789ab",
        "architecture": "tiny",
        "classes": CLASSES,
        "size": size,
        "layers": {"features": "last", "logits": "logits", "mask": "mask", "mask_features": "up8"},
        "thresholds": Thresholds(threshold, 0.002),
        "calibration": calibration(),
        "network": {},
        "weights": (),
        "metrics": {},
        "manifest": {},
        "card": "",
        "intended": Intended(kind=Kind(modality)),
    }
    return Bundle(**(values | changes))


class BrightnessRuntime:
    """Calls every pixel brighter than 190 lesion; all heat lies where `heat` says, or on what is bright."""

    device, notice = "CPU", ""

    def __init__(self, logits=(0.0, 0.0, 2.0), heat: np.ndarray | None = None) -> None:
        self.logits, self.heat = np.array(logits, np.float32), heat
        self.batches: list[int] = []
        self.closed = False

    def run(self, batch: np.ndarray) -> RawOutput:
        assert batch.dtype == np.float32
        count, size = batch.shape[:2]
        self.batches.append(count)
        grey = batch[..., 0]
        cells = grey.reshape(count, 8, size // 8, 8, size // 8).mean(axis=(2, 4))
        heat = np.maximum(cells - 100, 0) if self.heat is None else np.broadcast_to(self.heat, (count, 8, 8))
        # The class logits carry the brightness, so that a mix-up of pictures shows.
        logits = np.tile(self.logits, (count, 1))
        logits[:, 1] += grey.mean(axis=(1, 2)) / 1000
        maps = np.repeat(heat[:, None], 3, axis=1).astype(np.float32)
        return RawOutput(logits, (grey - 190) / 10, maps, heat.astype(np.float32), 4.0 * count)

    def close(self) -> None:
        self.closed = True

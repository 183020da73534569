"""A stand-in for the AI, so that what surrounds it is tested in moments; it says so in every result."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from breastview.errors import AnalysisError
from breastview.study.analysis import Analysis, BundleStamp, Finding, Flag, Heat
from breastview.study.instance import Instance
from breastview.study.kind import of_modality
from breastview.study.pixels import FramePixels

CLASSES = ("normal", "benign", "malignant")


class StandIn:
    """Calls dark pixels a lesion and scores a frame by their share; counts what it was asked.

    Attributes
    ----------
    begun : Event
        It was asked for something.
    gate : Event or None
        It answers once this is set.
    """

    def __init__(self, folder: Path, device: str) -> None:
        self.device, self.notice = device.upper(), ""
        self.stamp = stamp_of(folder)
        made_for = json.loads((folder / "manifest.json").read_bytes())["kind"]
        self.kind, self.experimental = of_modality(made_for["modality"]), made_for.get("experimental", False)
        self.analysed: list[tuple[str, int]] = []
        self.batches: list[int] = []
        self.loaded = self.closed = 0
        self.seconds = 0.0
        self.begun = threading.Event()
        self.gate: threading.Event | None = None
        self.fails: Callable[[Instance, int], bool] = lambda instance, frame: False
        self.refuses: Callable[[Instance, int], bool] = lambda instance, frame: False
        self._lock = threading.Lock()

    def load(self) -> None:
        """Count."""
        self.loaded += 1

    def close(self) -> None:
        """Count."""
        self.closed += 1

    def analyse_batch(
        self, frames: Sequence[tuple[Instance, int, FramePixels]], task: object = None
    ) -> list[Analysis]:
        """Return an analysis of each frame."""
        assert self._lock.acquire(blocking=False), "the AI was used by two threads at once"
        try:
            self.begun.set()
            assert self.gate is None or self.gate.wait(120), "nobody let the AI go on"
            time.sleep(self.seconds)
            self.batches.append(len(frames))
            self.analysed += [(instance.path.name, frame) for instance, frame, _ in frames]
            for instance, frame, _ in frames:
                if self.fails(instance, frame):
                    raise AnalysisError("the stand-in was told to fail", instance.path)
            return [self._one(*one) for one in frames]
        finally:
            self._lock.release()

    def _one(self, instance: Instance, frame: int, pixels: FramePixels) -> Analysis:
        grey = pixels.values if pixels.values.ndim == 2 else pixels.values.mean(axis=2)
        mask = grey < grey.max() * 0.3
        share = float(mask.mean())
        refused = self.refuses(instance, frame)
        mask &= not refused
        return Analysis(
            bundle=self.stamp, classes=CLASSES,
            probabilities=None if refused else (1 - share, share * 0.25, share * 0.75),
            abstained=False, sentence="A stand-in for tests.", mask=mask,
            mask_probability=mask.astype(np.uint8) * 255,
            findings=(_finding(int(mask.sum())),) if mask.any() else (),
            heat=Heat(np.ones((3, 2, 2), np.float32), np.ones((2, 2), np.float32), (0.0, 0.0, 64.0, 48.0)),
            flags=(Flag("not-ultrasound", "This is no ultrasound.", refuses=True),) if refused else (),
            device=self.device, kind=self.kind, experimental=self.experimental,
        )  # fmt: skip


class Factory:
    """Makes stand-ins and keeps them for the test to look at."""

    def __init__(self, **attributes: object) -> None:
        self.made: list[StandIn] = []
        self.attributes = attributes

    def __call__(self, folder: Path, device: str) -> StandIn:
        """Make one."""
        analyser = StandIn(folder, device)
        for name, value in self.attributes.items():
            setattr(analyser, name, value)
        self.made.append(analyser)
        return analyser

    @property
    def analysed(self) -> list[tuple[str, int]]:
        """File name and frame of everything analysed, in order."""
        return [one for analyser in self.made for one in analyser.analysed]


def bundle_folder(
    models: Path,
    name: str = "stand-in",
    version: str = "1.0",
    modality: str = "US",
    tasks: Sequence[str] = ("classification", "segmentation"),
    experimental: bool = False,
) -> Path:
    """Write a manifest that can be listed (but not loaded) and return the bundle's folder."""
    folder = models / name
    folder.mkdir(parents=True, exist_ok=True)
    kind = {"modality": modality, "tasks": list(tasks)} | ({"experimental": True} if experimental else {})
    manifest = {"name": name, "version": version, "title": name.title(), "kind": kind}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def stamp_of(folder: Path) -> BundleStamp:
    """Return the stamp of a manifest."""
    raw = (folder / "manifest.json").read_bytes()
    manifest = json.loads(raw)
    return BundleStamp(manifest["name"], manifest["version"], hashlib.sha256(raw).hexdigest()[:12])


def install(monkeypatch: pytest.MonkeyPatch, models: Path) -> Path:
    """Make the stand-in the only installed bundle and return its folder."""
    monkeypatch.setenv("BREASTVIEW_MODELS", str(models))
    return bundle_folder(models)


def reads_mammograms(monkeypatch: pytest.MonkeyPatch, models: Path) -> Factory:
    """Install the stand-in and one that reads mammograms, and return what starts them."""
    install(monkeypatch, models)
    bundle_folder(models, "mg-stand-in", modality="MG")
    return Factory()


def _finding(area: int) -> Finding:
    corners = ((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0))
    return Finding(corners, area, 8.0, 4.0, (corners[0], corners[1]), (corners[1], corners[2]), 8.0, 4.0)

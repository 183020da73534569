"""A small bundle made by hand, without Keras: one dense path and one mask layer."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = ["normal", "benign", "malignant"]


def layer(kind: str, name: str, module: str = "keras.layers", **config: Any) -> dict[str, Any]:
    """Return a layer's entry as Keras serialises it."""
    policy = {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": "float32"},
        "registered_name": None,
    }
    entry = {"module": module, "class_name": kind, "registered_name": None, "name": name, "inbound_nodes": []}
    return entry | {"config": {"name": name, "dtype": policy, **config}}


def network() -> dict[str, Any]:
    """Return a functional configuration with the layers the manifest names."""
    zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": None}
    layers = [
        layer("InputLayer", "picture"),
        layer("Conv2D", "features", bias_initializer=zeros),
        layer("Dense", "logits"),
        layer("Conv2D", "mask_features"),
        layer("UpSampling2D", "mask"),
    ]
    return {"name": "tiny", "trainable": True, "layers": layers, "input_layers": [], "output_layers": {}}


def manifest() -> dict[str, Any]:
    """Return a manifest without its list of files."""
    reliability = {"class": "malignant", "edges": [0, 0.5, 1], "count": [50, 50], "positive": [5, 40]}
    return {
        "schema": "breastview-bundle/1",
        "name": "tiny",
        "version": "0.1.0",
        "title": "A tiny bundle",
        "kind": {"modality": "US", "tasks": ["classification", "segmentation"]},
        "architecture": "tiny",
        "classes": list(CLASSES),
        "input": {"size": 64, "colour": "luminance", "range": [0, 255], "pad": 0},
        "layers": {
            "features": "features",
            "logits": "logits",
            "mask": "mask",
            "mask_features": "mask_features",
        },
        "thresholds": {"mask": 0.5, "min_area_fraction": 0.002},
        "abstain": {"method": "largest-probability", "below": 0.6},
        "calibration": {
            "method": "vector-scaling",
            "scale": [1, 1, 1],
            "bias": [0, 0, 0],
            "set": "made up",
            "reliability": reliability,
        },
    }


def npz(**arrays: Any) -> bytes:
    """Return the bytes of an .npz file."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def write(folder: Path, entries: dict[str, Any] | None = None, **contents: bytes) -> Path:
    """Write a bundle; `contents` (network, weights, metrics, card) replace its files, hashes match."""
    files = {
        "network.json": contents.get("network", json.dumps(network()).encode()),
        "weights.npz": contents.get("weights", npz(**{"0000": np.ones((2, 3), np.float16)})),
        "metrics.json": contents.get("metrics", b'{"sets": {}}'),
        "CARD.md": contents.get("card", b"# A tiny bundle\n"),
    }
    listed = manifest() | (entries or {})
    listed["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps(listed), encoding="utf-8")
    return folder

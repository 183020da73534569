"""ImageNet weights from a local .npz file: nothing is ever downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from breastview.errors import TrainingError

if TYPE_CHECKING:
    import keras


def locate(weights: Path, filename: str) -> Path:
    """Return the weight file that `weights` (a file, or a folder that holds `filename`) stands for."""
    path = weights / filename if weights.is_dir() else weights
    if not path.is_file():
        remedy = f"Give --weights a .npz file or the folder of {filename}."
        raise TrainingError("no pretrained weights there", path, remedy)
    return path


def load(encoder: keras.Model, path: Path) -> int:
    """Assign the arrays of `path` to the encoder's weights by their position, checked by shape.

    The file's keys read ``position|variable path``; weights it lacks keep their initial values.

    Returns
    -------
    int
        How many weights were assigned.

    Raises
    ------
    TrainingError
        Where a shape differs: the file belongs to another architecture.
    """
    with np.load(path, allow_pickle=False) as archive:
        arrays = {int(key.split("|")[0]): archive[key] for key in archive.files}
    assigned = 0
    for position, weight in enumerate(encoder.weights):
        array = arrays.get(position)
        if array is None:
            continue
        if tuple(array.shape) != tuple(weight.shape):
            raise TrainingError(
                f"does not fit {encoder.name}: weight {position} ({weight.path}) is {tuple(weight.shape)}, "
                f"the file has {array.shape}",
                path,
                "Choose the weights of this architecture.",
            )
        weight.assign(array.astype("float32"))
        assigned += 1
    for layer in encoder.layers:  # EfficientNet's Normalization keeps tensors derived from its weights
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return assigned

"""ImageNet weights: from a local .npz file, or from keras.applications where the word `imagenet` asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from breastview.errors import TrainingError
from breastview.inference.keras_network import settle
from breastview.networks.backbones.applications import TABLE

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from breastview.networks.specification import Part

IMAGENET = "imagenet"
# Whose weights keras.applications can fetch: file name here -> constructor there.
FETCHED = {
    "convnexttiny.npz": "ConvNeXtTiny",
    "convnextbase.npz": "ConvNeXtBase",
    **{row.file: row.constructor for row in TABLE.values()},
}


def load_or_fetch(part: Part, weights: Path) -> int:
    """Give an encoder its ImageNet weights.

    Parameters
    ----------
    part : Part
    weights : Path
        A .npz file, a folder of them, or the word ``imagenet``: then keras.applications fetches them from its
        own server (or from what it fetched before). Nothing is downloaded otherwise.

    Returns
    -------
    int
        How many weights were assigned.

    Raises
    ------
    TrainingError
        Where there are none, or they cannot be fetched.
    """
    if str(weights) != IMAGENET:
        return load(part.model, locate(weights, part.pretrained))
    if part.pretrained not in FETCHED:
        raise TrainingError(
            f"keras.applications has no ImageNet weights of {part.model.name}",
            remedy="Give --weights a .npz file, or leave it out to train from scratch.",
        )
    return transfer(_fetched(FETCHED[part.pretrained]), part.model)


def _fetched(constructor: str) -> keras.Model:
    import keras

    make = getattr(keras.applications, constructor)
    try:
        source: keras.Model = make(include_top=False, weights=IMAGENET)
    except Exception as error:  # Keras raises a bare Exception where a download fails
        raise TrainingError(
            f"the ImageNet weights of {constructor} could not be downloaded ({error})",
            remedy="Connect this machine to the network, or give --weights a .npz file or a folder of them.",
        ) from error
    return source


def transfer(source: keras.Model, encoder: keras.Model) -> int:
    """Copy the weights of a model of keras.applications to our encoder of the same architecture, by position.

    The numbers are the same; a shape may differ by axes of one (a scale for each channel is a depth-wise
    convolution here). Where the source scales the picture once more after normalising it (EfficientNet), that
    goes into the variance: dividing by s and by t is dividing once by s t.

    Raises
    ------
    TrainingError
        Where the two are different architectures.
    """
    from keras import ops

    ours = encoder.weights
    theirs = source.weights[: len(ours)]  # an encoder may end before the published one does
    if [int(np.prod(w.shape)) for w in ours] != [int(np.prod(w.shape)) for w in theirs]:
        raise TrainingError(f"the weights of {source.name} do not fit {encoder.name}")
    for mine, other in zip(ours, theirs, strict=True):
        mine.assign(np.reshape(ops.convert_to_numpy(other.value), mine.shape))
    extra = _rescaled_after_normalising(source)
    for layer in encoder.layers:
        if type(layer).__name__ == "Normalization" and extra is not None:
            variance = ops.convert_to_numpy(layer.adapt_variance)
            layer.adapt_variance.assign(variance / np.square(extra).reshape(variance.shape))
    settle(encoder)
    return len(ours)


def _rescaled_after_normalising(source: keras.Model) -> NDArray[np.float64] | None:
    kinds = [type(layer).__name__ for layer in source.layers]
    if "Normalization" not in kinds:
        return None
    after = source.layers[kinds.index("Normalization") + 1]
    return np.asarray(after.scale, np.float64) if type(after).__name__ == "Rescaling" else None


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
    settle(encoder)
    return assigned

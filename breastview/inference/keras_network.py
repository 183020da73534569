"""A bundle's network made again by Keras, on whichever of its backends the process has."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import keras
    from numpy.typing import NDArray


def rebuild(
    config: dict[str, Any], weights: Sequence[NDArray], layers: Mapping[str, type] | None = None
) -> keras.Model:
    """Make the network of a bundle again.

    Parameters
    ----------
    config : dict
        The network's configuration; whoever reads it from a file checks it first (`inference.bundle`).
    weights : Sequence[ndarray]
        In order of position.
    layers : Mapping[str, type], optional
        Layers of our own that the configuration names.

    Raises
    ------
    ValueError
        Where number or shapes of the weights do not fit.
    """
    import keras

    # Keras takes the configuration apart.
    model = keras.Model.from_config(copy.deepcopy(config), custom_objects=layers)
    for variable, value in zip(model.weights, weights, strict=True):
        if tuple(variable.shape) != value.shape:
            raise ValueError(f"{variable.path} has shape {tuple(variable.shape)}, the file has {value.shape}")
        variable.assign(value.astype(np.float32))
    settle(model)
    return model


def settle(model: keras.Model) -> None:
    """Let layers follow weights that were assigned: Normalization keeps tensors derived from its own."""
    for layer in model.layers:
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()

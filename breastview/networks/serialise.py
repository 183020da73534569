"""A network as data: its functional configuration as JSON, its weights by position. No code travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    from numpy.typing import NDArray


def describe(model: keras.Model) -> dict[str, Any]:
    """Return the configuration `rebuild` makes the network from; JSON values only."""
    import json

    config: dict[str, Any] = json.loads(json.dumps(model.get_config()))
    return config


def arrays(model: keras.Model) -> dict[str, NDArray[np.float16]]:
    """Return the weights under their positions "0000", "0001", ...

    Raises
    ------
    OverflowError
        Where a weight does not fit float16.
    """
    from keras import ops

    result = {}
    for position, weight in enumerate(model.weights):
        value = np.asarray(ops.convert_to_numpy(weight.value)).astype(np.float16)
        if not np.isfinite(value).all():
            raise OverflowError(f"weight {position} ({weight.path}) does not fit float16")
        result[f"{position:04d}"] = value
    return result


def rebuild(config: dict[str, Any], weights: Sequence[NDArray]) -> keras.Model:
    """Make the network of a bundle again.

    Parameters
    ----------
    config : dict
        From `describe`; whoever reads it from a file checks it first (`breastview.inference.bundle`).
    weights : Sequence[ndarray]
        In order of position.

    Raises
    ------
    ValueError
        Where number or shapes of the weights do not fit.
    """
    import keras

    model = keras.Model.from_config(config)
    for variable, value in zip(model.weights, weights, strict=True):
        if tuple(variable.shape) != value.shape:
            raise ValueError(f"{variable.path} has shape {tuple(variable.shape)}, the file has {value.shape}")
        variable.assign(value.astype(np.float32))
    for layer in model.layers:  # Normalization keeps tensors derived from its weights
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return model

"""A network as data: its functional configuration as JSON, its weights by position. No code travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray


def describe(model: keras.Model) -> dict[str, Any]:
    """Return the configuration `inference.keras_network` makes the network from; JSON values only."""
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

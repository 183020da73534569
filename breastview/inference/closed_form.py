"""What speaks for each class without differentiating: for heads that pool once and go on by dense layers.

In such a head the gradient of a logit by a pooled feature is a product of weights and of which units are
active. It is the same wherever in the picture, so Grad-CAM's weights are it over the number of places; of a
maximum too, whose gradient goes to one place and is averaged over all. Where every place has weights of its
own (a flattened map), they are averaged over the places.

Written in keras.ops, so that it runs on any of Keras's backends, and as a part of a graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import AnalysisError

if TYPE_CHECKING:
    import keras

POOLS = {"GlobalAveragePooling2D": "mean", "GlobalMaxPooling2D": "max", "Flatten": "flat"}


def head(model: keras.Model, features: str, logits: str) -> list[Any]:
    """Return the layers of a classifier's head, the pooling first, `logits` last.

    Parameters
    ----------
    model : keras.Model
    features, logits : str
        Names of the layers it begins after and ends with.

    Raises
    ------
    AnalysisError
        If it is not a pooling followed by a chain of layers whose gradient is known here.
    """
    layer = model.get_layer(logits)
    layers: list[Any] = []
    while layer.name != features:
        layers.insert(0, layer)
        if isinstance(layer.input, list | tuple) or not all(map(_known, layers)):
            raise AnalysisError("the classifier's head is not one whose maps are known in closed form")
        layer = layer.input._keras_history.operation
    if not layers or type(layers[0]).__name__ not in POOLS:
        raise AnalysisError("the classifier's head is not one whose maps are known in closed form")
    return layers


def pooled(layers: list[Any], features: Any) -> Any:
    """Return what a head's pooling makes of feature maps (B, h, w, K): (B, K), or flattened (B, h w K)."""
    from keras import ops

    kind = POOLS[type(layers[0]).__name__]
    if kind == "flat":
        _, height, width, channels = features.shape
        return ops.reshape(features, (-1, height * width * channels))
    return (ops.mean if kind == "mean" else ops.max)(features, axis=(1, 2))


def slopes(layers: list[Any], values: Any) -> Any:
    """Return the gradient of each logit by each pooled feature.

    Parameters
    ----------
    layers : list
        Of `head`.
    values : tensor, shape (B, K)
        Pooled features.

    Returns
    -------
    tensor, shape (B, C, K), or (1, C, K) where it is the same for all
    """
    from keras import ops

    way = []
    for layer in layers[1:]:
        kind = type(layer).__name__
        if kind == "Dense":
            values = ops.matmul(values, numbers(layer.kernel)) + numbers(layer.bias)
            way.append(numbers(layer.kernel))
            if _activation(layer) == "relu":
                way.append(ops.cast(values > 0, "float32"))
                values = ops.relu(values)
        elif kind == "BatchNormalization":
            scale, shift = _normalisation(layer)
            values = values * scale + shift
            way.append(scale)
    gradient: Any = np.eye(way[-1].shape[-1], dtype=np.float32)[None]
    for step in reversed(way):
        if len(step.shape) == 2 and isinstance(step, np.ndarray):
            gradient = ops.matmul(gradient, step.T)
        else:
            gradient = gradient * (step if len(step.shape) == 1 else ops.expand_dims(step, 1))
    return gradient


def class_maps(layers: list[Any], features: Any) -> Any:
    """Return Grad-CAM of every class, (B, C, h, w), of feature maps (B, h, w, K)."""
    from keras import ops

    _, height, width, channels = features.shape
    gradient = by_channel(slopes(layers, pooled(layers, features)), channels) / (height * width)
    flat = ops.reshape(features, (-1, height * width, channels))
    signed = ops.matmul(gradient, ops.transpose(flat, (0, 2, 1)))
    return ops.relu(ops.reshape(signed, (-1, signed.shape[1], height, width)))


def by_channel(gradient: Any, channels: int) -> Any:
    """Return slopes (B, C, K) as they are, those of a flattened map (B, C, h w K) summed over its places."""
    from keras import ops

    count, classes, width = gradient.shape
    if width == channels:
        return gradient
    places = (-1 if count is None else count, classes, width // channels, channels)
    return ops.sum(ops.reshape(gradient, places), axis=2)


def numbers(variable: Any) -> np.ndarray:
    """Return a variable's values, float32."""
    from keras import ops

    return np.array(ops.convert_to_numpy(variable.value), np.float32)


def _known(layer: Any) -> bool:
    kind = type(layer).__name__
    if kind == "Dense":
        return layer.use_bias and _activation(layer) in ("linear", "relu")
    return kind in ("Dropout", "BatchNormalization", *POOLS)


def _activation(layer: Any) -> str:
    return str(getattr(layer.activation, "__name__", "linear"))


def _normalisation(layer: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return scale and shift of a batch normalisation that has learnt its statistics, (K,) each."""
    scale = numbers(layer.gamma) / np.sqrt(numbers(layer.moving_variance) + layer.epsilon)
    return scale, numbers(layer.beta) - numbers(layer.moving_mean) * scale

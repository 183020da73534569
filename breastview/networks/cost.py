"""What a network costs: weights, and floating-point operations of one forward pass."""

from __future__ import annotations

import time
from math import prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras


def gflops(model: keras.Model) -> float:
    """Return the billions of operations one picture takes, a multiplication and an addition counting two.

    Counted are convolutions, dense layers and attention, which are all but a few percent of any network here.
    """
    return sum(_operations(layer) for layer in model.layers) / 1e9


def milliseconds(model: keras.Model, repeats: int = 3) -> float:
    """Return the processor time of one compiled forward pass of one picture, the least of `repeats`.

    Of all threads together, so that other programs on the machine and the number of cores count little.
    """
    picture = np.zeros((1, *model.input_shape[1:]), np.float32)
    model.predict_on_batch(picture)  # compiles
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        model.predict_on_batch(picture)
        spent.append(1000 * (time.process_time() - start))
    return min(spent)


def _operations(layer: keras.layers.Layer) -> float:
    kind = type(layer).__name__
    if kind == "MultiHeadAttention":
        return _attention(layer)
    if kind == "Dense":
        return 2 * prod(layer.kernel.shape) * prod(layer.output.shape[1:-1])
    if kind == "Conv2DTranspose":
        return 2 * prod(layer.kernel.shape) * prod(layer.input.shape[1:3])
    kernels = {
        "Conv2D": ("kernel",),
        "DepthwiseConv2D": ("kernel",),
        "SeparableConv2D": ("depthwise_kernel", "pointwise_kernel"),
    }.get(kind, ())
    places = prod(layer.output.shape[1:3]) if kernels else 0
    return sum(2 * prod(getattr(layer, name).shape) * places for name in kernels)


def _attention(layer: keras.layers.MultiHeadAttention) -> float:
    """Four projections of every token, and two products of all tokens with all."""
    _, tokens, width = layer.output.shape
    inner = layer.num_heads * layer.key_dim
    return 8.0 * tokens * width * inner + 4.0 * tokens * tokens * inner

"""Vision transformer B/16 (Dosovitskiy et al., ICLR 2021, arXiv:2010.11929) of stock layers.

Its tokens are put back into their places at the end, a map at stride 16, which the head pools (the paper's
appendix D.3 finds that as good as a class token): so Grad-CAM is the same as for the others.
"""

from __future__ import annotations

from breastview.networks.backbones.pyramid import Encoder

PATCH, WIDTH, DEPTH, HEADS, WIDE = 16, 768, 12, 12, 3072
_EPSILON = 1e-6


def build(name: str, size: int) -> Encoder:
    """Build the encoder without weights for pictures of `size` px, 0..255; stride 16 alone."""
    import keras

    layers = keras.layers
    side = size // PATCH
    picture = keras.Input((size, size, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    x = layers.Conv2D(WIDTH, PATCH, strides=PATCH, name="patches")(x)
    x = layers.Reshape((side * side, WIDTH), name="tokens")(x)
    x = layers.Add(name="placed")([x, _positions(x, side * side)])
    stages = []
    for block in range(DEPTH):
        x = _block(x, f"block{block}")
        if (block + 1) % 3 == 0:
            stages.append(x._keras_history.operation.name)
    x = layers.LayerNormalization(epsilon=_EPSILON, name="last_norm")(x)
    x = layers.Reshape((side, side, WIDTH), name="map")(x)
    stages[-1] = "map"
    model = keras.Model(picture, x, name=name.replace("-", "_"))
    return Encoder(model, {PATCH: x}, tuple(stages), f"{name}.npz")


def _positions(tokens, count: int):  # type: ignore[no-untyped-def]
    """Return a learnt vector for each place (B, count, WIDTH).

    An embedding wants the place's number as its input, and a stock layer that makes a constant there is none:
    the tokens' means, times nought, plus the numbers.
    """
    import keras

    layers = keras.layers
    means = layers.Dense(1, use_bias=False, kernel_initializer="zeros", trainable=False, dtype="float32",
                         name="nought")(tokens)  # fmt: skip
    flat = layers.Reshape((count,), dtype="float32", name="noughts")(means)
    numbers = layers.Rescaling(0.0, offset=list(range(count)), dtype="float32", name="places")(flat)
    small = keras.initializers.TruncatedNormal(stddev=0.02)
    return layers.Embedding(count, WIDTH, embeddings_initializer=small, name="positions")(numbers)


def _block(x, name: str):  # type: ignore[no-untyped-def]
    import keras

    layers = keras.layers
    y = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_norm1")(x)
    y = layers.MultiHeadAttention(HEADS, WIDTH // HEADS, name=f"{name}_attention")(y, y)
    x = layers.Add(name=f"{name}_add1")([x, y])
    y = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_norm2")(x)
    y = layers.Dense(WIDE, activation="gelu", name=f"{name}_wide")(y)
    y = layers.Dense(WIDTH, name=f"{name}_narrow")(y)
    return layers.Add(name=f"{name}_add2")([x, y])

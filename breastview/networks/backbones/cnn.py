"""The small convolutional network of the published baselines: from scratch, a handful of layers."""

from __future__ import annotations

from breastview.networks.backbones.pyramid import STRIDES, Encoder

WIDTHS = {"cnn": (32, 32, 64, 64, 128), "cnn3": (32, 32, 64)}


def build(name: str, size: int) -> Encoder:
    """Build it for pictures of `size` px, 0..255: convolution (3×3, ReLU) and 2×2 max pooling, repeated."""
    import keras

    layers = keras.layers
    picture = keras.Input((size, size, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="rescale")(picture)
    pyramid, stages = {}, []
    for stride, width in zip(STRIDES, WIDTHS[name], strict=False):
        x = layers.Conv2D(width, 3, padding="same", activation="relu", name=f"conv_s{stride}")(x)
        x = layers.MaxPooling2D(2, name=f"pool_s{stride}")(x)
        stages.append(f"pool_s{stride}")
        pyramid[stride] = x
    return Encoder(keras.Model(picture, x, name=name), pyramid, tuple(stages))

"""Networks of a few thousand weights, with all the parts of a real one or the fewest: trained in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras

from breastview.networks import multitask
from breastview.networks.backbones.pyramid import STRIDES, Encoder
from breastview.networks.specification import Network, NetworkConfig


@contextmanager
def uncompiled() -> Iterator[None]:
    """Train step by step: of a few steps, compiling them takes far longer than they do.

    `test_run` and `test_distribute` train compiled, too.
    """
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


def build(name: str, config: NetworkConfig) -> Network:
    """Build it, whatever the name: it takes the place of `catalogue.build`."""
    picture = keras.Input((config.size, config.size, 3), name="picture")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    pyramid = {}
    for stride in STRIDES:
        x = keras.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name=f"stage{stride}")(x)
        pyramid[stride] = x
    encoder = Encoder(keras.Model(picture, x, name="tiny"), pyramid, tuple(f"stage{s}" for s in STRIDES))
    return multitask.assemble(encoder, "tiny.npz", (8, 8, 8, 8, 8), config)


def plain(name: str, config: NetworkConfig) -> Network:
    """Build what answers both questions in the fewest layers; to compile the others takes half a minute."""
    layers = keras.layers
    picture = keras.Input((config.size, config.size, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    for stage in range(3):
        x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name=f"stage{stage}")(x)
    encoder = keras.Model(picture, x, name="plain")
    logits = layers.Dense(config.classes, name="logits")(layers.GlobalAveragePooling2D(name="pooled")(x))
    near = layers.UpSampling2D(2, name="enlarged")(x)
    drawn = layers.Conv2D(8, 3, padding="same", activation="relu", name="drawn")(near)
    level = layers.Conv2D(1, 1, name="level")(drawn)
    mask = layers.UpSampling2D(4, interpolation="bilinear", name="mask")(level)
    model = keras.Model(picture, {"logits": logits, "mask": mask}, name="plain")
    roles = {"logits": "logits", "features": "stage2", "mask": "mask", "mask_features": "drawn"}
    return Network(model, encoder, tuple(f"stage{stage}" for stage in range(3)), "plain.npz", roles)


def normalised(config: NetworkConfig) -> Network:
    """Build four convolutions, each with its batch norm."""
    picture = x = keras.Input((config.size, config.size, 3), name="picture")
    for number in range(4):
        x = keras.layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name=f"conv{number}")(x)
        x = keras.layers.BatchNormalization(name=f"norm{number}")(x)
    encoder = keras.Model(picture, x, name="normalised")
    return Network(encoder, encoder, tuple(f"norm{n}" for n in range(4)), "normalised.npz", {})

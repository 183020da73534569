"""A network of a few thousand weights with all the parts of a real one: trained in seconds."""

from __future__ import annotations

import keras

from breastview.networks import multitask
from breastview.networks.backbones.pyramid import STRIDES, Encoder
from breastview.networks.specification import Network, NetworkConfig


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


def normalised(config: NetworkConfig) -> Network:
    """Build four convolutions, each with its batch norm."""
    picture = x = keras.Input((config.size, config.size, 3), name="picture")
    for number in range(4):
        x = keras.layers.Conv2D(4, 3, strides=2, padding="same", use_bias=False, name=f"conv{number}")(x)
        x = keras.layers.BatchNormalization(name=f"norm{number}")(x)
    encoder = keras.Model(picture, x, name="normalised")
    return Network(encoder, encoder, tuple(f"norm{n}" for n in range(4)), "normalised.npz", {})

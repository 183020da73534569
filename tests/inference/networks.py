"""A tiny network in a bundle made in memory: same roles and layers as the large ones, ready in a second."""

from __future__ import annotations

import json

import numpy as np

from breastview.inference.bundle import Bundle
from tests.inference import bundles

SIZE = 64


def model(head: str = "pooled"):
    """Encoder of strided convolutions; a classifier of one of the kinds of heads; decoder with a skip."""
    import keras

    from breastview.networks import heads

    layers = keras.layers
    picture = keras.Input((SIZE, SIZE, 3), name="picture")
    x = layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    s2 = layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="s2")(x)
    s4 = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="s4")(s2)
    s4 = layers.BatchNormalization(name="s4_norm")(s4)
    s8 = layers.Conv2D(12, 3, strides=2, padding="same", activation="relu", name="s8")(s4)
    features = layers.Activation("relu", name="last")(layers.Conv2D(16, 3, padding="same", name="s8b")(s8))
    logits = None if head == "attentive" else _classifier(features, head)
    y = layers.SeparableConv2D(8, 3, padding="same", use_bias=False, name="up8_conv")(features)
    y = layers.Activation("relu", name="up8")(layers.GroupNormalization(4, name="up8_norm")(y))
    y = layers.UpSampling2D(2, interpolation="bilinear", name="up4")(y)
    y = layers.Concatenate(name="skip4")([y, s4])
    y = layers.SeparableConv2D(8, 3, padding="same", use_bias=False, name="up4_conv")(y)
    y = layers.Activation("relu", name="up4_relu")(layers.GroupNormalization(4, name="up4_norm")(y))
    y = layers.Conv2D(1, 1, name="mask_coarse")(y)
    mask = layers.UpSampling2D(4, interpolation="bilinear", name="mask")(y)
    if head == "attentive":
        logits = heads.attentive_classifier(features, mask, 3, 0.3)
    return keras.Model(picture, {"logits": logits, "mask": mask})


def _classifier(features, head: str):
    import keras

    layers = keras.layers
    pooling = layers.GlobalMaxPooling2D if head == "largest" else layers.GlobalAveragePooling2D
    pooled = pooling(name="pool")(features)
    if head in ("hidden", "largest"):
        pooled = layers.BatchNormalization(name="head_norm")(pooled)
        pooled = layers.Dense(10, activation="relu", name="hidden")(pooled)
    if head == "curved":
        pooled = layers.Dense(10, activation="gelu", name="hidden")(pooled)
    return layers.Dense(3, name="logits")(layers.Dropout(0.3, name="drop")(pooled))


def bundle(head: str = "pooled", seed: int = 0, threshold: float = 0.5) -> Bundle:
    """A bundle of `model` with random weights."""
    made = model(head)
    rng = np.random.default_rng(seed)
    weights = []
    for variable in made.weights:
        value = rng.normal(0, 1 / np.sqrt(max(1, np.prod(variable.shape[:-1]))), variable.shape)
        if variable.path.endswith(("gamma", "moving_variance")):
            value = 1 + 0.2 * np.abs(value)
        weights.append(value.astype(np.float16))
    return bundles.bundle(
        size=SIZE,
        threshold=threshold,
        network=json.loads(json.dumps(made.get_config())),
        weights=tuple(weights),
    )

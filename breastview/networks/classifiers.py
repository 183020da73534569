"""The head of a network that only classifies, and the network around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks.specification import Network, NetworkConfig

if TYPE_CHECKING:
    import keras

    from breastview.networks.backbones.pyramid import Encoder


def assemble(encoder: Encoder, config: NetworkConfig) -> Network:
    """Put the head of `config` on an encoder."""
    import keras

    logits = head(encoder.features, config)
    model = keras.Model(encoder.model.input, {"logits": logits}, name=f"classifier_{encoder.model.name}")
    layers = {"features": encoder.features._keras_history.operation.name, "logits": "logits"}
    return Network(model, encoder.model, encoder.stages, encoder.pretrained, layers)


def head(features: keras.KerasTensor, config: NetworkConfig) -> keras.KerasTensor:
    """Pool the features, dense layers with dropout after each, logits (B, classes): a chain of layers.

    Parameters
    ----------
    features : keras.KerasTensor
        (B, h, w, channels).
    config : NetworkConfig
        Its pooling, dropout, hidden layers and classes.
    """
    import keras

    layers = keras.layers
    pools = {"max": layers.GlobalMaxPooling2D, "flat": layers.Flatten}
    x = pools.get(config.pooling, layers.GlobalAveragePooling2D)(name="pool")(features)
    if config.standardised:
        # Encoders side by side have features of different sizes. The epsilon is far below any variance.
        x = layers.BatchNormalization(epsilon=1e-5, name="head_norm")(x)
    x = layers.Dropout(config.dropout, name="head_dropout")(x)
    for number, (units, dropped) in enumerate(config.hidden, start=1):
        x = layers.Dense(units, activation="relu", name=f"hidden{number}")(x)
        if config.hidden_norm:
            x = layers.BatchNormalization(name=f"hidden{number}_norm")(x)
        x = layers.Dropout(dropped, name=f"hidden{number}_dropout")(x)
    return layers.Dense(config.classes, dtype="float32", name="logits")(x)

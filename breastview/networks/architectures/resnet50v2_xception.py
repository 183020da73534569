"""The published ensemble: ResNet50V2 and Xception side by side, their features classified together.

Cut at the ends of their pretrained weights (`NetworkConfig.only_pretrained`), conv4 and block 13, both still
give maps at stride 32 with 1024 channels each: what is left out is half the weights and never saw ImageNet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import classifiers
from breastview.networks.backbones import applications
from breastview.networks.specification import Network, NetworkConfig, Part

if TYPE_CHECKING:
    import keras

ENCODERS = ("resnet50v2", "xception")


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    import keras

    picture = keras.Input((config.size, config.size, 3), name="picture")
    parts = [_part(name, picture, config.only_pretrained) for name in ENCODERS]
    features = keras.layers.Concatenate(name="features")([part.model.output for part in parts])
    logits = classifiers.head(features, config)
    model = keras.Model(picture, {"logits": logits}, name="resnet50v2_xception")
    encoder = keras.Model(picture, features, name="resnet50v2_xception_encoders")
    layers = {"features": "features", "logits": "logits"}
    return Network(model, encoder, parts[0].stages, parts[0].pretrained, layers, tuple(parts))


def _part(name: str, picture: keras.KerasTensor, only_pretrained: bool) -> Part:
    import keras

    maps = applications.feature_maps(name, picture, only_pretrained)
    stages = tuple(tensor._keras_history.operation.name for tensor in maps)
    return Part(keras.Model(picture, maps[-1], name=name), stages, applications.TABLE[name].file)

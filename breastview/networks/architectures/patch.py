"""Classifiers of patches, of some dozen pixels each: ``patch-`` and the encoder's name.

A patch of tissue is its texture. The encoder ends at stride 16, before the stages that put whole objects
together: less to fit to a few thousand patches, less to compute for each of the thousands of a slide, and
maps of places instead of one or two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import classifiers
from breastview.networks.backbones import catalogue
from breastview.networks.backbones.pyramid import Encoder

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

PREFIX = "patch-"
STRIDE = 16
ENCODERS = ("mobilenetv2", "efficientnetb4")
NAMES = tuple(PREFIX + name for name in ENCODERS)


def build(config: NetworkConfig, name: str) -> Network:
    """Build the classifier, without pretrained weights."""
    import keras

    whole = catalogue.build(name.removeprefix(PREFIX), config.size)
    pyramid = {stride: features for stride, features in whole.pyramid.items() if stride <= STRIDE}
    model = keras.Model(whole.model.input, pyramid[STRIDE], name=f"patch_{whole.model.name}")
    stages = whole.stages[: len(pyramid)]
    return classifiers.assemble(Encoder(model, pyramid, stages, whole.pretrained), config)

"""Classifier and segmenter on one shared EfficientNetB4 encoder: slower, stronger on few pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import multitask
from breastview.networks.backbones import efficientnetb4

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

CHANNELS = (192, 128, 96, 48, 24)


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    return multitask.assemble(efficientnetb4.build(config.size), efficientnetb4.PRETRAINED, CHANNELS, config)

"""Classifier and segmenter on one shared MobileNetV2 encoder: one forward pass answers both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import multitask
from breastview.networks.backbones import mobilenetv2

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

CHANNELS = (128, 96, 64, 32, 16)


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    return multitask.assemble(mobilenetv2.build(config.size), mobilenetv2.PRETRAINED, CHANNELS, config)

"""Segmenter and classifier on one EfficientNetB4 encoder; the classifier looks where the segmenter points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import multitask
from breastview.networks.architectures.multitask_efficientnetb4 import CHANNELS
from breastview.networks.backbones import efficientnetb4

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    encoder = efficientnetb4.build(config.size)
    return multitask.assemble(encoder, efficientnetb4.PRETRAINED, CHANNELS, config, attentive=True)

"""Segmenter and classifier on one MobileNetV2 encoder; the classifier looks where the segmenter points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from breastview.networks import multitask
from breastview.networks.architectures.multitask_mobilenetv2 import CHANNELS
from breastview.networks.backbones import mobilenetv2
from breastview.networks.backbones.pyramid import STRIDES

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    encoder = mobilenetv2.build(config.size)
    # From stride 8 on: finer, the decoder costs more than the encoder, and lesions are larger than that.
    coarse = replace(encoder, pyramid={stride: encoder.pyramid[stride] for stride in STRIDES[2:]})
    return multitask.assemble(coarse, mobilenetv2.PRETRAINED, CHANNELS[:-2], config, attentive=True)

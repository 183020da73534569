"""Segmenters with a pretrained encoder: ``unet-`` and the encoder's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import heads
from breastview.networks.backbones import catalogue
from breastview.networks.specification import Network

if TYPE_CHECKING:
    from breastview.networks.specification import NetworkConfig

PREFIX = "unet-"
NAMES = tuple(PREFIX + name for name in catalogue.PYRAMIDAL)
CHANNELS = (192, 128, 96, 48, 24)


def build(config: NetworkConfig, name: str) -> Network:
    """Build the light U-Net decoder of the multi-task networks on an encoder, without pretrained weights."""
    import keras

    encoder = catalogue.build(name.removeprefix(PREFIX), config.size)
    mask = heads.decoder(encoder.pyramid, CHANNELS)
    model = keras.Model(encoder.model.input, {"mask": mask}, name=f"unet_{encoder.model.name}")
    layers = {"mask": "mask", "mask_features": "decoder_s8_relu2"}
    return Network(model, encoder.model, encoder.stages, encoder.pretrained, layers)

"""A classifier and a segmenter on one encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import heads
from breastview.networks.specification import Network, NetworkConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from breastview.networks.backbones.pyramid import Encoder


def assemble(encoder: Encoder, pretrained: str, channels: Sequence[int], config: NetworkConfig) -> Network:
    """Join both heads to the encoder.

    The mask's Grad-CAM is taken at stride 8: the decoder's last stage that still sees context, so that only
    the short tail behind it has to be differentiated.
    """
    import keras

    features = encoder.pyramid[32]
    outputs = {
        "logits": heads.classifier(features, config.classes, config.dropout),
        "mask": heads.decoder(encoder.pyramid, channels),
    }
    model = keras.Model(encoder.model.input, outputs, name=f"multitask_{encoder.model.name}")
    layers = {
        "features": features._keras_history.operation.name,
        "logits": "logits",
        "mask": "mask",
        "mask_features": "decoder_s8_relu2",
    }
    return Network(model, encoder.model, encoder.stages, pretrained, layers)

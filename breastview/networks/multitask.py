"""A classifier and a segmenter on one encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import heads
from breastview.networks.specification import Network, NetworkConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from breastview.networks.backbones.pyramid import Encoder


def assemble(
    encoder: Encoder, pretrained: str, channels: Sequence[int], config: NetworkConfig, attentive: bool = False
) -> Network:
    """Join both heads to the encoder; with `attentive` the classifier looks where the segmenter points.

    The mask's Grad-CAM is taken at stride 8: the decoder's last stage that still sees context, so that only
    the short tail behind it has to be differentiated.
    """
    import keras

    features = encoder.pyramid[32]
    mask = heads.decoder(encoder.pyramid, channels)
    layers = {"logits": "logits", "mask": "mask", "mask_features": "decoder_s8_relu2"}
    if attentive:
        logits = heads.attentive_classifier(features, mask, config.classes, config.dropout)
        layers |= {"features": "class_features", "attention": "attention", "evidence": "strongest_evidence"}
    else:
        logits = heads.classifier(features, config.classes, config.dropout)
        layers["features"] = features._keras_history.operation.name
    kind = "attentive" if attentive else "multitask"
    model = keras.Model(
        encoder.model.input, {"logits": logits, "mask": mask}, name=f"{kind}_{encoder.model.name}"
    )
    return Network(model, encoder.model, encoder.stages, pretrained, layers)

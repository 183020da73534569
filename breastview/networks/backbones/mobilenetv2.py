"""MobileNetV2 (Sandler et al., CVPR 2018, arXiv:1801.04381) as keras.applications builds it."""

from __future__ import annotations

from breastview.networks.backbones.pyramid import STRIDES, Encoder

PRETRAINED = "mobilenetv2_1.0.npz"
# The thin outputs of the linear bottlenecks, not the six times wider expansions: skips that cost little.
_LEVELS = ("expanded_conv_project_BN", "block_2_add", "block_5_add", "block_12_add", "out_relu")


def build(size: int) -> Encoder:
    """Build the encoder without weights for pictures of `size` px, 0..255 (scaled to -1..1 inside)."""
    import keras

    picture = keras.Input((size, size, 3), name="picture")
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    inner = keras.applications.MobileNetV2(
        include_top=False, weights=None, input_tensor=scaled, input_shape=(size, size, 3)
    )
    pyramid = {stride: inner.get_layer(name).output for stride, name in zip(STRIDES, _LEVELS, strict=True)}
    return Encoder(keras.Model(picture, pyramid[32], name="mobilenetv2"), pyramid, _LEVELS)

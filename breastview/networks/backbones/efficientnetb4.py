"""EfficientNetB4 (Tan and Le, ICML 2019, arXiv:1905.11946) as keras.applications builds it."""

from __future__ import annotations

from breastview.networks.backbones.pyramid import STRIDES, Encoder

PRETRAINED = "efficientnetb4.npz"
_LEVELS = ("block1b_add", "block2d_add", "block3d_add", "block5f_add", "top_activation")


def build(size: int) -> Encoder:
    """Build the encoder without weights for pictures of `size` px, 0..255 (normalised inside the model)."""
    import keras

    picture = keras.Input((size, size, 3), name="picture")
    inner = keras.applications.EfficientNetB4(
        include_top=False, weights=None, input_tensor=picture, input_shape=(size, size, 3)
    )
    pyramid = {stride: inner.get_layer(name).output for stride, name in zip(STRIDES, _LEVELS, strict=True)}
    return Encoder(keras.Model(picture, pyramid[32], name="efficientnetb4"), pyramid, _LEVELS)

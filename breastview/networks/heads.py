"""The heads that turn an encoder's pyramid into class logits and a mask, of stock Keras layers only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import keras

GROUPS = 8  # of GroupNormalization: no running statistics that lag behind the weights, unlike batch norm


def classifier(features: keras.KerasTensor, classes: int, dropout: float) -> keras.KerasTensor:
    """Global average pooling, dropout, one dense layer: logits (B, classes).

    With this head Grad-CAM needs no differentiation: the gradient of a logit by the features is its row of
    weights over the number of pixels.
    """
    import keras

    pooled = keras.layers.GlobalAveragePooling2D(name="pool")(features)
    dropped = keras.layers.Dropout(dropout, name="head_dropout")(pooled)
    return keras.layers.Dense(classes, dtype="float32", name="logits")(dropped)


def decoder(pyramid: Mapping[int, keras.KerasTensor], channels: Sequence[int]) -> keras.KerasTensor:
    """A light U-Net decoder (Ronneberger et al. 2015) of separable convolutions: mask logits (B, S, S, 1).

    Parameters
    ----------
    pyramid : Mapping[int, keras.KerasTensor]
        Feature maps by stride; the coarsest is the bottleneck, the others the skips.
    channels : Sequence[int]
        Channels at each stride from the coarsest to the finest, one for each level of `pyramid`.
    """
    import keras

    layers = keras.layers
    strides = sorted(pyramid, reverse=True)
    x = layers.Conv2D(channels[0], 1, use_bias=False, name="bottleneck_conv")(pyramid[strides[0]])
    x = layers.GroupNormalization(GROUPS, name="bottleneck_norm")(x)
    x = layers.Activation("relu", name="bottleneck_relu")(x)
    for stride, width in zip(strides[1:], channels[1:], strict=True):
        name = f"decoder_s{stride}"
        x = layers.UpSampling2D(2, interpolation="bilinear", name=f"{name}_up")(x)
        x = layers.Concatenate(name=f"{name}_skip")([x, pyramid[stride]])
        for step in (1, 2) if stride >= 4 else (1,):
            x = layers.SeparableConv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv{step}")(x)
            x = layers.GroupNormalization(GROUPS, name=f"{name}_norm{step}")(x)
            x = layers.Activation("relu", name=f"{name}_relu{step}")(x)
    x = layers.Conv2D(1, 1, dtype="float32", name="mask_coarse")(x)
    return layers.UpSampling2D(2, interpolation="bilinear", dtype="float32", name="mask")(x)

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


def attentive_classifier(
    features: keras.KerasTensor, mask: keras.KerasTensor, classes: int, dropout: float
) -> keras.KerasTensor:
    """Classify what the segmenter points at, and its surroundings: logits (B, classes).

    The features are pooled twice at stride 16, over the whole picture and weighted by a softmax of the mask's
    logits, so that a small lesion is not averaged away among tissue (attention-based pooling, Ilse et al.,
    ICML 2018, arXiv:1802.04712, with the segmenter as the attention). The strongest mask logit joins them:
    whether there is a lesion at all. With the attention held, a logit is linear in the features: features
    times gradient, place by place, add up to it but for the bias and the mask's own share.

    Parameters
    ----------
    features : keras.KerasTensor
        (B, S / 32, S / 32, channels), the encoder's last.
    mask : keras.KerasTensor
        (B, S, S, 1), mask logits.
    classes : int
    dropout : float
        Share of the pooled features dropped while training, 0..1.
    """
    import keras

    layers = keras.layers
    fine = layers.UpSampling2D(2, interpolation="bilinear", name="class_features")(features)
    side = fine.shape[1]
    evidence = layers.AveragePooling2D(mask.shape[1] // side, dtype="float32", name="evidence")(mask)
    # Half the logits: the softmax of the full ones hangs on the one or two surest places.
    soft = layers.Rescaling(0.5, dtype="float32", name="evidence_softened")(evidence)
    flat = layers.Reshape((side * side,), dtype="float32", name="evidence_flat")(soft)
    shares = layers.Activation("softmax", dtype="float32", name="evidence_shares")(flat)
    attention = layers.Reshape((side, side, 1), dtype="float32", name="attention")(shares)
    weighted = layers.Multiply(name="attended")([fine, attention])
    mean = layers.GlobalAveragePooling2D(name="attended_mean")(weighted)
    pooled = [
        layers.GlobalAveragePooling2D(name="pool")(fine),
        layers.Rescaling(float(side * side), name="attended_sum")(mean),
    ]
    dropped = layers.Dropout(dropout, name="head_dropout")(layers.Concatenate(name="pooled")(pooled))
    strongest = layers.GlobalMaxPooling2D(dtype="float32", name="strongest_evidence")(evidence)
    scaled = layers.Rescaling(0.1, dtype="float32", name="strongest_scaled")(strongest)
    joined = layers.Concatenate(dtype="float32", name="head")([dropped, scaled])
    return layers.Dense(classes, dtype="float32", name="logits")(joined)


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
    return layers.UpSampling2D(strides[-1], interpolation="bilinear", dtype="float32", name="mask")(x)

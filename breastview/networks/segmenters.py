"""U-Nets from scratch, of blocks that a network chooses: plain or residual, with or without attention gates.

Grey pictures have one channel: the three equal ones of the shared input are averaged. Norms are over groups,
which keep no running statistics: batch norm lagged behind the weights in short trainings (docs/models.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from breastview.networks.heads import GROUPS
from breastview.networks.specification import Network, NetworkConfig

if TYPE_CHECKING:
    import keras

WIDTHS = (32, 64, 128, 256, 512)  # at strides 1 to 16: half those of Ronneberger et al.


@dataclass(frozen=True)
class Design:
    """What a U-Net is made of.

    Attributes
    ----------
    name : str
    residual : bool
        Whether each pair of convolutions is bridged (Zhang et al., IEEE GRSL 2018, arXiv:1711.10684).
    gated : bool
        Whether skips pass an attention gate (Oktay et al., MIDL 2018, arXiv:1804.03999).
    """

    name: str
    residual: bool = False
    gated: bool = False


def assemble(design: Design, config: NetworkConfig) -> Network:
    """Build a U-Net (Ronneberger et al., MICCAI 2015, arXiv:1505.04597) of five levels, without classes.

    The mask's Grad-CAM is taken at the last attention gate, as published, or at the decoder's stage of stride
    8 where there is none.
    """
    import keras

    layers = keras.layers
    picture = keras.Input((config.size, config.size, 3), name="picture")
    x = layers.Rescaling(1 / 255, name="rescale")(picture)
    # A fixed average of the three channels: it never learns.
    third = keras.initializers.Constant(1 / 3)
    x = layers.Conv2D(1, 1, use_bias=False, kernel_initializer=third, trainable=False, name="grey")(x)
    skips, stages = [], []
    for level, width in enumerate(WIDTHS):
        x = _block(x, width, f"encoder_s{2**level}", design)
        stages.append(x._keras_history.operation.name)
        if level < len(WIDTHS) - 1:
            skips.append(x)
            x = layers.MaxPooling2D(2, name=f"encoder_s{2**level}_pool")(x)
    encoder = keras.Model(picture, x, name=f"{design.name}_encoder")
    for level in reversed(range(len(WIDTHS) - 1)):
        name, width, skip = f"decoder_s{2**level}", WIDTHS[level], skips[level]
        up = layers.Conv2DTranspose(width, 2, strides=2, name=f"{name}_up")(x)
        if design.gated:
            skip = gate(skip, up, width // 2, f"gate_s{2**level}")
        x = _block(layers.Concatenate(name=f"{name}_skip")([up, skip]), width, name, design)
    mask = layers.Conv2D(1, 1, dtype="float32", name="mask")(x)
    model = keras.Model(picture, {"mask": mask}, name=design.name)
    named = {"mask": "mask", "mask_features": "gate_s1" if design.gated else "decoder_s8_relu2"}
    return Network(model, encoder, tuple(stages), "", named)


def gate(skip: keras.KerasTensor, signal: keras.KerasTensor, width: int, name: str) -> keras.KerasTensor:
    """Return the skip weighted place by place, by what it and the decoder's signal say together.

    Both have one size here: the signal was brought to it by the decoder's up-convolution.

    Parameters
    ----------
    skip, signal : keras.KerasTensor
        (B, h, w, channels).
    width : int
        Channels of the common space.
    """
    import keras

    layers = keras.layers
    ours = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_skip")(skip)
    theirs = layers.Conv2D(width, 1, name=f"{name}_signal")(signal)
    both = layers.Activation("relu", name=f"{name}_relu")(layers.Add(name=f"{name}_sum")([ours, theirs]))
    share = layers.Conv2D(1, 1, activation="sigmoid", name=f"{name}_attention")(both)
    return layers.Multiply(name=name)([skip, share])


def _block(x: keras.KerasTensor, width: int, name: str, design: Design) -> keras.KerasTensor:
    """Convolve twice (3×3), each with norm and ReLU; a residual block adds its input before the last ReLU."""
    import keras

    layers = keras.layers
    start = x
    for step in (1, 2):
        x = layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"{name}_conv{step}")(x)
        x = layers.GroupNormalization(GROUPS, name=f"{name}_norm{step}")(x)
        if design.residual and step == 2:
            bridge = layers.Conv2D(width, 1, use_bias=False, name=f"{name}_bridge")(start)
            x = layers.Add(name=f"{name}_add")([x, bridge])
        x = layers.Activation("relu", name=f"{name}_relu{step}")(x)
    return x

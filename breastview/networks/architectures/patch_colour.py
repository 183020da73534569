"""A classifier of stained patches: how much there is of each colour, beside an encoder's textures.

Stain decides much of what a patch is, and networks made for photographs learn to look past colour. So the
encoder's maps at three scales, their squares (how much a texture varies) and fixed ramps over axes of colour
(a histogram as hinges: the mean of a ramp is what a cumulative histogram adds up to above its foot) are
averaged to one grid side by side, and a small head reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.networks import classifiers
from breastview.networks.backbones import mobilenetv2
from breastview.networks.specification import Network, NetworkConfig, Part

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

STRIDES = (4, 8, 16)
GRID = STRIDES[-1]
# Axes of colour in 0..1: red, green, blue, brightness; and their differences.
AXES = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1 / 3, 1 / 3, 1 / 3), (1, -1, 0), (1, 0, -1), (0, -1, 1))
FEET = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93)
FEET_OF_DIFFERENCES = (-0.1, -0.03, 0.03, 0.08, 0.14, 0.2, 0.27, 0.35, 0.45)


def build(config: NetworkConfig) -> Network:
    """Build the network, without pretrained weights."""
    import keras

    layers = keras.layers
    whole = mobilenetv2.build(config.size)
    picture = whole.model.input
    averaged = []
    for stride in STRIDES:
        features = whole.pyramid[stride]
        squares = layers.Multiply(name=f"square_s{stride}")([features, features])
        averaged += [
            _averaged(features, stride, f"mean_s{stride}"),
            _averaged(squares, stride, f"power_s{stride}"),
        ]
    averaged.append(_averaged(_ramps(picture), 1, "colours"))
    features = layers.Concatenate(name="features")(averaged)
    logits = classifiers.head(features, config)
    model = keras.Model(picture, {"logits": logits}, name="patch_colour")
    _set_ramps(model.get_layer("ramps"))
    encoder = keras.Model(picture, whole.pyramid[GRID], name="patch_colour_encoder")
    stages = whole.stages[: len(STRIDES) + 1]
    part = Part(encoder, stages, whole.pretrained)
    return Network(
        model, encoder, stages, whole.pretrained, {"features": "features", "logits": "logits"}, (part,)
    )


def _averaged(features: keras.KerasTensor, stride: int, name: str) -> keras.KerasTensor:
    """Bring a map at `stride` to that of the grid."""
    import keras

    layers = keras.layers
    if stride == GRID:
        return layers.Activation("linear", name=name)(features)
    return layers.AveragePooling2D(GRID // stride, name=name)(features)


def _ramps(picture: keras.KerasTensor) -> keras.KerasTensor:
    import keras

    layers = keras.layers
    scaled = layers.Rescaling(1 / 255, name="ramps_rescale")(picture)
    count = len(AXES) * len(FEET)
    return layers.Conv2D(count, 1, activation="relu", trainable=False, name="ramps")(scaled)


def _set_ramps(layer: keras.layers.Layer) -> None:
    kernel, bias = ramps()
    layer.set_weights([kernel[None, None], bias])


def ramps() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return kernel (3, n) and bias (n,) of ``relu(axis · colour - foot)``, for each axis and foot."""
    pairs = [(axis, foot) for axis in AXES for foot in (FEET if min(axis) >= 0 else FEET_OF_DIFFERENCES)]
    kernel = np.array([axis for axis, _ in pairs], np.float32).T
    return kernel, -np.array([foot for _, foot in pairs], np.float32)

"""The published encoders as keras.applications builds them: a table, and one way to build them all.

Each row names the five maps of the pyramid. A name after ``>`` stands for whatever that layer takes in: the
last map of the stage before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from breastview.networks.backbones.pyramid import STRIDES, Encoder

if TYPE_CHECKING:
    import keras

# How the grey values 0..255 were scaled when the published weights were made (keras.applications' modes). The
# channels of "caffe" are blue, green, red: with three equal channels only the means' order matters.
_MEANS, _DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SCALINGS: dict[str, dict[str, Any]] = {
    "inside": {},
    "tf": {"scale": 1 / 127.5, "offset": -1.0},
    "caffe": {"scale": 1.0, "offset": [-103.939, -116.779, -123.68]},
    "torch": {
        "scale": [1 / (255 * deviation) for deviation in _DEVIATIONS],
        "offset": [-mean / deviation for mean, deviation in zip(_MEANS, _DEVIATIONS, strict=True)],
    },
}


@dataclass(frozen=True)
class Row:
    """An encoder of keras.applications.

    Attributes
    ----------
    constructor : str
        Its name there.
    scaling : str
        Key of `SCALINGS`.
    levels : tuple[str, ...]
        The layers of the maps at `STRIDES`, or ``>`` and the layer that takes the map in.
    file : str
        Name of its weights, ``.npz``.
    padding : int
        Rows and columns of black around the picture, so that unpadded convolutions end at whole strides.
    end : str
        The last map that the weights in `file` reach, as in `levels`; empty where they reach the last.
    """

    constructor: str
    scaling: str
    levels: tuple[str, str, str, str, str]
    file: str
    padding: int = 0
    end: str = ""


_EFFICIENTNET = (
    ">block2a_expand_conv", ">block3a_expand_conv", ">block4a_expand_conv", ">block6a_expand_conv",
    "top_activation",
)  # fmt: skip
TABLE = {
    # He et al., CVPR 2016, arXiv:1512.03385, and ECCV 2016, arXiv:1603.05027 (V2).
    "resnet50": Row(
        "ResNet50", "caffe",
        ("conv1_relu", "conv2_block3_out", "conv3_block4_out", "conv4_block6_out", "conv5_block3_out"),
        "resnet50.npz",
    ),
    "resnet50v2": Row(
        "ResNet50V2", "tf",
        ("conv1_conv", "conv2_block3_1_relu", "conv3_block4_1_relu", "conv4_block6_1_relu", "post_relu"),
        "resnet50v2_to_conv4.npz", end="conv5_block1_preact_relu",
    ),
    "resnet152v2": Row(
        "ResNet152V2", "tf",
        ("conv1_conv", "conv2_block3_1_relu", "conv3_block8_1_relu", "conv4_block36_1_relu", "post_relu"),
        "resnet152v2.npz",
    ),
    # Chollet, CVPR 2017, arXiv:1610.02357. Its first convolutions are unpadded.
    "xception": Row(
        "Xception", "tf",
        ("block1_conv2_act", "block3_sepconv1_act", "block4_sepconv1_act", "block13_sepconv1_act",
         "block14_sepconv2_act"),
        "xception_to_block13.npz", padding=5, end=">block14_sepconv1",
    ),
    # Simonyan and Zisserman, ICLR 2015, arXiv:1409.1556.
    "vgg16": Row(
        "VGG16", "caffe",
        ("block2_conv2", "block3_conv3", "block4_conv3", "block5_conv3", "block5_pool"), "vgg16.npz",
    ),
    "vgg19": Row(
        "VGG19", "caffe",
        ("block2_conv2", "block3_conv4", "block4_conv4", "block5_conv4", "block5_pool"), "vgg19.npz",
    ),
    # Huang et al., CVPR 2017, arXiv:1608.06993.
    "densenet121": Row(
        "DenseNet121", "torch",
        ("conv1_relu", "pool2_relu", "pool3_relu", "pool4_relu", "relu"), "densenet121.npz",
    ),
    # Sandler et al., CVPR 2018, arXiv:1801.04381; the thin outputs of the bottlenecks.
    "mobilenetv2": Row(
        "MobileNetV2", "tf",
        ("expanded_conv_project_BN", "block_2_add", "block_5_add", "block_12_add", "out_relu"),
        "mobilenetv2_1.0.npz",
    ),
    # Tan and Le, ICML 2019, arXiv:1905.11946, and ICML 2021, arXiv:2104.00298 (V2).
    **{
        f"efficientnetb{number}": Row(
            f"EfficientNetB{number}", "inside", _EFFICIENTNET, f"efficientnetb{number}.npz"
        )
        for number in range(8)
    },
    "efficientnetv2s": Row("EfficientNetV2S", "inside", _EFFICIENTNET, "efficientnetv2s.npz"),
}  # fmt: skip


def build(name: str, size: int, only_pretrained: bool = False) -> Encoder:
    """Build an encoder of `TABLE` without weights, for pictures of `size` px, 0..255 (scaled inside).

    With `only_pretrained` its last map is the last one that published weights reach.
    """
    import keras

    row = TABLE[name]
    picture = keras.Input((size, size, 3), name="picture")
    maps = feature_maps(name, picture, only_pretrained)
    stages = tuple(tensor._keras_history.operation.name for tensor in maps)
    pyramid = dict(zip(STRIDES, maps, strict=True))
    return Encoder(keras.Model(picture, pyramid[32], name=name), pyramid, stages, row.file)


def feature_maps(
    name: str, picture: keras.KerasTensor, only_pretrained: bool = False
) -> list[keras.KerasTensor]:
    """Return the maps of an encoder on a picture that may feed others too, one for each of `STRIDES`.

    With `only_pretrained` the last is the last one that published weights reach.
    """
    import keras

    row = TABLE[name]
    x = picture
    if row.padding:
        sides = (row.padding // 2, row.padding - row.padding // 2)
        x = keras.layers.ZeroPadding2D((sides, sides), name=f"{name}_padding")(x)
    scaling = SCALINGS[row.scaling]
    if scaling:
        x = keras.layers.Rescaling(**scaling, name=f"{name}_rescale")(x)
    make = getattr(keras.applications, row.constructor)
    inner = make(include_top=False, weights=None, input_tensor=x, input_shape=tuple(x.shape[1:]))
    return [
        inner.get_layer(level[1:]).input if level[0] == ">" else inner.get_layer(level).output
        for level in (*row.levels[:-1], row.end if only_pretrained and row.end else row.levels[-1])
    ]

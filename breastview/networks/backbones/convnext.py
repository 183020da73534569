"""ConvNeXt (Liu et al., CVPR 2022, arXiv:2201.03545) of stock layers, ordered as keras.applications' weights.

There the scale of each branch is a layer of its own and the depth-wise convolutions are grouped ones; here
both are depth-wise convolutions, which a bundle may hold and a CPU can train. The numbers are the same.
"""

from __future__ import annotations

from breastview.networks.backbones.pyramid import Encoder

# name -> blocks and channels of the four stages, and the share of branches dropped in the last block.
VARIANTS = {
    "convnexttiny": ((3, 3, 9, 3), (96, 192, 384, 768)),
    "convnextbase": ((3, 3, 27, 3), (128, 256, 512, 1024)),
}
BRANCH_DROP = 0.1  # stochastic depth (Huang et al., arXiv:1603.09382): of the last block; rising from 0
_EPSILON = 1e-6


def build(name: str, size: int) -> Encoder:
    """Build the encoder without weights for pictures of `size` px, 0..255; strides 4 to 32."""
    import keras

    from breastview.networks.backbones.applications import SCALINGS

    layers = keras.layers
    depths, widths = VARIANTS[name]
    drops = iter(BRANCH_DROP * block / max(1, sum(depths) - 1) for block in range(sum(depths)))
    picture = keras.Input((size, size, 3), name="picture")
    x = layers.Rescaling(**SCALINGS["torch"], name="rescale")(picture)
    pyramid, stages = {}, []
    for stage, (depth, width) in enumerate(zip(depths, widths, strict=True)):
        if stage == 0:
            x = layers.Conv2D(width, 4, strides=4, name="stem_conv")(x)
            x = layers.LayerNormalization(epsilon=_EPSILON, name="stem_norm")(x)
        else:
            x = layers.LayerNormalization(epsilon=_EPSILON, name=f"stage{stage}_down_norm")(x)
            x = layers.Conv2D(width, 2, strides=2, name=f"stage{stage}_down_conv")(x)
        for block in range(depth):
            x = _block(x, width, next(drops), f"stage{stage}_block{block}")
        stages.append(x._keras_history.operation.name)
        pyramid[4 * 2**stage] = x
    x = layers.LayerNormalization(epsilon=_EPSILON, name="last_norm")(x)
    pyramid[32] = x
    stages[-1] = "last_norm"
    return Encoder(keras.Model(picture, x, name=name), pyramid, tuple(stages), f"{name}.npz")


def _block(x, width: int, drop: float, name: str):  # type: ignore[no-untyped-def]
    import keras

    layers = keras.layers
    y = layers.DepthwiseConv2D(7, padding="same", name=f"{name}_depthwise")(x)
    y = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_norm")(y)
    y = layers.Dense(4 * width, activation="gelu", name=f"{name}_wide")(y)
    y = layers.Dense(width, name=f"{name}_narrow")(y)
    small = keras.initializers.Constant(1e-6)
    y = layers.DepthwiseConv2D(1, use_bias=False, depthwise_initializer=small, name=f"{name}_scale")(y)
    if drop:
        y = layers.Dropout(drop, noise_shape=(None, 1, 1, 1), name=f"{name}_drop")(y)
    return layers.Add(name=f"{name}_add")([x, y])

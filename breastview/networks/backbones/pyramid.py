"""What every encoder hands to the heads built upon it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

STRIDES = (2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Encoder:
    """An encoder as one flat graph.

    Attributes
    ----------
    model : keras.Model
        From the picture, float32 (B, S, S, 3) in 0..255, to its last feature map. Its weights are those of
        the keras.applications model, in that order, so that pretrained arrays are matched by position.
    pyramid : Mapping[int, keras.KerasTensor]
        Stride in pixels -> feature map (B, S / stride, S / stride, channels). Convolutional encoders that
        halve step by step have each of `STRIDES`; one that begins with patches has none finer than those.
    stages : tuple[str, ...]
        Names of the last layer of each stage, in order: training may freeze everything up to one of them.
    pretrained : str
        File name of the ImageNet weights made for it; empty where it is always trained from scratch.
    """

    model: keras.Model
    pyramid: Mapping[int, keras.KerasTensor]
    stages: tuple[str, ...]
    pretrained: str = ""

    @property
    def features(self) -> keras.KerasTensor:
        """The coarsest map: what a classifier pools."""
        return self.pyramid[max(self.pyramid)]

"""What a network is asked for, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class NetworkConfig:
    """Parameters common to all architectures.

    Attributes
    ----------
    size : int
        Side of the square input in pixels, a multiple of 32.
    classes : int
        Number of classes.
    dropout : float
        Share of the pooled features dropped while training, 0..1.
    """

    size: int = 224
    classes: int = 3
    dropout: float = 0.3


@dataclass(frozen=True)
class Network:
    """A built network and what others must know of it.

    Attributes
    ----------
    model : keras.Model
        float32 (B, S, S, 3) in 0..255 -> {"logits": (B, C), "mask": (B, S, S, 1) logits}.
    encoder : keras.Model
        The pretrained part; shares its variables with `model`.
    stages : tuple[str, ...]
        Last layer of each encoder stage, from the picture onwards.
    pretrained : str
        File name of the ImageNet weights made for `encoder`.
    layers : dict[str, str]
        Role (features, logits, mask, mask_features) -> layer name.
    """

    model: keras.Model
    encoder: keras.Model
    stages: tuple[str, ...]
    pretrained: str
    layers: dict[str, str]

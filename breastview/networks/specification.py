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
    pooling : str
        ``"average"`` or ``"max"``: how a classifier reads its features over the picture; ``"flat"``: each
        place by weights of its own.
    hidden : tuple[tuple[int, float], ...]
        Dense layers between the pooled features and the logits: units, and the share dropped after them.
    standardised : bool
        Whether a classifier's pooled features go through batch normalisation before the dense layers.
    only_pretrained : bool
        Whether an encoder ends where its published weights do, where those end before it
        (`backbones.applications.Row.end`).
    hidden_norm : bool
        Whether each hidden layer is followed by batch normalisation.
    """

    size: int = 224
    classes: int = 3
    dropout: float = 0.3
    pooling: str = "average"
    hidden: tuple[tuple[int, float], ...] = ()
    standardised: bool = False
    only_pretrained: bool = False
    hidden_norm: bool = False


@dataclass(frozen=True)
class Part:
    """One pretrained encoder of a network.

    Attributes
    ----------
    model : keras.Model
    stages : tuple[str, ...]
        Last layer of each of its stages, from the picture onwards.
    pretrained : str
        File name of the ImageNet weights made for it; empty where there are none.
    """

    model: keras.Model
    stages: tuple[str, ...]
    pretrained: str


@dataclass(frozen=True)
class Network:
    """A built network and what others must know of it.

    Attributes
    ----------
    model : keras.Model
        float32 (B, S, S, 3) in 0..255 -> {"logits": (B, C), "mask": (B, S, S, 1) logits}, or one of the two:
        a classifier draws no mask, a segmenter gives no classes.
    encoder : keras.Model
        The pretrained part; shares its variables with `model`.
    stages : tuple[str, ...]
        Last layer of each encoder stage, from the picture onwards.
    pretrained : str
        File name of the ImageNet weights made for `encoder`.
    layers : dict[str, str]
        Role (features, logits, mask, mask_features) -> layer name, for the outputs there are.
    parts : tuple[Part, ...]
        Where there are several encoders in parallel: each of them.
    """

    model: keras.Model
    encoder: keras.Model
    stages: tuple[str, ...]
    pretrained: str
    layers: dict[str, str]
    parts: tuple[Part, ...] = ()

    @property
    def encoders(self) -> tuple[Part, ...]:
        """Every encoder with its weights."""
        return self.parts or (Part(self.encoder, self.stages, self.pretrained),)

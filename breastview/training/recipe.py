"""The named recipes: everything that decides a training but the pictures."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from breastview.errors import TrainingError
from breastview.training.augment import Augmentation


@dataclass(frozen=True)
class Recipe:
    """The configuration of a training, stored with every run and in every bundle.

    Attributes
    ----------
    name : str
        Of the recipe, and of the bundle it makes unless told otherwise.
    architecture : str
        A name from `breastview.networks.catalogue`.
    modality : str
        DICOM modality of the pictures, e.g. US.
    classes : tuple[str, ...]
        In the order of the logits.
    size : int
        Side of the network's input, px.
    epochs, pictures, batch : int
        Length of a training; pictures drawn an epoch; pictures a step.
    rate, warm_up, decay : float
        Peak learning rate of AdamW for the encoder, epochs until it is reached, weight decay.
    head_rate : float
        Learning rate of the new layers relative to the pretrained ones.
    average : float
        Momentum of the moving average of the weights, which are the ones evaluated and kept.
    clip : float
        Largest norm of the gradient.
    smoothing : float
        Label smoothing.
    mask_weight : float
        Of the mask's loss beside the class loss.
    frozen_stages : int
        Encoder stages, from the picture onwards, whose pretrained weights stay.
    crop_share : float
        Of lesion-free crops beside one stratum of the sampler; 0 draws none.
    seed : int
        Of everything random.
    """

    name: str
    architecture: str = "multitask-mobilenetv2"
    modality: str = "US"
    classes: tuple[str, ...] = ("normal", "benign", "malignant")
    size: int = 224
    dropout: float = 0.3
    epochs: int = 16
    pictures: int = 1200
    batch: int = 16
    rate: float = 5e-4
    warm_up: float = 1.0
    decay: float = 0.02
    head_rate: float = 1.0
    average: float = 0.99
    clip: float = 1.0
    smoothing: float = 0.05
    mask_weight: float = 1.0
    frozen_stages: int = 2
    crop_share: float = 0.5
    seed: int = 20261120
    augmentation: Augmentation = field(default_factory=Augmentation)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Recipe:
        """Read what `as_dict` wrote, also after a trip through JSON."""
        changes = dict(values)
        augmentation = dict(changes.pop("augmentation"))
        augmentation["scale"] = tuple(augmentation["scale"])
        changes["classes"] = tuple(changes["classes"])
        return cls(**changes, augmentation=Augmentation(**augmentation))


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("us-mobilenetv2-1"),
        Recipe(
            "us-efficientnetb4-1",
            architecture="multitask-efficientnetb4",
            epochs=6,
            pictures=904,
            batch=8,
            rate=3e-4,
            warm_up=0.5,
            head_rate=4.0,
            average=0.98,
            frozen_stages=3,
            crop_share=0.3,
        ),
    )
}


def find(name: str) -> Recipe:
    """Return the recipe of that name.

    Raises
    ------
    TrainingError
        Where there is none.
    """
    if name not in RECIPES:
        raise TrainingError(
            f"there is no recipe called {name}", remedy=f"Choose one of: {', '.join(sorted(RECIPES))}."
        )
    return RECIPES[name]

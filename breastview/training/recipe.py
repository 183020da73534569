"""The named recipes: everything that decides a training but the pictures."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from breastview import registry
from breastview.errors import TrainingError
from breastview.networks.specification import NetworkConfig
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
    colour : str
        What the network sees of a picture: ``"luminance"`` (in three equal channels) or ``"rgb"``.
    tile : int
        Side of what it sees of a picture at once, px of the picture, where larger ones are read tile by tile;
        0: all of it.
    um_per_px : float
        Size of a pixel of the training pictures, µm; 0 where that is not known or differs.
    preparation : str
        How a picture becomes the network's square: ``"letterbox"``, or ``"breast"`` for mammograms
        (`imaging.mammogram.view`).
    merged : tuple[tuple[str, str], ...]
        Labels of the pictures that are counted as another class: (label, class).
    views : tuple[str, ...]
        View positions of the training pictures; none where that is not a matter of views.
    experimental, note : bool, str
        Whether the bundle is no more than a demonstration, and what its reader is told, one sentence.
    size : int
        Side of the network's input, px.
    small_size, small_epochs : int
        Side of the input in the first epochs, px, and how many those are: a cheap start (progressive
        resizing, Tan and Le, ICML 2021, arXiv:2104.00298).
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
    false_lesion : float
        Mean Dice given up for a false lesion on every normal picture, where the mask's thresholds are chosen.
    pooling : str
        How a classifier reads its features over the picture, ``"average"``, ``"max"`` or ``"flat"``.
    hidden : tuple[tuple[int, float], ...]
        Its dense layers before the logits: units, and the share dropped after them.
    hidden_norm : bool
        Whether its dense layers are followed by batch normalisation.
    standardised : bool
        Whether a classifier's pooled features are normalised before its dense layers.
    only_pretrained : bool
        Whether encoders end where their published weights do.
    frozen_views : int
        0 trains the whole network. Otherwise the encoders stay as they are and see each picture this many
        times only, once as it is, once mirrored, then augmented; the head alone is trained, on the features
        kept of those views (`training/frozen.py`). Of a network that draws masks the decoder, too, and no
        view is mirrored but by augmentation (`training/frozen_maps.py`).
    frozen_stages : int
        Encoder stages, from the picture onwards, whose pretrained weights stay.
    crop_share : float
        Of lesion-free crops beside one stratum of the sampler; 0 draws none.
    balance : float
        How far the sampler evens out data sets and classes: 1 draws each equally often, so that a small one's
        pictures are drawn again and again; 0 draws every picture equally often; 0.5 lies between (a stratum
        by the square root of its pictures).
    seed : int
        Of everything random.
    """

    name: str
    architecture: str = "multitask-mobilenetv2"
    modality: str = "US"
    classes: tuple[str, ...] = ("normal", "benign", "malignant")
    size: int = 224
    small_size: int = 160
    small_epochs: int = 0
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
    false_lesion: float = 0.1  # a miss costs more
    frozen_stages: int = 2
    crop_share: float = 0.5
    balance: float = 1.0
    seed: int = 20261120
    pooling: str = "average"
    hidden: tuple[tuple[int, float], ...] = ()
    standardised: bool = False
    only_pretrained: bool = False
    frozen_views: int = 0
    augmentation: Augmentation = field(default_factory=Augmentation)
    colour: str = "luminance"
    tile: int = 0
    um_per_px: float = 0.0
    preparation: str = "letterbox"
    merged: tuple[tuple[str, str], ...] = ()
    hidden_norm: bool = False
    views: tuple[str, ...] = ()
    experimental: bool = False
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return dataclasses.asdict(self)

    def network(self) -> NetworkConfig:
        """Return what the architecture is asked for."""
        return NetworkConfig(
            self.size,
            len(self.classes),
            self.dropout,
            self.pooling,
            self.hidden,
            self.standardised,
            self.only_pretrained,
            self.hidden_norm,
        )

    def shortened(self, size: int, pictures: int) -> Recipe:
        """Return the recipe as one short epoch: to see that it trains, or to compare many at small cost."""
        return dataclasses.replace(
            self,
            size=size,
            small_epochs=0,
            epochs=1,
            pictures=pictures,
            warm_up=0.1,
            average=0.5,
            frozen_views=min(self.frozen_views, 1),
        )

    def sized(self) -> tuple[tuple[int, int], ...]:
        """Return the sizes that are trained at, and until which epoch, in order."""
        small = ((self.small_size, self.small_epochs),) if self.small_epochs else ()
        return (*small, (self.size, self.epochs))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Recipe:
        """Read what `as_dict` wrote, also after a trip through JSON."""
        changes = dict(values)
        augmentation = dict(changes.pop("augmentation"))
        augmentation["scale"] = tuple(augmentation["scale"])
        changes["classes"] = tuple(changes["classes"])
        changes["views"] = tuple(changes.get("views", ()))
        changes["merged"] = tuple((str(label), str(name)) for label, name in changes.get("merged", ()))
        changes["hidden"] = tuple((int(units), float(drop)) for units, drop in changes.get("hidden", ()))
        return cls(**changes, augmentation=Augmentation(**augmentation))


AS_PUBLISHED: dict[str, Any] = {
    "decay": 0.0, "smoothing": 0.0, "average": 0.98, "frozen_stages": 0, "crop_share": 0.0,
}  # fmt: skip
"""What a published system is trained with: nothing of what the bundles' recipes add, every weight learns."""

# EfficientNetB4 as the bundles fine-tune it, from its fourth stage on.
_B4 = Recipe(
    "b4",
    batch=8,
    rate=3e-4,
    warm_up=0.5,
    head_rate=4.0,
    average=0.98,
    frozen_stages=3,
    crop_share=0.3,
)
_ATTENTIVE = dataclasses.replace(_B4, architecture="attentive-efficientnetb4", pictures=1000)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("us-mobilenetv2-1"),
        dataclasses.replace(
            _B4, name="us-efficientnetb4-1", architecture="multitask-efficientnetb4", epochs=6, pictures=904
        ),
        dataclasses.replace(
            _ATTENTIVE,
            name="us-attentive-1",
            small_epochs=5,
            epochs=12,
            average=0.985,
            augmentation=Augmentation(
                scale=(0.8, 1.35), gamma=0.45, gain=0.3, local_contrast=2.0, marks=True
            ),
        ),
        dataclasses.replace(
            _ATTENTIVE,
            name="us-attentive-2",
            dropout=0.4,
            epochs=8,
            average=0.985,
            balance=0.5,
            augmentation=Augmentation(marks=True),
        ),
        dataclasses.replace(_ATTENTIVE, name="us-attentive-3", epochs=7),
        Recipe(
            "us-resnet50v2-xception-1",
            architecture="resnet50v2-xception",
            hidden=((256, 0.3),),
            standardised=True,
            only_pretrained=True,
            frozen_views=1,
            epochs=20,
            pictures=2048,
            batch=64,
            rate=1e-3,
            average=0.98,
            crop_share=0.3,
            balance=0.5,
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
    known = everyone()
    if name not in known:
        raise TrainingError(
            f"there is no recipe called {name}", remedy=f"Choose one of: {', '.join(sorted(known))}."
        )
    return known[name]


def everyone() -> dict[str, Recipe]:
    """Return the recipes above and those of the published systems, which are files in `training/recipes`."""
    package = "breastview.training.recipes"
    found = dict(RECIPES)
    for family in registry.names(package):
        found |= registry.load(package, family).RECIPES
    return found

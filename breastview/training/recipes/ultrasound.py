"""The published systems for breast ultrasound, trained as published as far as that was said.

What was not said is the same for all: warm-up, cosine decay, a moving average of the weights. What was said
and is not repeated: the random split by picture (twins on both sides; here whole groups), squashing to a
square (here letterboxed), early stopping on the pictures that are scored afterwards (here a fixed length).
The classes are drawn equally often. `docs/models.md` sets each system beside its published figure.
"""

from __future__ import annotations

from dataclasses import replace

from breastview.networks.backbones import catalogue, cnn
from breastview.training.augment import Augmentation
from breastview.training.recipe import AS_PUBLISHED, Recipe

_NONE = Augmentation(
    rotation=0.0, scale=(1.0, 1.0), shift=0.0, shear=0.0, gamma=0.0, gain=0.0, offset=0.0, probability=0.0
)
_TURNED = replace(_NONE, rotation=20.0, gain=0.2)  # rotation, flip, contrast

# Adam (no decay of the weights) at 1e-3 in batches of sixteen; every weight of the encoder learns.
_PLAIN = Recipe("plain", epochs=30, pictures=1024, batch=16, rate=1e-3, augmentation=_TURNED, **AS_PUBLISHED)
_HEAD = ((256, 0.3), (64, 0.2), (32, 0.1))
_DENSE = replace(_PLAIN, pooling="max", dropout=0.0, hidden=_HEAD)
_COMPARED = ("efficientnetb7", "resnet152v2", "vgg19", "efficientnetv2s", "convnextbase", "vit-b16")
_OUTLINED = replace(_PLAIN, size=256, batch=8, augmentation=_TURNED)
_SEGMENTERS = ("unet", "resunet", "attention-resunet", *(f"unet-{name}" for name in catalogue.PYRAMIDAL))


def _named(base: Recipe, name: str, architecture: str = "") -> Recipe:
    return replace(base, name=name, architecture=architecture or name)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        _named(replace(_PLAIN, rate=1e-4, dropout=0.3, hidden=((256, 0.3),)), "resnet50v2-xception"),
        _named(replace(_PLAIN, rate=1e-4, dropout=0.5, hidden=((256, 0.3),)), "resnet50-busi", "resnet50"),
        *(_named(_DENSE, name) for name in _COMPARED),
        # Encoders nobody published figures of on these pictures, trained like those of the comparison.
        *(_named(_DENSE, name) for name in catalogue.NAMES if name not in (*_COMPARED, *cnn.WIDTHS)),
        _named(replace(_PLAIN, dropout=0.5, hidden=((64, 0.0),)), "cnn"),
        *(_named(_OUTLINED, name) for name in _SEGMENTERS),
    )
}

_RANDOM = "random split by picture"
PUBLISHED = {
    "resnet50v2-xception": '"outperformed baselines", no number',
    "resnet50-busi": "none",
    "efficientnetb7": f"recall .85/.83/.78 ({_RANDOM})",
    "resnet152v2": f"recall .89/.88/.73 ({_RANDOM})",
    "vgg19": f"recall .93/.73/.73 ({_RANDOM})",
    "efficientnetv2s": f"recall .89/.69/.66 ({_RANDOM})",
    "convnextbase": f"recall .78/.80/.73 ({_RANDOM})",
    "vit-b16": f"recall .81/.07/.73 ({_RANDOM})",
    "attention-resunet": "chosen by a small margin, no number",
}
"""What was published of a system, recalls in the order normal, benign, malignant."""

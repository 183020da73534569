"""Patches of breast tissue stained with haematoxylin and eosin: invasive ductal carcinoma or not.

The published pair, trained as published as far as that was said, and the recipe of the bundle. What was said
and is not repeated: a random split by patch (one patient's patches on both sides; here whole patients), and
the choice of the epoch on the patches that are scored afterwards (here a fixed length). `docs/models.md` sets
each beside its published figure.
"""

from __future__ import annotations

from dataclasses import replace

from breastview.imaging.letterbox import RGB
from breastview.language import mark
from breastview.training.augment import Augmentation
from breastview.training.recipe import AS_PUBLISHED, Recipe

# The 40× scans were reduced sixteen times before they were cut into patches of 50 px (Cruz-Roa et al., Proc.
# SPIE 9041, 2014): a patch shows some 200 µm.
PATCH, UM_PER_PX = 50, 4.0

_PUBLISHED_CHANGES = Augmentation(
    rotation=90.0, scale=(0.95, 1.05), shift=0.1, shear=0.05, gamma=0.0, gain=0.0, offset=0.0,
    mirrored_edge=True, turned=True, probability=0.0,
)  # fmt: skip
_STAINED = Augmentation(
    rotation=10.0, scale=(0.85, 1.2), shift=0.06, shear=0.04, gamma=0.15, gain=0.1, offset=0.03,
    speckle=0.0, blur=0.8, border=0.0, turned=True, stain=0.1, mirrored_edge=True, probability=0.15,
)  # fmt: skip

_PLAIN = Recipe(
    "plain",
    modality="SM",
    classes=("non-idc", "idc"),
    colour=RGB,
    preparation="tiles",
    tile=PATCH,
    um_per_px=UM_PER_PX,
    size=64,
    dropout=0.0,
    hidden=((128, 0.5),),
    epochs=20,
    pictures=4096,
    batch=32,
    rate=1e-3,
    augmentation=_PUBLISHED_CHANGES,
    **AS_PUBLISHED,
)
_COLOURED = replace(
    _PLAIN,
    experimental=True,
    note=mark("Measured on single patches alone: what it says of a whole field was not measured."),
    architecture="patch-colour",
    dropout=0.2,
    hidden=((128, 0.3),),
    standardised=True,
    batch=64,
    decay=0.05,
    smoothing=0.02,
    augmentation=_STAINED,
)

RECIPES = {
    recipe.name: recipe
    for recipe in (
        replace(_PLAIN, name="idc-resnet50", architecture="resnet50v2", only_pretrained=True, frozen_views=4),
        replace(_PLAIN, name="idc-cnn", architecture="cnn"),
        replace(
            _COLOURED,
            name="sm-patch-colour-1",
            frozen_views=6,
            pictures=8192,
            epochs=12,
            average=0.99,
        ),
        # Its encoder fine-tuned from stride 8 on; the stages before see edges and stains, as pretrained.
        replace(
            _COLOURED,
            name="sm-patch-colour-2",
            frozen_stages=2,
            pictures=5120,
            epochs=5,
            rate=6e-4,
            head_rate=2.0,
            warm_up=0.5,
        ),
        replace(
            _PLAIN,
            name="sm-mobilenetv2-1",
            architecture="patch-mobilenetv2",
            dropout=0.3,
            hidden=(),
            epochs=6,
            rate=8e-4,
            head_rate=4.0,
            warm_up=0.5,
            decay=0.02,
            smoothing=0.05,
            average=0.99,
            augmentation=_STAINED,
        ),
    )
}

PUBLISHED = {
    "idc-resnet50": (
        "82.4, 87.4 and 88.4% in its text; its own matrix gives accuracy 0.876, recall 0.817, AUC 0.833 "
        "(random split by patch)"
    ),
    "idc-cnn": "none",
}
"""What was published of a system."""

"""Mammograms: the project's own recipe, and the published systems trained as published as far as was said.

Of the published systems' 106 films with 72 augmented copies each, copies of one film were on both sides of
their split: what they scored is how well a film is recognised (`docs/models.md` shows how much that is). Here
whole patients are held out, and copies are made while training, of training films alone. They tell benign
from malignant among films with a lesion, as published; their captions always said "Benign".
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from breastview.language import mark
from breastview.training.augment import Augmentation
from breastview.training.recipe import AS_PUBLISHED, Recipe

# Film and detector differ in contrast and grain; the side is normalised, so nothing is mirrored.
_FILMS = Augmentation(
    rotation=15.0, scale=(0.85, 1.4), gamma=0.3, gain=0.2, offset=0.05, speckle=0.06, border=0.06,
    flipped=False,
)  # fmt: skip
_MAMMOGRAM = Recipe(
    "mammogram",
    modality="MG",
    preparation="breast",
    classes=("normal", "lesion"),
    merged=(("benign", "lesion"), ("malignant", "lesion")),
    views=("CC", "MLO"),
    experimental=True,
    note=mark("Trained on 469 mammograms of two sets: too few for more than a demonstration."),
    crop_share=0.0,
    augmentation=_FILMS,
)

# "72 augmented copies": of which changes was not said; turned any way and mirrored here.
_COPIES = Augmentation(
    rotation=180.0, scale=(1.0, 1.0), shift=0.0, shear=0.0, gamma=0.0, gain=0.0, offset=0.0, probability=0.0
)
# Adam (no decay of the weights), also where RMSprop was published: the trainer has no other.
_PUBLISHED = replace(
    _MAMMOGRAM,
    classes=("benign", "malignant"),
    merged=(),
    size=224,
    epochs=10,
    pictures=1024,
    batch=32,
    rate=5e-5,
    dropout=0.0,
    augmentation=_COPIES,
    **AS_PUBLISHED,
)
_HEAD: dict[str, Any] = {"hidden": ((512, 0.5),), "hidden_norm": True}
_SYSTEMS: dict[str, dict[str, Any]] = {
    "mammo-cnn": {
        "architecture": "cnn3", "pooling": "flat", "hidden": ((64, 0.5),), "epochs": 25, "batch": 64,
        "rate": 1e-3,
    },
    "mammo-vgg16-frozen": {"architecture": "vgg16", "pooling": "flat", "frozen_views": 4, **_HEAD},
    "mammo-vgg16-finetuned": {
        "architecture": "vgg16", "standardised": True, "dropout": 0.5, "frozen_stages": 2
    },
    "mammo-resnet50": {"architecture": "resnet50", "dropout": 0.5},
    "mammo-resnet50-frozen": {"architecture": "resnet50", "frozen_views": 4, **_HEAD},
    # As the one before, on the only weights of the family at hand: version 2, to the end of its fourth stage.
    "mammo-resnet50v2-frozen": {
        "architecture": "resnet50v2", "only_pretrained": True, "frozen_views": 4, **_HEAD
    },
}  # fmt: skip

RECIPES = {
    recipe.name: recipe
    for recipe in (
        # What few films and a processor allow in minutes: the head alone, on features of frozen layers.
        replace(
            _MAMMOGRAM,
            name="mg-mobilenetv2-1",
            architecture="mobilenetv2",
            size=320,
            standardised=True,
            frozen_views=3,
            dropout=0.5,
            epochs=20,
            pictures=1024,
            batch=64,
            rate=1e-3,
            decay=10.0,  # 1,280 features of 375 pictures: the weights are held near nought
        ),
        # With an outline of the lesion, and a classifier that looks there: on the maps of frozen layers.
        replace(
            _MAMMOGRAM,
            name="mg-attentive-mobilenetv2-1",
            architecture="attentive-mobilenetv2",
            size=320,
            frozen_stages=5,
            frozen_views=5,
            dropout=0.5,
            epochs=10,
            pictures=376,
            batch=8,
            rate=2e-3,
            decay=1.0,
            average=0.98,
            warm_up=0.5,
            false_lesion=0.5,  # at a tenth, as of ultrasound, half of the normal films had one
        ),
        *(replace(_PUBLISHED, name=name, **changes) for name, changes in _SYSTEMS.items()),
    )
}

_LEAKED = "106 films with 72 augmented copies each, split by copy"
PUBLISHED = {
    "mammo-cnn": f"accuracy 0.80 to 0.89 ({_LEAKED})",
    "mammo-vgg16-frozen": f"accuracy 0.85 ({_LEAKED})",
    "mammo-vgg16-finetuned": f"accuracy 0.84 ({_LEAKED})",
    "mammo-resnet50": f"accuracy 0.865 ({_LEAKED})",
    "mammo-resnet50-frozen": f"none of its own ({_LEAKED})",
}
"""What was published of a system."""

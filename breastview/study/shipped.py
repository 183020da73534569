"""Which model bundles came with this version: the SHA-256 of their manifests, compiled into the program.

A manifest names every other file of its bundle by its hash, so this list speaks of every byte of a model.
``make shipped`` writes it anew; a test says when that was forgotten.
"""

from __future__ import annotations

from breastview.language import mark
from breastview.study.analysis import BundleStamp

MANIFESTS = {
    "2d2689f5c22923ae156b77b87ca4e1ef57e6d30a76bf8e4edb365d9c2e974c75": "mg-attentive-mobilenetv2-1 1.0.0",
    "2b979764d4ee6486067035321dba191c0b8d2675e56c6983cc5afdf62e2dce56": "sm-patch-colour-1 1.0.0",
    "fd191afa26ebef4ea2fb9e65777f44f4b3fe4074e3b720a44441048bdaa98392": "us-attentive-3 1.0.0",
    "a54f0ea18ce60d633a996e982940a79c13f43eea09d6463ce672a8fb9d3fadac": "us-resnet50v2-xception-1 1.0.0",
}  # fmt: skip
"""SHA-256 of a manifest -> name and version of its bundle."""

OWN = mark("own model, did not come with BreastView")


def came_along(sha: str) -> bool:
    """Return whether a manifest of this SHA-256 is that of a bundle that came with this version."""
    return sha in MANIFESTS


def known(stamp: BundleStamp) -> bool:
    """Return whether a bundle of this stamp came with this version, as far as its short hash tells."""
    return any(sha.startswith(stamp.hash) for sha in MANIFESTS) if stamp.hash else False

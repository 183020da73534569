"""Haematoxylin and eosin as a laboratory might have stained them: stronger, weaker, of another hue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Optical density of haematoxylin, eosin and what is left (DAB), rows of unit length; red, green, blue.
# Ruifrok and Johnston, Anal Quant Cytol Histol 23:291, 2001.
DENSITIES = np.array([[0.650, 0.704, 0.286], [0.072, 0.990, 0.105], [0.268, 0.570, 0.776]])
_RGB_TO_STAINS = np.linalg.inv(DENSITIES)


def jittered(picture: NDArray[np.uint8], strength: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return a stained picture with the amount of each stain changed at random.

    The colours are taken apart into stains, where each gets a factor and an offset of its own, and put
    together again (stain colour augmentation, Tellez et al., Med Image Anal 58:101544, 2019,
    arXiv:1902.06543).

    Parameters
    ----------
    picture : ndarray, shape (H, W, 3), uint8
        RGB.
    strength : float
        Largest relative change of a stain's amount, to either side; a tenth of it is the largest offset in
        optical density.
    rng : numpy.random.Generator
    """
    factors = 1 + rng.uniform(-strength, strength, 3)
    offsets = rng.uniform(-strength, strength, 3) / 10
    # Amounts scaled and put together again are one 3×3 matrix of optical densities.
    change = (_RGB_TO_STAINS * factors) @ DENSITIES
    density = _DENSITY[picture] @ change.astype(np.float32) + (offsets @ DENSITIES).astype(np.float32)
    return np.clip(256 * np.exp(-density) - 0.5, 0, 255).astype(np.uint8)


_DENSITY = -np.log((np.arange(256, dtype=np.float32) + 1) / 256)

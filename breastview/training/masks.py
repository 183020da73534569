"""A mask's connected components, and what dropping the small ones does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Table:
    """The components of one mask at one threshold.

    Attributes
    ----------
    shares : tuple[float, ...]
        Area of each component as a share of the picture.
    areas, hits : tuple[int, ...]
        Pixels of each component, and those of them inside the drawn lesion.
    drawn : int
        Pixels of the drawn lesion.
    """

    shares: tuple[float, ...]
    areas: tuple[int, ...]
    hits: tuple[int, ...]
    drawn: int

    def dice(self, smallest: float) -> float:
        """Return the Dice with the drawn lesion without components of a smaller share than `smallest`."""
        kept = [i for i, share in enumerate(self.shares) if share >= smallest]
        total = sum(self.areas[i] for i in kept) + self.drawn
        return 2 * sum(self.hits[i] for i in kept) / total if total else 1.0

    def paints(self, smallest: float) -> bool:
        """Return whether any component is left."""
        return any(share >= smallest for share in self.shares)


def table(heat: NDArray[np.uint8], outline: NDArray[np.uint8], inner: float, level: float) -> Table:
    """Measure the components of a probability map.

    Parameters
    ----------
    heat : ndarray, shape (S, S), uint8
        Probability as 0..255.
    outline : ndarray, shape (S, S), uint8
        Drawn lesion, 0..255.
    inner : float
        Pixels of the map that the picture itself covers, without the padding.
    level : float
        Threshold, 0..1.
    """
    import cv2

    found = (heat >= level * 255).astype(np.uint8)
    drawn = outline > 127
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    hits = np.bincount(labels[drawn], minlength=count)[1:]
    return Table(
        tuple(float(area) / inner for area in areas),
        tuple(int(area) for area in areas),
        tuple(int(hit) for hit in hits),
        int(drawn.sum()),
    )


def binary(probability: NDArray[np.floating], level: float, smallest: float) -> NDArray[np.bool_]:
    """Return the mask of a probability map on the picture's own pixels, small components dropped.

    Parameters
    ----------
    probability : ndarray, shape (H, W), 0..1
    level : float
        Threshold.
    smallest : float
        Smallest share of the picture a component must cover.
    """
    import cv2

    found = (probability >= level).astype(np.uint8)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    keep = statistics[:, cv2.CC_STAT_AREA] >= smallest * found.size
    keep[0] = False
    kept: NDArray[np.bool_] = keep[labels]
    return kept

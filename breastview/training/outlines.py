"""How two outlines of a lesion differ: overlap over union, and the distance between their edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def iou(found: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> float:
    """Return the Jaccard index of two masks, intersection over union; 1 where both are empty."""
    union = int((found | drawn).sum())
    return int((found & drawn).sum()) / union if union else 1.0


def hd95(found: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> float:
    """Return the 95% Hausdorff distance in px: the larger of the 95th percentiles of both directions.

    Distances are from every edge pixel of one mask to the nearest edge pixel of the other (Huttenlocher et
    al., IEEE TPAMI 1993). nan where one of the masks is empty: there is no distance to nothing.
    """
    if not found.any() or not drawn.any():
        return float("nan")
    ours, theirs = _edge(found), _edge(drawn)
    there = np.percentile(_distance(theirs)[ours], 95)
    back = np.percentile(_distance(ours)[theirs], 95)
    return float(max(there, back))


def _edge(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    filled = np.pad(mask.astype(np.uint8), 1)  # the picture's border ends a lesion
    inner = cv2.erode(filled, np.ones((3, 3), np.uint8))
    return np.asarray((filled > inner)[1:-1, 1:-1], bool)


def _distance(edge: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the distance of every pixel to the nearest edge pixel, px."""
    import cv2

    away = cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(away, np.float32)

"""The one thing that stands before a black background: a breast on a film, or a head before a dark wall.

A breast fades towards its skin, is smooth at a coarse scale and rough at a fine one, and has no hard edges
and no dark holes; what is photographed has lids, folds, collars and shadows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 192  # px of the longer side at which the figures are taken
DARK = 16
"""Grey level up to which a px is background."""
LEAST = 0.04
"""Share of the picture below which there is nothing to measure."""
RIM = 4  # px
COUNT = 17


def figures(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Measure what stands before black on a picture (rows, columns), uint8.

    Returns
    -------
    ndarray, shape (COUNT,), float64
        Its share of the picture, how far it fills its hull, how rough its outline is; how its grey goes with
        the distance from the background (near, further in, correlation); dark holes; the steepness of edges
        inside (at two scales: middle, high, their concentration, the share that lies along rows or columns);
        how much finer detail there is than coarse. All 0 where there is nothing.
    """
    import cv2

    scale = SIDE / max(grey.shape)
    size = max(8, round(grey.shape[1] * scale)), max(8, round(grey.shape[0] * scale))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    region = _largest(cv2.medianBlur(small, 5) > DARK)
    if region.mean() < LEAST:
        return np.zeros(COUNT)
    values = cv2.GaussianBlur(small, (0, 0), 1.0).astype(np.float32)
    # What touches the border of the picture goes on behind it: only before black has it an edge.
    framed = cv2.copyMakeBorder(region.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)
    inside = depth > RIM
    if np.count_nonzero(inside) < 100:
        return np.zeros(COUNT)
    return np.array([*_shape(region), *_fading(values, depth, inside), *_edges(values, inside, 1.0),
                     *_edges(values, inside, 4.0), *_detail(small, inside)])  # fmt: skip


def _largest(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8))
    if count < 2:
        return np.zeros_like(region)
    found = np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])))
    holes, marks, sizes, _ = cv2.connectedComponentsWithStats((~found).astype(np.uint8), connectivity=4)
    for label in range(1, holes):  # a hole is a part; the background reaches the border
        x, y, width, height = sizes[label, :4]
        if x and y and x + width < found.shape[1] and y + height < found.shape[0]:
            found |= marks == label
    return found


def _shape(region: NDArray[np.bool_]) -> tuple[float, ...]:
    import cv2

    outlines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=len)
    hull = cv2.convexHull(outline)
    area = float(np.count_nonzero(region))
    rough = cv2.arcLength(outline, True) / max(1.0, cv2.arcLength(hull, True))
    return float(region.mean()), area / max(area, cv2.contourArea(hull)), float(min(rough, 3.0))


def _fading(
    values: NDArray[np.float32], depth: NDArray[np.float32], inside: NDArray[np.bool_]
) -> tuple[float, ...]:
    """Return how bright it is at its rim and further in, of its middle grey; the correlation; dark holes."""
    middle = float(np.median(values[inside])) + 1.0
    near, further = (depth > 1) & (depth <= 5), (depth > 5) & (depth <= 12)
    rims = [float(values[ring].mean()) / middle if np.count_nonzero(ring) > 20 else 1.0
            for ring in (near, further)]  # fmt: skip
    far, grey = np.minimum(depth[inside], 40.0), values[inside]
    spread = float(far.std() * grey.std())
    along = float(((far - far.mean()) * (grey - grey.mean())).mean()) / spread if spread > 1e-3 else 0.0
    return min(rims[0], 2.0), min(rims[1], 2.0), along, float((grey < 0.4 * middle).mean())


def _edges(values: NDArray[np.float32], inside: NDArray[np.bool_], coarse: float) -> tuple[float, ...]:
    """Return steps relative to the grey there: median, 98th percentile, concentration, share along axes."""
    import cv2

    soft = cv2.GaussianBlur(values, (0, 0), coarse)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(soft, cv2.CV_32F, 0, 1) / 8
    steep = (np.hypot(across, down) / (cv2.GaussianBlur(values, (0, 0), 6) + 10))[inside]
    middle, high = np.percentile(steep, (50, 98))
    even = float(steep.mean() ** 2 / (np.square(steep).mean() + 1e-9))
    angle = np.arctan2(np.abs(down), np.abs(across))[inside]
    along = (angle < np.pi / 12) | (angle > np.pi * 5 / 12)
    return float(middle), float(high), even, float(steep[along].sum() / (steep.sum() + 1e-9))


def _detail(small: NDArray[np.uint8], inside: NDArray[np.bool_]) -> tuple[float, float]:
    """Return how much of the variation is fine, and how much middling, on a logarithmic scale."""
    import cv2

    values = small.astype(np.float32)
    one, three, nine = (cv2.GaussianBlur(values, (0, 0), sigma) for sigma in (1.0, 3.0, 9.0))
    bands = [float(np.abs(band[inside]).mean()) + 0.1 for band in (values - one, one - three, three - nine)]
    return float(np.log(bands[0] / bands[2])), float(np.log(bands[1] / bands[2]))

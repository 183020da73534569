"""Labels of lesions in few bytes: what the record keeps and what undoing holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class PackedLabels:
    """Labels cut to their bounding box, as a PNG; equal ones are equal values.

    Attributes
    ----------
    height, width : int
        Of the whole picture in px.
    x, y : int
        Column and row of the box's first pixel.
    png : bytes
        8-bit grey, one level a lesion; empty where there is no lesion.
    """

    height: int
    width: int
    x: int
    y: int
    png: bytes


def pack(labels: NDArray[np.uint8]) -> PackedLabels:
    """Return labels, ``(rows, columns)`` uint8, in few bytes and without loss."""
    import cv2

    height, width = labels.shape
    x, y, across, down = cv2.boundingRect(labels)
    if not across:
        return PackedLabels(height, width, 0, 0, b"")
    # The fastest compression: flat areas are small at any level, and a stroke should not be felt.
    part = np.ascontiguousarray(labels[y : y + down, x : x + across])
    sound, data = cv2.imencode(".png", part, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not sound:
        raise ValueError(f"labels of {height}×{width} px cannot be packed")
    return PackedLabels(height, width, x, y, data.tobytes())


def unpack(packed: PackedLabels) -> NDArray[np.uint8]:
    """Return the labels of `pack`, read-only.

    Raises
    ------
    ValueError
        If the bytes are damaged: no PNG, or one that does not fit the picture.
    """
    import cv2

    labels = np.zeros((packed.height, packed.width), np.uint8)
    if packed.png:
        part = cv2.imdecode(np.frombuffer(packed.png, np.uint8), cv2.IMREAD_UNCHANGED)
        if part is None or part.dtype != np.uint8 or part.ndim != 2:
            raise ValueError("the packed labels are no grey PNG")
        below, right = packed.y + part.shape[0], packed.x + part.shape[1]
        if min(packed.x, packed.y) < 0 or below > packed.height or right > packed.width:
            raise ValueError("the packed labels do not fit their picture")
        labels[packed.y : below, packed.x : right] = part
    labels.flags.writeable = False
    return labels

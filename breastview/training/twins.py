"""Near-duplicate pictures: the same scene saved twice must not stand on both sides of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIDE = 16
DISTANCE = 20  # of 256 bits; unrelated ultrasound pictures differ in about 90


def fingerprint(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return the difference hash of a grey picture (H, W): where brightness rises along rows, 256 bits."""
    import cv2

    small = cv2.resize(grey, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    return (small[:, 1:] > small[:, :-1]).ravel()


def groups(fingerprints: Sequence[NDArray[np.bool_]]) -> list[int]:
    """Number the connected components of pictures whose fingerprints differ in at most `DISTANCE` bits."""
    parent = list(range(len(fingerprints)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    bits = np.array(fingerprints, dtype=bool)
    for index in range(1, len(fingerprints)):
        near = np.flatnonzero((bits[:index] ^ bits[index]).sum(axis=1) <= DISTANCE)
        for other in near:
            parent[root(index)] = root(int(other))
    return [root(index) for index in range(len(fingerprints))]

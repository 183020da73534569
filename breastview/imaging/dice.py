"""How well two masks agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def dice(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return the coefficient of Dice (1945): twice the common pixels over the sum of both masks' pixels.

    Parameters
    ----------
    first, second : ndarray, same shape, bool

    Returns
    -------
    float
        0 (nothing in common) to 1 (the same); 1 where both are empty: they agree that there is no lesion.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if first.shape != second.shape:
        raise ValueError(f"masks of {first.shape} and {second.shape} px cannot be compared")
    a, b = np.asarray(first, bool), np.asarray(second, bool)
    total = int(np.count_nonzero(a)) + int(np.count_nonzero(b))
    return 2 * int(np.count_nonzero(a & b)) / total if total else 1.0

"""What class, mask and Grad-CAM say against one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.study.analysis import Flag

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NORMAL = "normal"
"""Name of the class that stands for no lesion, where a bundle has one."""

DISAGREEMENT, HEAT_OUTSIDE = "disagreement", "heat-outside"
MASK_DOUBTS = frozenset({DISAGREEMENT, HEAT_OUTSIDE})
"""Codes of the flags that depend on the mask."""


def doubts(
    classes: tuple[str, ...], top: int, mask: NDArray[np.bool_], shares: tuple[float, ...] | None
) -> list[Flag]:
    """Return what in the answers themselves speaks against them.

    Parameters
    ----------
    classes : tuple of str
    top : int
        Index of the most probable class.
    mask : ndarray, shape (rows, columns), bool
        All lesions.
    shares : tuple of float or None
        For each class the share of its Grad-CAM inside the mask; None without a lesion.
    """
    name, outlined = classes[top], bool(mask.any())
    if NORMAL in classes and (name == NORMAL) == outlined:
        text = (
            "The classifier says normal, but a lesion was outlined."
            if outlined
            else f"The classifier says {name}, but no lesion was outlined."
        )
        return [Flag(DISAGREEMENT, text)]
    if shares is None or name == NORMAL or shares[top] >= mask.mean():
        return []
    text = (
        f"Only {shares[top]:.0%} of the Grad-CAM lies inside the outlined lesion, no more than "
        "chance would put there."
    )
    return [Flag(HEAT_OUTSIDE, text)]

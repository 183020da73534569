"""Colours of heat maps and masks; those that colour-blind readers can tell apart come first."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breastview.language import mark

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Up to and with "viridis" lightness rises evenly, so that the order of values survives colour blindness, a
# monochrome screen and a photocopy. "turbo", "hot" and "jet" are there because readers know them.
_NAMES = ("inferno", "magma", "plasma", "cividis", "viridis", "turbo", "hot", "jet")

MASK_COLOURS: dict[str, tuple[int, int, int]] = {
    mark("cyan"): (0, 229, 255),
    mark("sky blue"): (86, 180, 233),
    mark("yellow"): (240, 228, 66),
    mark("orange"): (230, 159, 0),
    mark("vermilion"): (213, 94, 0),
    mark("bluish green"): (0, 158, 115),
    mark("reddish purple"): (204, 121, 167),
    mark("white"): (255, 255, 255),
}
"""Name -> (red, green, blue), 0..255. Cyan, the default, stands out from every grey; the others are those of
Okabe and Ito (2008, "Color Universal Design"), told apart by all common kinds of colour blindness."""

TRUTH_COLOUR: tuple[int, int, int] = MASK_COLOURS["yellow"]
"""Of the ground truth, beside the AI's mask in any of the other colours."""


def names() -> tuple[str, ...]:
    """Return the names of all colour maps, the recommended ones first."""
    return _NAMES


@cache
def table(name: str) -> NDArray[np.uint8]:
    """Return a colour map.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    ndarray, shape (256, 3), uint8
        Red, green, blue for the values 0 to 255; read-only.

    Raises
    ------
    KeyError
        If there is no map of that name.
    """
    if name not in _NAMES:
        raise KeyError(f"no colour map {name!r}; there are: {', '.join(_NAMES)}")
    import cv2

    ramp = np.arange(256, dtype=np.uint8).reshape(256, 1)
    colours = cv2.applyColorMap(ramp, getattr(cv2, f"COLORMAP_{name.upper()}"))
    found = np.ascontiguousarray(colours[:, 0, ::-1], np.uint8)
    found.setflags(write=False)
    return found

"""Window and level by dragging."""

from __future__ import annotations

import math

from breastview.study.instance import Window

FOLD = 250.0
"""Device-independent px of a sideways drag that widen the window e-fold."""

WIDER, BRIGHTER = 25.0, 13.0
"""Drags that one step of a key stands for: a tenth of the width, a twentieth of it up or down."""


def dragged(window: Window, dx: float, dy: float, up_brightens: bool, reversed_greys: bool) -> Window:
    """Return the window after a drag.

    Parameters
    ----------
    window : Window
        Before.
    dx, dy : float
        Device-independent px to the right (wider: less contrast) and downwards.
    up_brightens : bool
        Whether an upward drag makes the picture brighter or darker.
    reversed_greys : bool
        Whether high values are shown dark (MONOCHROME1 or inverted, not both).

    Returns
    -------
    Window
        Without a name, at least 1 wide. 256 px up or down move the centre by one width, so that the feel is
        the same for 8 and 16 bits and fine for narrow windows.
    """
    down_raises = up_brightens != reversed_greys
    shift = dy * window.width / 256 * (1 if down_raises else -1)
    return Window(window.centre + shift, max(window.width * math.exp(dx / FOLD), 1.0))

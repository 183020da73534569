"""What speaks against reading a picture as tissue stained with haematoxylin and eosin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.language import mark
from breastview.study.analysis import Flag

if TYPE_CHECKING:
    from breastview.inference.gate._view import View

COLOURED = 12  # difference of the largest and the smallest channel: pale eosin has little more
LEAST_COLOUR = 0.02  # share of px; a field of bare glass has as little
GREENISH = 0.3  # share of the coloured px whose green is the largest channel: no such stain


def by_stain(seen: View) -> list[Flag]:
    """Judge colour, without which and with another one than the stain's a picture is no such tissue."""
    if seen.picture.ndim == 2:
        return [_grey()]
    values = seen.picture[::2, ::2].reshape(-1, 3)
    coloured = values[np.ptp(values, axis=1) >= COLOURED]
    if len(coloured) < LEAST_COLOUR * len(values):
        return [_grey()]
    if np.mean(coloured.argmax(axis=1) == 1) >= GREENISH:
        text = mark("Its colours are none of haematoxylin and eosin, the only stain that the model knows.")
        return [Flag("stain", text, refuses=True)]
    return []


def _grey() -> Flag:
    text = mark("It has no colour: neither haematoxylin nor eosin is seen (bare glass, a grey copy?).")
    return Flag("no-stain", text, refuses=True)

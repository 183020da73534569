"""Window and level: modality values to the 8 bits of a display (PS3.3 C.11.2).

Whole numbers go through a table with one entry a value, which is exact and many times faster than arithmetic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.study.instance import Instance, Window
from breastview.study.pixels import FramePixels

IDENTITY = Window(128.0, 256.0)
"""The window that shows 8-bit values as they are."""

_CV2_BEFORE_5 = re.compile(r"[0-4]\.")
Part = tuple[int, int, int, int]
"""Rows and columns of a part of a picture, (y0, y1, x0, x1), the ends left out."""

_TAILS = 0.005
_SAMPLES = 1_000_000


def to_display(pixels: FramePixels, window: Window | None = None, invert: bool = False) -> NDArray[np.uint8]:
    """Return a frame as it is to be shown.

    Parameters
    ----------
    pixels : FramePixels
        The decoded frame.
    window : Window, optional
        VOI window in modality values; None means the file's own look (its VOI LUT where it has one). A colour
        frame is windowed channel by channel.
    invert : bool
        Black for white; comes on top of MONOCHROME1, whose low values are bright anyway.

    Returns
    -------
    ndarray
        ``(rows, columns)`` or ``(rows, columns, 3)`` uint8, not to be written to.
    """
    table = lookup(pixels, window, invert)
    if table is None:
        return _through_formula(pixels, window or pixels.window, invert)
    if pixels.values.dtype == np.uint8 and _is_identity(table):
        return pixels.values
    return apply(table, pixels.values)


def lookup(
    pixels: FramePixels, window: Window | None = None, invert: bool = False
) -> NDArray[np.uint8] | None:
    """Return the display value of every value the frame can hold.

    Parameters
    ----------
    pixels, window, invert
        As for `to_display`.

    Returns
    -------
    ndarray or None
        256 entries for 8-bit frames, 65536 for 16-bit ones, indexed by the value's bits read as unsigned (for
        int16 that is ``values.view(uint16)``); see `apply`. None for int32 and float32: use `to_display`.
    """
    kind = pixels.values.dtype
    if kind not in (np.uint8, np.uint16, np.int16):
        return None
    values: NDArray[Any] = np.arange(1 << (8 * kind.itemsize), dtype=f"u{kind.itemsize}").view(kind)
    chosen = pixels.window if window is None else window
    if pixels.voi_lut is not None and chosen == pixels.window:
        place = np.clip(values.astype(np.int64) - pixels.voi_first, 0, len(pixels.voi_lut) - 1)
        table: NDArray[np.uint8] = pixels.voi_lut[place]
    else:
        table = _linear(values.astype(np.float64), chosen)
    return np.bitwise_not(table) if _turned(pixels, invert) else table


def apply(table: NDArray[np.uint8], values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return values of 8 or 16 bits mapped through a table of `lookup`."""
    import cv2

    bits: NDArray[Any] = np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")
    if bits.dtype == np.uint16 and _CV2_BEFORE_5.match(cv2.__version__):
        return np.take(table, bits)  # older releases know tables of 256 entries only
    return np.asarray(cv2.LUT(bits, table), np.uint8)


def automatic(pixels: FramePixels, part: Part | None = None) -> Window:
    """Return the window that spans the values but for the darkest and brightest half percent.

    The border, where every pixel has the value shown as black, does not count as tissue.

    Parameters
    ----------
    pixels : FramePixels
    part : tuple of int, optional
        Rows and columns that count, (y0, y1, x0, x1) with the ends left out.
    """
    values = pixels.values if part is None else pixels.values[part[0] : part[1], part[2] : part[3]]
    values = values.reshape(-1)
    step = max(1, values.size // _SAMPLES)
    sample = values[::step]
    dark_high = pixels.photometric == "MONOCHROME1"
    inside = sample[sample < sample.max()] if dark_high else sample[sample > sample.min()]
    if not inside.size:
        return Window(float(sample[0]) + 0.5, 1.0, "Automatic")
    low, high = np.quantile(inside, (_TAILS, 1.0 - _TAILS))
    return Window(float(low + high + 1) / 2, float(max(high - low + 1, 1.0)), "Automatic")


def full_range(pixels: FramePixels) -> Window:
    """Return the window from the lowest to the highest value."""
    low, high = float(pixels.values.min()), float(pixels.values.max())
    return Window((low + high + 1) / 2, max(high - low + 1, 1.0), "Full range")


def own(stored: dict[str, str]) -> tuple[Window, ...]:
    """Return the user's presets from the settings ("centre width" by name); what is no window is left out."""
    found = []
    for name, text in stored.items():
        try:
            centre, width = (float(part) for part in text.split())
        except ValueError:
            continue
        if math.isfinite(centre) and math.isfinite(width) and width >= 1:
            found.append(Window(centre, width, name))
    return tuple(found)


def stored(windows: Iterable[Window]) -> dict[str, str]:
    """Return presets as the settings keep them."""
    return {window.name: f"{window.centre:g} {window.width:g}" for window in windows}


def presets(instance: Instance, pixels: FramePixels, users: tuple[Window, ...] = ()) -> tuple[Window, ...]:
    """Return the windows to choose from, none twice: the file's own, automatic, full range, the user's."""
    first = (
        pixels.window
        if pixels.window.name
        else Window(pixels.window.centre, pixels.window.width, "As stored")
    )
    listed = [first, *instance.windows, automatic(pixels), full_range(pixels), *users]
    chosen: dict[tuple[float, float], Window] = {}
    for number, window in enumerate(listed):
        named = window if window.name else Window(window.centre, window.width, f"Window {number}")
        chosen.setdefault((window.centre, window.width), named)
    return tuple(chosen.values())


def _linear(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Map by LINEAR: ``((x - (c - 0.5)) / (w - 1) + 0.5) * 255``, clipped; a step where w is 1."""
    centre, span = window.centre - 0.5, window.width - 1.0
    if span <= 0:
        return np.where(values > centre, 255, 0).astype(np.uint8)
    scaled = ((values - centre) / span + 0.5) * 255.0
    return np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8)


def _through_formula(pixels: FramePixels, window: Window, invert: bool) -> NDArray[np.uint8]:
    """Map values that have no table (int32, float32)."""
    if pixels.voi_lut is not None and window == pixels.window:
        place = np.clip(
            np.rint(pixels.values).astype(np.int64) - pixels.voi_first, 0, len(pixels.voi_lut) - 1
        )
        shown = pixels.voi_lut[place]
    else:
        shown = _linear(pixels.values.astype(np.float64), window)
    return np.bitwise_not(shown) if _turned(pixels, invert) else shown


def _turned(pixels: FramePixels, invert: bool) -> bool:
    return invert != (pixels.photometric == "MONOCHROME1")


def _is_identity(table: NDArray[np.uint8]) -> bool:
    return bool(np.array_equal(table, np.arange(256, dtype=np.uint8)))

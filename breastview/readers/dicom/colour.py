"""Palettes and YBR to RGB of 8 bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels import apply_color_lut, convert_color_space

from breastview.readers.dicom.header import Header
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels

IDENTITY = Window(128.0, 256.0)


def frame_pixels(header: Header, stored: NDArray[Any], photometric: str) -> FramePixels:
    """Return a colour frame as RGB.

    Parameters
    ----------
    header : Header
        Palette elements and bits stored.
    stored : ndarray
        ``(rows, columns)`` palette indices, or ``(rows, columns, 3)`` samples.
    photometric : str
        ``"PALETTE COLOR"``, ``"RGB"``, or one of the ``"YBR_..."``, as decoded.
    """
    if photometric == "PALETTE COLOR":
        rgb = _eight_bits(apply_color_lut(stored, header.dataset), 16)
    else:
        rgb = _eight_bits(stored, header.integer("BitsStored", 8))
        if photometric.startswith("YBR_PARTIAL"):
            rgb = convert_color_space(_widened(rgb), "YBR_FULL", "RGB")
        elif photometric.startswith("YBR"):
            rgb = convert_color_space(rgb, "YBR_FULL", "RGB")
    rgb = np.ascontiguousarray(rgb, np.uint8)
    rgb.setflags(write=False)
    return FramePixels(rgb, "RGB", IDENTITY)


def _eight_bits(samples: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Return samples as 8 bits; 16-bit palettes that only use the low byte are left as they are."""
    if samples.dtype == np.uint8:
        return samples
    if bits <= 8 or not samples.size or int(samples.max()) <= 255:
        return samples.astype(np.uint8)
    return (samples >> (bits - 8)).astype(np.uint8)


def _widened(ybr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stretch the retired YBR_PARTIAL ranges (Y 16..235, C 16..240) to full range (PS3.3 C.7.6.3.1.2)."""
    centre, scale = np.array([16.0, 128.0, 128.0]), np.array([255 / 219, 255 / 224, 255 / 224])
    full = (ybr - centre) * scale + np.array([0.0, 128.0, 128.0])
    return np.clip(np.rint(full), 0, 255).astype(np.uint8)

"""Writing a screenshot as a small PNG."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPixmap

SEEN = 28
"""Difference in levels of a colour that all but one in 200 pixels must keep below for a palette."""


def write(picture: QPixmap | QImage, path: Path, few_will_do: bool = False) -> None:
    """Write a picture with a palette where that is not seen or `few_will_do`; else in full colour."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    full = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    colours = full.quantize(256, method=Image.Quantize.MEDIANCUT)
    few = full.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG)
    off = np.abs(np.asarray(full, np.int16) - np.asarray(few.convert("RGB"), np.int16)).max(axis=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    (few if few_will_do or np.percentile(off, 99.5) <= SEEN else full).save(path, optimize=True)

"""The value of a pixel in words."""

from __future__ import annotations

from breastview.study.pixels import FramePixels


def value_text(pixels: FramePixels, column: int, row: int) -> str:
    """Return a pixel's modality value, or its red, green and blue."""
    value = pixels.values[row, column]
    if pixels.colour:
        red, green, blue = value.tolist()
        return str(red) if red == green == blue else f"{red} {green} {blue}"
    return f"{value.item():.6g}" if pixels.values.dtype.kind == "f" else str(value.item())

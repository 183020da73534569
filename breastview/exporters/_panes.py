"""The key images of a reading as pixels: the original, the mask over it, the Grad-CAM over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import answered
from breastview.imaging import colour_maps, overlay
from breastview.imaging.window import to_display
from breastview.study.analysis import Analysis
from breastview.study.reading import SEGMENTER, Reading

ORIGINAL, MASK, HEAT = "original", "mask", "heat"


Image = NDArray[np.uint8]


def panes(reading: Reading, options: ExportOptions, rows: int, columns: int) -> dict[str, Image]:
    """Return the key images of a reading at a given size.

    Parameters
    ----------
    reading : Reading
        Where the AI gave no answer and the reader drew nothing, there is only the original.
    options : ExportOptions
        Window, colours and opacities.
    rows, columns : int
        Size of each image in px; its proportions should be those of the frame.

    Returns
    -------
    dict of str to ndarray
        `ORIGINAL` ``(rows, columns)`` or ``(rows, columns, 3)`` uint8; `MASK` (filled, without outline) and
        `HEAT` ``(rows, columns, 3)`` uint8 RGB.
    """
    picture = _resized(to_display(reading.pixels, options.window, options.invert), rows, columns)
    analysis, mask = answered(reading), reading.mask
    images = {ORIGINAL: picture}
    if mask is not None and outlined(reading):
        images[MASK] = overlay.blend(picture, _fill(mask, options, rows, columns))
    if analysis is not None:
        images[HEAT] = overlay.blend(picture, _heat(reading, analysis, options, rows, columns))
    return images


def colour_bar(options: ExportOptions, background: int = 255, segmenter: bool = False) -> Image:
    """Return the colours of heat 0 to 1 as ``(1, 256, 3)`` uint8; hidden heat shows the grey background.

    Parameters
    ----------
    options : ExportOptions
    background : int
        Grey, 0..255.
    segmenter : bool
        Whether the heat is the segmenter's, not a class's.
    """
    name, _, threshold = _style(options, segmenter)
    ramp = overlay.heat_table(colour_maps.table(name), 1.0, threshold)
    return overlay.blend(np.full((1, 256), background, np.uint8), ramp[None])


def heat_of(reading: Reading, analysis: Analysis) -> str:
    """Return the name of the class whose heat is shown, or `SEGMENTER`."""
    return SEGMENTER if reading.heat_index is None else analysis.classes[reading.heat_index]


def _fill(mask: NDArray[np.bool_], options: ExportOptions, rows: int, columns: int) -> Image:
    shown = _resized(mask.astype(np.uint8) * 255, rows, columns) >= 128
    colour = colour_maps.MASK_COLOURS.get(options.mask_colour, colour_maps.MASK_COLOURS["cyan"])
    return overlay.mask_rgba(shown, colour, options.mask_opacity)


def _style(options: ExportOptions, segmenter: bool) -> tuple[str, float, float]:
    """Return colour map, opacity and threshold of heat."""
    if segmenter:
        return options.segmenter_map, options.segmenter_opacity, options.segmenter_threshold
    return options.heat_map, options.heat_opacity, options.heat_threshold


def _heat(reading: Reading, analysis: Analysis, options: ExportOptions, rows: int, columns: int) -> Image:
    index = reading.heat_index
    coarse = analysis.heat.segmenter if index is None else analysis.heat.classes[index]
    across, down = columns / analysis.mask.shape[1], rows / analysis.mask.shape[0]
    x, y, width, height = analysis.heat.placement
    placed = overlay.place(coarse, (x * across, y * down, width * across, height * down), rows, columns)
    name, opacity, threshold = _style(options, segmenter=index is None)
    return overlay.heat_rgba(placed, colour_maps.table(name), opacity, threshold)


def _resized(picture: Image, rows: int, columns: int) -> Image:
    """Shrink by averaging, so that no speckle appears that is not there; enlarge smoothly."""
    import cv2

    if picture.shape[:2] == (rows, columns):
        return picture
    shrinks = rows < picture.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return cv2.resize(picture, (columns, rows), interpolation=method).astype(np.uint8, copy=False)

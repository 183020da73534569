"""Colour on a picture that should be grey: flow, stiffness, tinted grey, or a picture of another kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Box = tuple[int, int, int, int]
    """Left, top, width and height in px."""

COLOURED = 20  # difference of the largest and the smallest channel; JPEG leaves less on grey pictures
STRONG = 60  # the same for red and blue of flow, which is seen against grey from afar
FLOW_LEAST = 0.0002  # share of px; a vessel is hardly smaller
MAP_LEAST, MAP_FULL = 0.05, 0.55  # share of px of one patch of colour, and how much of its box it fills
MOST = 12  # patches of flow that are told apart
_CLOSED = 7  # px: gaps in a patch that are closed


@dataclass(frozen=True)
class Colours:
    """What is coloured.

    Attributes
    ----------
    share : float
        Of the px that have a plain colour, 0..1.
    one_hue : bool
        Whether all of it has one hue: a tinted grey scale.
    flow : float
        Share of the px in the red, orange or blue of flow, in patches rather than lines.
    flow_boxes : tuple of Box
        Around each vessel, the largest first.
    map_box : Box or None
        Around a filled patch of many hues: a map of stiffness.
    marks : float
        Share of the px that are coloured but neither flow nor map: lines, letters, crosses.
    marks_box : Box or None
        Around them.
    """

    share: float = 0.0
    one_hue: bool = False
    flow: float = 0.0
    flow_boxes: tuple[Box, ...] = ()
    map_box: Box | None = None
    marks: float = 0.0
    marks_box: Box | None = None


def colours(picture: NDArray[np.uint8]) -> Colours:
    """Return what is coloured on a picture (rows, columns) or (rows, columns, 3), uint8."""
    import cv2

    if picture.ndim == 2:
        return Colours()
    red, green, blue = (np.asarray(plane, np.uint8) for plane in cv2.split(picture))
    chroma = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    coloured = np.asarray(cv2.threshold(chroma, COLOURED, 1, cv2.THRESH_BINARY)[1], np.uint8)
    share = float(coloured.mean())
    if share == 0.0:
        return Colours()
    whole = _map_box(picture, coloured)
    flow = _flow(red, green, blue) if whole is None else np.zeros_like(coloured)
    flowing = float(flow.mean())
    if flowing < FLOW_LEAST:
        flow, flowing = np.zeros_like(flow), 0.0
    rest = np.asarray(cv2.subtract(coloured, cv2.dilate(flow, np.ones((9, 9), np.uint8))), np.uint8)
    return Colours(
        share=share,
        one_hue=_one_hue(picture, coloured),
        flow=flowing,
        flow_boxes=_vessels(flow),
        map_box=whole,
        marks=float(rest.mean()),
        marks_box=_around(rest),
    )


def _flow(red: NDArray[np.uint8], green: NDArray[np.uint8], blue: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return 1 where there is the red or blue of flow, thicker than lines and letters are."""
    import cv2

    towards = cv2.subtract(red, cv2.max(cv2.addWeighted(green, 0.75, green, 0, 0), blue))
    away = cv2.subtract(blue, cv2.max(red, cv2.addWeighted(green, 0.5, green, 0, 0)))
    strong = cv2.threshold(cv2.max(towards, away), STRONG, 1, cv2.THRESH_BINARY)[1]
    core = cv2.erode(strong, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.min(cv2.dilate(core, np.ones((5, 5), np.uint8)), strong), np.uint8)


def _vessels(flow: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Return the boxes of at most `MOST` patches; those that all but touch are one."""
    import cv2

    near = cv2.dilate(flow, np.ones((9, 9), np.uint8))
    parts = cv2.connectedComponentsWithStats(near, connectivity=8)[2][1:]
    order = np.argsort(-parts[:, 4], kind="stable")[:MOST]
    return tuple((int(x), int(y), int(width), int(height)) for x, y, width, height, _ in parts[order])


def _map_box(picture: NDArray[np.uint8], coloured: NDArray[np.uint8]) -> Box | None:
    """Return the box of the largest patch of colour if it is filled, large and of many hues."""
    import cv2

    step = max(1, max(coloured.shape) // 256)
    small = np.ascontiguousarray(coloured[::step, ::step])
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_CLOSED, _CLOSED), np.uint8))
    parts = cv2.connectedComponentsWithStats(closed, connectivity=4)[2][1:]
    if not len(parts):
        return None
    x, y, width, height, area = (int(value) for value in parts[np.argmax(parts[:, 4])])
    if area < MAP_LEAST * small.size or area < MAP_FULL * width * height:
        return None
    patch = picture[::step, ::step][y : y + height, x : x + width]
    if _hues(patch[small[y : y + height, x : x + width] > 0]) < 3:
        return None
    return x * step, y * step, width * step, height * step


def _hues(pixels: NDArray[np.uint8]) -> int:
    """Return how many of red, yellow, green, cyan, blue and magenta have 4% of the px (n, 3) each."""
    import cv2

    hue = cv2.cvtColor(pixels.reshape(1, -1, 3), cv2.COLOR_RGB2HSV)[0, :, 0].astype(np.int64)
    sixths = np.bincount(((hue + 15) % 180) // 30, minlength=6) / max(1, len(hue))
    return int(np.count_nonzero(sixths >= 0.04))


def _one_hue(picture: NDArray[np.uint8], coloured: NDArray[np.uint8]) -> bool:
    """Return whether the coloured px all have the same hue: the length of their mean direction is near 1."""
    import cv2

    pixels = picture[coloured > 0][::7]
    hue = cv2.cvtColor(pixels.reshape(1, -1, 3), cv2.COLOR_RGB2HSV)[0, :, 0] * (np.pi / 90)
    return bool(np.hypot(np.cos(hue).mean(), np.sin(hue).mean()) >= 0.97)


def _around(marked: NDArray[np.uint8]) -> Box | None:
    import cv2

    x, y, width, height = cv2.boundingRect(marked)
    return (int(x), int(y), int(width), int(height)) if width and height else None

"""Masks and heat maps laid over a picture: the one place where screen, PDF and PNG get their colours from.

Placing a map on the original (`place`), giving it colours (`heat_rgba`, `mask_rgba`) and mixing (`blend`) are
apart, so that a pane can keep the placed map and only look up colours again while a slider moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

FADE = 0.1
"""Heat above the threshold over which opacity rises from nothing to full: the edge is no false contour."""


def place(
    heat: NDArray[np.floating], placement: tuple[float, float, float, float], rows: int, columns: int
) -> NDArray[np.float32]:
    """Lay a coarse map over a picture, at the picture's resolution.

    Parameters
    ----------
    heat : ndarray, shape (h, w), float
        For instance one map of `study.analysis.Heat`.
    placement : tuple of float
        ``(x, y, width, height)`` of the map's outer edges in px of the picture, whose first pixel reaches
        from 0 to 1; it may lie partly outside.
    rows, columns : int
        Size of the picture in px. With a `placement` scaled alike, the size of a reduced picture.

    Returns
    -------
    ndarray, shape (rows, columns), float32
        Bilinear between the centres of the map's cells, level beyond the outermost ones; no value leaves the
        range of `heat`.
    """
    x, y, width, height = placement
    down = _weights(rows, y, height, heat.shape[0])
    across = _weights(columns, x, width, heat.shape[1])
    placed: NDArray[np.float32] = down @ heat.astype(np.float32) @ across.T
    return placed


def share_inside(
    heat: NDArray[np.floating], placement: tuple[float, float, float, float], mask: NDArray[np.bool_]
) -> float:
    """Return how much of a map's heat lies inside a mask, as `place` would lay it over the picture.

    Parameters
    ----------
    heat : ndarray, shape (h, w), float
        0 or more.
    placement : tuple of float
        See `place`.
    mask : ndarray, shape (rows, columns), bool
        On the picture's pixels.

    Returns
    -------
    float
        0..1 of the heat that falls on the picture; 0 for a map without heat.
    """
    return shares_inside(heat[None], placement, mask)[0]


def shares_inside(
    heats: NDArray[np.floating], placement: tuple[float, float, float, float], mask: NDArray[np.bool_]
) -> tuple[float, ...]:
    """Return how much of each of several maps, ``(n, h, w)``, lies inside a mask; see `share_inside`."""
    import cv2

    x, y, width, height = placement
    rows, columns = mask.shape
    down, across = _weights(rows, y, height, heats.shape[1]), _weights(columns, x, width, heats.shape[2])
    left, top, wide, high = cv2.boundingRect(mask.view(np.uint8))
    part = mask[top : top + high, left : left + wide].astype(np.float32)
    # Summing the mask into the maps' cells and weighing those is the same as placing the maps, and cheaper.
    inside = down[top : top + high].T @ part @ across[left : left + wide]
    everywhere = np.outer(down.sum(axis=0), across.sum(axis=0))
    shares = []
    for heat in heats:
        whole = float(np.sum(heat * everywhere))
        shares.append(float(np.sum(heat * inside)) / whole if whole > 0 else 0.0)
    return tuple(shares)


def _weights(pixels: int, start: float, extent: float, cells: int) -> NDArray[np.float32]:
    """Return the (pixels, cells) matrix of linear interpolation along one axis.

    Two small matrix products are exact in float32; OpenCV's warps may round positions to 1/32 of a coarse
    cell, which shows as steps when a cell covers a hundred pixels.
    """
    position = np.clip((np.arange(pixels) + 0.5 - start) * cells / extent - 0.5, 0, cells - 1)
    below = np.minimum(position.astype(np.intp), max(cells - 2, 0))
    above = np.minimum(below + 1, cells - 1)
    share = (position - below).astype(np.float32)
    matrix = np.zeros((pixels, cells), np.float32)
    row = np.arange(pixels)
    matrix[row, below] = 1 - share
    matrix[row, above] += share
    return matrix


def heat_table(
    table: NDArray[np.uint8], opacity: float = 1.0, threshold: float = 0.0, premultiplied: bool = False
) -> NDArray[np.uint8]:
    """Return colour and alpha for heat 0 to 1 in 256 steps: what `heat_rgba` looks up, and the colour bar.

    Parameters
    ----------
    table : ndarray, shape (256, 3), uint8
        A colour map.
    opacity : float
        Of the map, 0..1.
    threshold : float
        Heat below it is invisible, 0..1; opacity reaches its full value `FADE` above it.
    premultiplied : bool
        Whether colours are multiplied by alpha (Qt's ``Format_RGBA8888_Premultiplied``) or straight.

    Returns
    -------
    ndarray, shape (256, 4), uint8
    """
    value = np.linspace(0, 1, 256)
    fade = FADE if threshold > 0 else 0.0
    shown = np.clip((value - threshold) / fade, 0, 1) if fade else np.ones(256)
    alpha = np.clip(opacity, 0, 1) * shown
    colours = table * alpha[:, None] if premultiplied else table
    return np.concatenate([np.rint(colours), np.rint(255 * alpha)[:, None]], axis=1).astype(np.uint8)


def heat_levels(heat: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return heat 0..1 as the nearest of 256 levels; to be kept while only colours or opacity change."""
    return np.rint(np.clip(heat, 0, 1) * np.float32(255)).astype(np.uint8)


def heat_rgba(
    heat: NDArray[Any],
    table: NDArray[np.uint8],
    opacity: float = 1.0,
    threshold: float = 0.0,
    premultiplied: bool = False,
) -> NDArray[np.uint8]:
    """Give a heat map its colours.

    Parameters
    ----------
    heat : ndarray, shape (h, w)
        float in 0..1 (a map that `place` made), or its `heat_levels`.
    table, opacity, threshold, premultiplied
        See `heat_table`.

    Returns
    -------
    ndarray, shape (h, w, 4), uint8
        Red, green, blue, alpha.
    """
    levels = heat if heat.dtype == np.uint8 else heat_levels(heat)
    return _looked_up(levels, heat_table(table, opacity, threshold, premultiplied))


def mask_rgba(
    mask: NDArray[np.bool_], colour: Sequence[int], opacity: float = 1.0, premultiplied: bool = False
) -> NDArray[np.uint8]:
    """Give a mask its fill colour.

    Parameters
    ----------
    mask : ndarray, shape (h, w), bool
    colour : sequence of int
        Red, green, blue, 0..255.
    opacity : float
        Inside the mask, 0..1; outside it is 0.
    premultiplied : bool
        Whether the colour is multiplied by alpha.

    Returns
    -------
    ndarray, shape (h, w, 4), uint8
    """
    alpha = float(np.clip(opacity, 0, 1))
    fill = np.array(colour, np.float64) * (alpha if premultiplied else 1.0)
    table = np.zeros((2, 4), np.uint8)
    table[1, :3], table[1, 3] = np.rint(fill), round(255 * alpha)
    return _looked_up(np.asarray(mask, bool).view(np.uint8), table)


def _looked_up(levels: NDArray[np.uint8], table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return ``table[levels]`` for (n, 4) bytes, four bytes at a time."""
    words = np.ascontiguousarray(table).view(np.uint32)[:, 0]
    found: NDArray[np.uint8] = np.take(words, levels)[..., None].view(np.uint8)
    return found


def blend(picture: NDArray[np.uint8], rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay colours over a picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w) or (h, w, 3), uint8
        Grey or RGB.
    rgba : ndarray, shape (h, w, 4), uint8
        Straight (not premultiplied) colours and alpha.

    Returns
    -------
    ndarray, shape (h, w, 3), uint8
        ``picture + alpha * (colour - picture)``, rounded; where alpha is 0 the picture's own values.
    """
    import cv2

    below = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else np.ascontiguousarray(picture)
    above, alpha = np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3])
    share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB)
    # Sums of products of bytes fit 16 bits: p * (255 - a) + c * a <= 255 * 255.
    mixed = cv2.add(
        cv2.multiply(below, 255 - share, dtype=cv2.CV_16U), cv2.multiply(above, share, dtype=cv2.CV_16U)
    )
    return np.asarray(cv2.convertScaleAbs(mixed, alpha=1 / 255), np.uint8)


def draw_contours(
    picture: NDArray[np.uint8],
    contours: Iterable[Sequence[tuple[float, float]]],
    colour: Sequence[int],
    width: float = 1.0,
    scale: float = 1.0,
    closed: bool = True,
) -> NDArray[np.uint8]:
    """Draw outlines on a picture, smoothed against steps.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3), uint8
        RGB; left as it is.
    contours : iterable of sequences of (x, y)
        In px of the original, pixel centres at whole numbers (`study.analysis.Finding.contour`).
    colour : sequence of int
        Red, green, blue, 0..255.
    width : float
        Of the line in px of `picture`, rounded, at least 1.
    scale : float
        Pixels of `picture` per pixel of the original.
    closed : bool
        Whether the last point is joined to the first.

    Returns
    -------
    ndarray, shape (h, w, 3), uint8
    """
    import cv2

    drawn = np.ascontiguousarray(picture).copy()
    bits = 4  # OpenCV draws at 1/16 px
    for contour in contours:
        points = (np.asarray(contour, np.float64) + 0.5) * scale - 0.5
        fixed = np.rint(points * 2**bits).astype(np.int32).reshape(-1, 1, 2)
        thickness = max(1, round(width))
        cv2.polylines(drawn, [fixed], closed, tuple(map(int, colour)), thickness, cv2.LINE_AA, bits)
    return drawn

"""A field cut into overlapping squares, and the squares' answers put together to a map over the field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELLS = 10
"""Cells of the map along the side of a tile."""

_LEAST = 0.01  # weight of a tile at its own edge: beyond the outermost centres it alone speaks


@dataclass(frozen=True)
class Tiling:
    """Squares of one size that cover a field; the last of a row or column ends with the field.

    Attributes
    ----------
    rows, columns : int
        Of the field, px.
    tile : int
        Side of a square, px. A field that is smaller has one tile, which reaches beyond it.
    overlap : int
        How many px neighbours share.
    """

    rows: int
    columns: int
    tile: int
    overlap: int = 0

    def __post_init__(self) -> None:
        if min(self.rows, self.columns, self.tile) < 1 or not 0 <= self.overlap < self.tile:
            raise ValueError(f"no tiles of {self.tile} px that share {self.overlap} px")

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Upper left corners (n, 2), row and column in px, row by row."""
        tops, lefts = self._starts(self.rows), self._starts(self.columns)
        return np.stack(np.meshgrid(tops, lefts, indexing="ij"), axis=-1).reshape(-1, 2)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the map over the field."""
        rows, columns = (max(1, round(side * CELLS / self.tile)) for side in (self.rows, self.columns))
        return rows, columns

    def _starts(self, length: int) -> NDArray[np.int64]:
        last = max(0, length - self.tile)
        starts = np.arange(0, last, self.tile - self.overlap)
        return np.append(starts, last)

    def cut(self, field: NDArray[np.uint8], place: Sequence[int]) -> NDArray[np.uint8]:
        """Return a tile of a field (rows, columns) or (rows, columns, 3); beyond it, its mirror image."""
        import cv2

        top, left = int(place[0]), int(place[1])
        part = field[top : top + self.tile, left : left + self.tile]
        below, beside = self.tile - part.shape[0], self.tile - part.shape[1]
        if not below and not beside:
            return part
        return np.asarray(cv2.copyMakeBorder(part, 0, below, 0, beside, cv2.BORDER_REFLECT), np.uint8)

    def shares(self, mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return how much of each cell of the map a mask (rows, columns) covers, 0..1."""
        import cv2

        rows, columns = self.grid
        plane = mask.view(np.uint8) * np.uint8(255)
        reduced = np.asarray(cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_AREA))
        return reduced.astype(np.float32) / np.float32(255)


class Map:
    """The mean of what tiles say of each place; a tile counts most at its centre, nothing beyond its edge.

    With tiles that share half their side this is linear interpolation between their centres. Where no tile
    was added the map is 0.
    """

    def __init__(self, tiling: Tiling) -> None:
        self._tiling = tiling
        self._sum = np.zeros(tiling.grid, np.float32)
        self._weight = np.zeros(tiling.grid, np.float32)

    def add(self, places: NDArray[np.int64], values: NDArray[np.floating]) -> None:
        """Add tiles at `places` (n, 2) that say `values` (n,)."""
        tiling = self._tiling
        for (top, left), value in zip(places.tolist(), values.tolist(), strict=True):
            down, rows = self._weights(top, tiling.rows, 0)
            across, columns = self._weights(left, tiling.columns, 1)
            weight = np.outer(down, across)
            self._sum[rows, columns] += weight * np.float32(value)
            self._weight[rows, columns] += weight

    def values(self) -> NDArray[np.float32]:
        """Return the map, shape ``tiling.grid``."""
        known = self._weight > 0
        result: NDArray[np.float32] = np.divide(
            self._sum, self._weight, np.zeros_like(self._sum), where=known
        )
        return result

    def _weights(self, start: int, length: int, axis: int) -> tuple[NDArray[np.float32], slice]:
        """Return the weights along one axis of the cells whose centres lie in a tile, and which those are."""
        cells, tile = self._tiling.grid[axis], self._tiling.tile
        cell = length / cells
        first = max(0, int(np.ceil(start / cell - 0.5)))
        last = min(cells, int(np.ceil((start + tile) / cell - 0.5)))
        centres = (np.arange(first, last) + 0.5) * cell
        near = 1 - np.abs(centres - (start + tile / 2)) / (tile / 2)
        return np.maximum(near, _LEAST).astype(np.float32), slice(first, last)

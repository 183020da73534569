"""How a picture lies on the screen: turned by quarters, mirrored or as stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.language import mark, tr

Matrix = tuple[int, int, int, int]
"""(a, b, c, d): a step (x, y) in the picture is (a x + b y, c x + d y) on the screen; y runs downwards."""

_TURNS: tuple[Matrix, ...] = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))

_SIGNS = {
    (False, 1): mark("Rotated 90° right"),
    (False, 2): mark("Rotated 180°"),
    (False, 3): mark("Rotated 90° left"),
    (True, 0): mark("Flipped left-right"),
    (True, 1): mark("Flipped left-right, rotated 90° right"),
    (True, 2): mark("Flipped top-bottom"),
    (True, 3): mark("Flipped left-right, rotated 90° left"),
}

_OPPOSITE = {"R": "L", "L": "R", "A": "P", "P": "A", "H": "F", "F": "H"}


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways a picture can lie.

    Attributes
    ----------
    quarters : int
        Quarter turns clockwise, 0..3.
    mirrored : bool
        Left and right are swapped before it is turned.
    """

    quarters: int = 0
    mirrored: bool = False

    @property
    def matrix(self) -> Matrix:
        """What becomes of a step in the picture."""
        a, b, c, d = _TURNS[self.quarters % 4]
        return (-a, b, -c, d) if self.mirrored else (a, b, c, d)

    @property
    def swaps(self) -> bool:
        """Whether the picture's rows run down the screen."""
        return self.quarters % 2 == 1

    @property
    def sign(self) -> str:
        """What was done to the picture, in words; empty where nothing was."""
        return tr(_SIGNS.get((self.mirrored, self.quarters % 4), ""))

    def flipped_across(self) -> Orientation:
        """Return the orientation after left and right of the screen were swapped."""
        return Orientation(-self.quarters % 4, not self.mirrored)

    def flipped_down(self) -> Orientation:
        """Return the orientation after top and bottom of the screen were swapped."""
        return Orientation((2 - self.quarters) % 4, not self.mirrored)

    def turned(self, quarters: int) -> Orientation:
        """Return the orientation after quarter turns clockwise."""
        return Orientation((self.quarters + quarters) % 4, self.mirrored)

    def applied(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return an array, ``(rows, columns, ...)``, as it lies on the screen (a view of it)."""
        return np.rot90(values[:, ::-1] if self.mirrored else values, -self.quarters)

    def edges(self, row: str, column: str) -> tuple[str, str, str, str]:
        """Return the patient's directions at the screen's left, top, right and bottom edge.

        Parameters
        ----------
        row, column : str
            Where the rows and the columns of the stored picture lead to, in letters of Patient Orientation
            (PS3.3 C.7.6.1.1.1): ``"A"``, ``"FR"``; empty where it is not known.
        """
        a, b, c, d = self.matrix
        right = row if a > 0 else opposite(row) if a < 0 else column if b > 0 else opposite(column)
        bottom = column if d > 0 else opposite(column) if d < 0 else row if c > 0 else opposite(row)
        return opposite(right), opposite(bottom), right, bottom


UPRIGHT = Orientation()
"""As stored."""


def opposite(direction: str) -> str:
    """Return the opposite direction, letter by letter; empty for letters that mean nothing here."""
    known = direction and all(letter in _OPPOSITE for letter in direction)
    return "".join(_OPPOSITE[letter] for letter in direction) if known else ""

"""The field of view and the random textures that everything in a phantom is drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

Map = NDArray[np.float32]
"""A quantity over the field of view: `(rows, columns)`, depth downwards."""


@dataclass(frozen=True)
class Field:
    """A rectangle of tissue under a linear transducer.

    Attributes
    ----------
    rows, columns : int
        Size in px.
    spacing : float
        mm per px, the same both ways.
    """

    rows: int
    columns: int
    spacing: float

    @cached_property
    def depth(self) -> Map:
        """Depth below the transducer in mm."""
        return np.repeat(np.arange(self.rows, dtype=np.float32)[:, None] * self.spacing, self.columns, axis=1)

    @cached_property
    def lateral(self) -> Map:
        """Position along the transducer in mm, 0 in the middle."""
        along = (np.arange(self.columns, dtype=np.float32) - (self.columns - 1) / 2) * self.spacing
        return np.repeat(along[None, :], self.rows, axis=0)

    @property
    def height(self) -> float:
        """Depth of the deepest row in mm."""
        return self.rows * self.spacing

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.columns * self.spacing


class Texture:
    """Smooth random maps over a field; the same seed gives the same maps in the same order.

    Parameters
    ----------
    field : Field
        Where.
    seed : int
        What is drawn.
    """

    def __init__(self, field: Field, seed: int) -> None:
        self.field = field
        self.random = np.random.default_rng(seed)

    def smooth(self, axial: float, lateral: float) -> Map:
        """Return Gaussian noise of unit variance with correlation lengths in mm (the kernel's sigmas)."""
        field = self.field
        margin_z, margin_x = (int(3 * length / field.spacing) + 1 for length in (axial, lateral))
        white = self.random.standard_normal(
            (field.rows + 2 * margin_z, field.columns + 2 * margin_x), np.float32
        )
        blurred = cv2.GaussianBlur(
            white, (0, 0), sigmaX=lateral / field.spacing, sigmaY=axial / field.spacing
        )
        cut = blurred[margin_z : margin_z + field.rows, margin_x : margin_x + field.columns]
        return np.asarray((cut - cut.mean()) / max(float(cut.std()), 1e-6), np.float32)

    def layered(self, axial: float, lateral: float, octaves: int = 3) -> Map:
        """Return fractal noise of unit variance: each octave half the length and 0.6 times the height."""
        total = sum(0.6**k * self.smooth(axial / 2**k, lateral / 2**k) for k in range(octaves))
        return np.asarray(total / np.std(total), np.float32)

    def profile(self, mean: float, swing: float, length: float) -> Map:
        """Return a boundary's depth in mm, `(1, columns)`: around `mean`, bending over `length` mm."""
        field = self.field
        margin = int(3 * length / field.spacing) + 1
        white = self.random.standard_normal((1, field.columns + 2 * margin), np.float32)
        curve = cv2.GaussianBlur(white, (0, 0), sigmaX=length / field.spacing, sigmaY=0.01)[:, margin:-margin]
        return np.asarray(
            mean + swing * (curve - curve.mean()) / max(float(np.abs(curve).max()), 1e-6), np.float32
        )


def ridge(noise: Map, sharpness: float) -> Map:
    """Return thin lines (0..1) where a smooth noise crosses zero."""
    return np.exp(-np.square(noise * sharpness))


def step(distance: Map, softness: float) -> Map:
    """Return 0..1 going up where `distance` (mm) passes zero, over `softness` mm."""
    return np.asarray(0.5 * (1 + np.tanh(distance / softness)), np.float32)

"""Random changes that a lesion survives: geometry, gain, speckle, blur, cropped borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Augmentation:
    """Ranges of the random changes; each is drawn uniformly and applied independently of the others.

    Attributes
    ----------
    rotation : float
        Degrees to either side.
    scale : tuple[float, float]
        Enlargement, drawn on a logarithmic scale.
    shift : float
        Share of the side, to either side along both axes.
    shear : float
        Tangent of the shear angle to either side.
    gamma : float
        Natural logarithm of the exponent, to either side.
    gain, offset : float
        Relative contrast and additive brightness (share of full scale), to either side.
    speckle : float
        Largest standard deviation of the multiplicative noise.
    blur : float
        Largest standard deviation of the Gaussian blur, px.
    border : float
        Largest share of each side blacked out, where captions and scales are burned in.
    probability : float
        With which each of speckle, blur and border is applied.
    """

    rotation: float = 12.0
    scale: tuple[float, float] = (0.85, 1.3)
    shift: float = 0.08
    shear: float = 0.08
    gamma: float = 0.4
    gain: float = 0.25
    offset: float = 0.08
    speckle: float = 0.15
    blur: float = 1.2
    border: float = 0.12
    probability: float = 0.3

    def __call__(
        self, picture: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Change picture and mask, both (S, S) uint8, by one geometry; grey values of the picture only."""
        matrix = self.geometry(picture.shape[0], rng)
        picture, mask = warp(picture, matrix), warp(mask, matrix)
        if rng.random() < self.probability:
            picture = black_border(picture, rng.uniform(0, self.border, 4))
        if rng.random() < self.probability:
            picture = blurred(picture, float(rng.uniform(0.2, self.blur)))
        if rng.random() < self.probability:
            picture = speckled(picture, float(rng.uniform(0, self.speckle)), rng)
        return self.toned(picture, rng), mask

    def geometry(self, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw a 2×3 matrix about the centre of a square: flip, rotation, scale, shear, shift."""
        angle = np.deg2rad(rng.uniform(-self.rotation, self.rotation))
        zoom = np.exp(rng.uniform(*np.log(self.scale)))
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shear = np.array([[1.0, rng.uniform(-self.shear, self.shear)], [0.0, 1.0]])
        # Left and right may be exchanged, above and below may not: sound travels downwards.
        flip = np.diag([-1.0 if rng.random() < 0.5 else 1.0, 1.0])
        linear = zoom * rotation @ shear @ flip
        centre = np.full(2, (size - 1) / 2)
        move = rng.uniform(-self.shift, self.shift, 2) * size
        return np.hstack([linear, (centre + move - linear @ centre)[:, None]])

    def toned(self, picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
        """Draw gamma, gain and offset as one table; black stays black, as padding does."""
        exponent = np.exp(rng.uniform(-self.gamma, self.gamma))
        levels = (np.arange(256) / 255.0) ** exponent
        levels = levels * (1 + rng.uniform(-self.gain, self.gain)) + rng.uniform(-self.offset, self.offset)
        table = np.clip(levels * 255, 0, 255).astype(np.uint8)
        table[0] = 0
        return table[picture]


def warp(plane: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Apply a 2×3 matrix to a plane (S, S) uint8; what comes from outside is 0."""
    import cv2

    size = (plane.shape[1], plane.shape[0])
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def black_border(picture: NDArray[np.uint8], shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Black out the given shares (top, bottom, left, right) of the side."""
    height, width = picture.shape
    top, bottom = int(shares[0] * height), int(shares[1] * height)
    left, right = int(shares[2] * width), int(shares[3] * width)
    result = np.zeros_like(picture)
    inside = np.s_[top : height - bottom, left : width - right]
    result[inside] = picture[inside]
    return result


def blurred(picture: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    """Gaussian blur of `sigma` px."""
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)


def speckled(picture: NDArray[np.uint8], deviation: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Multiplicative noise of the given standard deviation, with a grain of about two pixels."""
    import cv2

    height, width = picture.shape
    grain = rng.standard_normal((height // 2 + 1, width // 2 + 1), dtype=np.float32)
    noise = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(picture * (1 + deviation * noise), 0, 255).astype(np.uint8)

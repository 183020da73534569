"""Random changes that a lesion survives: geometry, gain, speckle, blur, cropped borders, stain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.training import stain

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    local_contrast : float
        Largest clip limit of adaptive histogram equalisation, as other scanners' post-processing; 0: never.
    turned : bool
        Whether any quarter turn and any mirror is as likely: tissue on a slide has no up.
    stain : float
        How far haematoxylin and eosin of a coloured picture are strengthened or weakened (`stain.jittered`).
    mirrored_edge : bool
        Whether what comes from outside the picture is its mirror image instead of black.
    flipped : bool
        Whether left and right may be exchanged.
    marks : bool
        Whether calipers, dotted lines and captions are painted now and then, as sonographers leave them.
    probability : float
        With which each of speckle, blur, border, local contrast and marks is applied.
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
    local_contrast: float = 0.0
    marks: bool = False
    turned: bool = False
    stain: float = 0.0
    mirrored_edge: bool = False
    flipped: bool = True
    probability: float = 0.3

    def __call__(
        self, picture: NDArray[np.uint8], mask: NDArray[np.uint8], rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Change picture and mask, both (S, S) uint8, by one geometry; grey values of the picture only.

        A picture may be in colour (S, S, 3).
        """
        matrix = self.geometry(picture.shape[0], rng)
        picture, mask = (warp(plane, matrix, self.mirrored_edge) for plane in (picture, mask))
        if self.turned:
            picture, mask = quarter_turned((picture, mask), int(rng.integers(4)))
        if self.stain and picture.ndim == 3:
            picture = stain.jittered(picture, self.stain, rng)
        if rng.random() < self.probability:
            picture = black_border(picture, rng.uniform(0, self.border, 4))
        if rng.random() < self.probability:
            picture = blurred(picture, float(rng.uniform(0.2, self.blur)))
        if rng.random() < self.probability:
            picture = speckled(picture, float(rng.uniform(0, self.speckle)), rng)
        if self.local_contrast and rng.random() < self.probability:
            picture = equalised(picture, float(rng.uniform(0.5, self.local_contrast)))
        picture = self.toned(picture, rng)
        if self.marks and rng.random() < self.probability:
            picture = marked(picture, rng)
        return picture, mask

    def geometry(self, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw a 2×3 matrix about the centre of a square: flip, rotation, scale, shear, shift."""
        angle = np.deg2rad(rng.uniform(-self.rotation, self.rotation))
        zoom = np.exp(rng.uniform(*np.log(self.scale)))
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        shear = np.array([[1.0, rng.uniform(-self.shear, self.shear)], [0.0, 1.0]])
        # Of an ultrasound left and right may be exchanged, above and below may not: sound travels downwards.
        flip = np.diag([-1.0 if rng.random() < 0.5 and self.flipped else 1.0, 1.0])
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


def warp(
    plane: NDArray[np.uint8], matrix: NDArray[np.float64], mirrored_edge: bool = False
) -> NDArray[np.uint8]:
    """Apply a 2×3 matrix to a plane (S, S) or (S, S, 3) uint8; outside is 0, or the plane's mirror image."""
    import cv2

    size = (plane.shape[1], plane.shape[0])
    edge = cv2.BORDER_REFLECT_101 if mirrored_edge else cv2.BORDER_CONSTANT
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=cv2.INTER_LINEAR, borderMode=edge), np.uint8)


def quarter_turned(planes: Sequence[NDArray[np.uint8]], turns: int) -> list[NDArray[np.uint8]]:
    """Return planes turned by the same number of quarters."""
    return [np.ascontiguousarray(np.rot90(plane, turns)) for plane in planes]


def black_border(picture: NDArray[np.uint8], shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Black out the given shares (top, bottom, left, right) of the side."""
    height, width = picture.shape[:2]
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


def equalised(picture: NDArray[np.uint8], limit: float) -> NDArray[np.uint8]:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld 1994); black padding stays black."""
    import cv2

    result = np.asarray(cv2.createCLAHE(limit, (4, 4)).apply(picture), np.uint8)
    result[picture == 0] = 0
    return result


def marked(picture: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Paint one to three pairs of calipers with dotted lines between them, and a caption near a border."""
    import cv2

    result = picture.copy()
    size = picture.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        (x0, y0), (x1, y1) = rng.integers(size // 10, size - size // 10, (2, 2)).tolist()
        grey = int(rng.integers(150, 256))
        kind = cv2.MARKER_CROSS if rng.random() < 0.6 else cv2.MARKER_TILTED_CROSS
        arm = int(rng.integers(5, 10))
        for place in ((x0, y0), (x1, y1)):
            cv2.drawMarker(result, place, grey, kind, arm, 1)
        steps = max(2, int(np.hypot(x1 - x0, y1 - y0) // 5))
        line = np.linspace((x0, y0), (x1, y1), steps).round().astype(int)
        if rng.random() < 0.7:
            result[line[:, 1], line[:, 0]] = grey
    if rng.random() < 0.5:
        words = "".join(rng.choice(list("ABDLRT 0123456789.cm"), int(rng.integers(4, 14))))
        at = (int(rng.integers(0, size // 2)), int(rng.choice([size // 14, size - 4])))
        cv2.putText(result, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.35, int(rng.integers(150, 256)), 1)
    return result


def speckled(picture: NDArray[np.uint8], deviation: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Multiplicative noise of the given standard deviation, with a grain of about two pixels."""
    import cv2

    height, width = picture.shape[:2]
    grain = rng.standard_normal((height // 2 + 1, width // 2 + 1), dtype=np.float32)
    noise = cv2.resize(grain, (width, height), interpolation=cv2.INTER_LINEAR)
    factor = (1 + deviation * noise).reshape(height, width, *(1,) * (picture.ndim - 2))
    return np.clip(picture * factor, 0, 255).astype(np.uint8)

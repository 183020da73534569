"""The input gate: what is plainly no picture for the model gets no score, what is doubtful gets a warning.

Simple rules on a reduced picture, a few milliseconds; their limits were set on the pictures of
``docs/input-gate.md``, where their rates are told. The gate cannot tell a breast from another organ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.study.analysis import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.instance import Instance

LEAST_SIDE = 64  # px
LEAST_CONTRAST = 12  # between the first and the 99th percentile, grey levels of 0..255
COLOUR_MENTIONED, COLOUR_REFUSED = 0.002, 0.25  # share of pixels
_COLOURED = 20  # difference of the largest and the smallest channel; JPEG leaves less on grey pictures
SMOOTH, BLACK_SIDE = 0.02, 0.5  # film, see `_by_background`
BLACK_SIDE_MENTIONED, BLACK_MENTIONED = 0.65, 0.17

_REDUCED = 256  # px along the longer side
_UNSPECIFIC = frozenset({"", "OT", "SC"})
_ACCEPTED = {"US": frozenset({"US"}), "MG": frozenset({"MG", "CR", "DX", "RG"})}
_WORDS = {"US": "ultrasound", "MG": "mammograms"}


@dataclass(frozen=True)
class Look:
    """What the rules measure.

    Attributes
    ----------
    coloured : float
        Share of pixels with a plain colour, 0..1.
    contrast : float
        Between the first and the 99th percentile of luminance, 0..255.
    black : float
        Share of pixels that are all but black.
    black_side : float
        The same within the outer tenth at the left or the right, whichever is blacker.
    grain : float
        Median difference from the mean of 3×3 pixels, relative to it: speckle is coarse, film is smooth.
    """

    coloured: float
    contrast: float
    black: float
    black_side: float
    grain: float


def look(picture: NDArray[np.uint8]) -> Look:
    """Measure a picture (rows, columns) or (rows, columns, 3), uint8, on about 256 px."""
    import cv2

    step = max(1, max(picture.shape[:2]) // _REDUCED)
    small = np.ascontiguousarray(picture[::step, ::step])
    coloured = 0.0
    if small.ndim == 3:
        coloured = float(np.mean(small.max(axis=2) - small.min(axis=2) > _COLOURED))
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    low, high = np.percentile(small, (1, 99))
    side = max(1, small.shape[1] // 10)
    black_side = max(float(np.mean(edge < 16)) for edge in (small[:, :side], small[:, -side:]))
    return Look(coloured, float(high - low), float(np.mean(small <= 8)), black_side, _grain(small))


def _grain(grey: NDArray[np.uint8]) -> float:
    import cv2

    rows, columns = grey.shape[0] // 8, grey.shape[1] // 8
    inner = grey[rows : grey.shape[0] - rows, columns : grey.shape[1] - columns].astype(np.float32)
    mean = cv2.blur(inner, (3, 3))
    tissue = mean > 15
    if np.count_nonzero(tissue) < 50:
        return 0.0
    return float(np.median(np.abs(inner - mean)[tissue] / mean[tissue]))


def inspect(instance: Instance, picture: NDArray[np.uint8], modality: str = "US") -> tuple[Flag, ...]:
    """Judge whether a picture is one the model can be asked about.

    Parameters
    ----------
    instance : Instance
        For the modality its header states.
    picture : ndarray, shape (rows, columns) or (rows, columns, 3), uint8
        As displayed.
    modality : str
        DICOM modality of the model's pictures; what it looks like is judged for ``"US"`` only.

    Returns
    -------
    tuple of Flag
        Those that refuse first; mostly empty.
    """
    flags = [*_by_header(instance, modality), *_by_size(picture)]
    if min(picture.shape[:2]) >= LEAST_SIDE:
        seen = look(picture)
        flags += _by_contrast(seen)
        if modality == "US" and seen.contrast >= LEAST_CONTRAST:
            flags += [*_by_colour(seen), *_by_background(seen, instance.modality == modality)]
    return tuple(sorted(flags, key=lambda flag: not flag.refuses))


def _by_header(instance: Instance, modality: str) -> list[Flag]:
    if instance.modality in _UNSPECIFIC | _ACCEPTED.get(modality, frozenset({modality})):
        return []
    wanted = _WORDS.get(modality, modality)
    text = f"The file says {instance.modality}; this model reads {wanted} only."
    return [Flag(f"not-{wanted}", text, refuses=True)]


def _by_size(picture: NDArray[np.uint8]) -> list[Flag]:
    rows, columns = picture.shape[:2]
    if min(rows, columns) >= LEAST_SIDE:
        return []
    text = f"{columns} × {rows} px are too few; {LEAST_SIDE} px a side are needed."
    return [Flag("too-small", text, refuses=True)]


def _by_contrast(seen: Look) -> list[Flag]:
    if seen.contrast >= LEAST_CONTRAST:
        return []
    return [Flag("blank", "The picture is all but blank.", refuses=True)]


def _by_colour(seen: Look) -> list[Flag]:
    if seen.coloured < COLOUR_MENTIONED:
        return []
    share = f"{seen.coloured:.0%}" if seen.coloured >= 0.01 else "Less than 1%"
    if seen.coloured < COLOUR_REFUSED:
        return [
            Flag(
                "colour",
                f"{share} of the picture is coloured (Doppler, calipers?); the model was made for grey.",
            )
        ]
    text = f"{share} of the picture is coloured: no B-mode ultrasound (elastography, photograph, stain?)."
    return [Flag("colour", text, refuses=True)]


def _by_background(seen: Look, stated: bool) -> list[Flag]:
    """Judge the black air beside a breast on X-ray film; ultrasound fills its frame, with coarse speckle.

    A header that states ultrasound is believed: whole screens with wide black borders are common there.
    """
    if not stated and seen.grain < SMOOTH and seen.black_side >= BLACK_SIDE:
        return [Flag("not-ultrasound", "It looks like an X-ray picture, not like ultrasound.", refuses=True)]
    if seen.black_side >= BLACK_SIDE_MENTIONED and seen.black >= BLACK_MENTIONED:
        return [
            Flag(
                "black-side",
                "One side of the picture is black: borders weaken the reading; is it breast ultrasound?",
            )
        ]
    return []

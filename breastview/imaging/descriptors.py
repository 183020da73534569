"""Words for a lesion on ultrasound, suggested from its mask and the pixels, each with its numbers.

The measures follow published ones; where a paper gives no level that holds for any scanner, the level is our
own (see docs/descriptors.md for what they give on public pictures). A suggestion is no reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging import descriptors_grey as grey_levels
from breastview.imaging import descriptors_outline as outline
from breastview.imaging.contours import Component, components
from breastview.imaging.mask_editing import Box
from breastview.language import mark, tr

if TYPE_CHECKING:
    from numpy.typing import NDArray


CHANG = "Chang et al., Breast Cancer Res Treat 2005"
STAVROS = "Stavros et al., Radiology 1995"
HORSCH = "Horsch et al., Med Phys 2002"

LEAST_PX = 100
"""Area of a lesion in px below which its outline is a matter of pixels."""

LARGEST_PX = 40_000
"""Area of a lesion in px from which a reduced picture is measured."""

SOLID, ELLIPTIC, ROUND = 0.90, 0.92, 0.85
SHARP, CALM = 0.50, 0.95
ANECHOIC, HYPOECHOIC, HYPERECHOIC, UNEVEN = 0.25, 0.85, 1.15, 0.30
ENHANCED, SHADOWED = 1.20, 0.80


@dataclass(frozen=True)
class Suggestion:
    """One word for one descriptor.

    Attributes
    ----------
    key, word : str
        Of `study.descriptors.ULTRASOUND`.
    numbers : tuple of (str, float)
        What was measured, by name (to be translated).
    rule : str
        What the word follows from (to be translated).
    source : str
        Where the measure comes from.
    """

    key: str
    word: str
    numbers: tuple[tuple[str, float], ...]
    rule: str
    source: str

    @property
    def measured(self) -> str:
        """The numbers in words."""
        return ", ".join(f"{tr(name)} {value:.2f}" for name, value in self.numbers)


def suggestions(grey: NDArray[np.uint8], part: Component, aspect: float = 1.0) -> tuple[Suggestion, ...]:
    """Describe one lesion.

    Parameters
    ----------
    grey : ndarray, shape (rows, columns), uint8
        The picture as displayed by default, the skin above.
    part : Component
        The lesion.
    aspect : float
        Height of a px over its width.

    Returns
    -------
    tuple of Suggestion
        At most one a descriptor, in the order of the vocabulary; none for what cannot be told (nothing
        behind the lesion, a lesion of a few px).
    """
    if part.area < LEAST_PX:
        return ()
    grey, part = _reduced(grey, part)
    measured = outline.measure(part, aspect)
    around = grey_levels.measure(grey, part)
    found = (
        shape(measured), orientation(measured), margin(measured, around), echo(around), posterior(around),
    )  # fmt: skip
    return tuple(one for one in found if one is not None)


def _reduced(grey: NDArray[np.uint8], part: Component) -> tuple[NDArray[np.uint8], Component]:
    """Return picture and lesion at the resolution of a usual one: all measures are ratios."""
    import cv2

    by = float(np.sqrt(part.area / LARGEST_PX))
    if by <= 1:
        return grey, part
    rows, columns = part.mask.shape
    # What lies around and behind is at most as large as the lesion.
    reach = round(1.2 * max(rows, columns))
    near = Box(part.x, part.y, part.x + columns, part.y + rows).grown(reach, grey.shape)
    size = (max(1, round((near.x1 - near.x0) / by)), max(1, round((near.y1 - near.y0) / by)))
    mask = np.zeros((near.y1 - near.y0, near.x1 - near.x0), np.uint8)
    mask[part.y - near.y0 :, part.x - near.x0 :][:rows, :columns] = part.mask
    small = cv2.resize(mask * np.uint8(255), size, interpolation=cv2.INTER_AREA) >= 128
    picture = cv2.resize(grey[near.slices], size, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8), components(small)[0]


def shape(measured: outline.Measured) -> Suggestion:
    """Return oval, round or irregular."""
    regular = measured.solidity >= SOLID and measured.ellipse >= ELLIPTIC
    word = "irregular" if not regular else "round" if measured.axis_ratio >= ROUND else "oval"
    return Suggestion(
        "shape", word,
        ((mark("solidity"), measured.solidity), (mark("overlap with an ellipse"), measured.ellipse),
         (mark("short/long axis"), measured.axis_ratio)),
        mark("Irregular: solidity below 0.90 or overlap below 0.92; else round from an axis ratio of 0.85"),
        CHANG,
    )  # fmt: skip


def orientation(measured: outline.Measured) -> Suggestion:
    """Return parallel or not parallel to the skin."""
    parallel = measured.depth_width < 1 and measured.angle <= 45
    return Suggestion(
        "orientation", "parallel" if parallel else "not parallel",
        ((mark("depth/width"), measured.depth_width), (mark("degrees to the skin"), measured.angle)),
        mark("Parallel: less deep than wide and the long axis within 45° of the skin"),
        STAVROS,
    )  # fmt: skip


def margin(measured: outline.Measured, around: grey_levels.Measured) -> Suggestion | None:
    """Return circumscribed, or what speaks against it."""
    if around.radial_gradient is None:
        return None
    sharp, calm = around.radial_gradient >= SHARP, measured.convexity >= CALM
    return Suggestion(
        "margin", "circumscribed" if sharp and calm else "microlobulated" if sharp else "indistinct",
        ((mark("radial gradient"), around.radial_gradient),
         (mark("convexity"), measured.convexity)),
        mark("Circumscribed: gradient from 0.50 and convexity from 0.95; else what falls short"),
        HORSCH,
    )  # fmt: skip


def echo(around: grey_levels.Measured) -> Suggestion | None:
    """Return how bright the lesion is against the ring around it."""
    if around.echo is None or around.unevenness is None:
        return None
    level = around.echo
    if level <= ANECHOIC and around.unevenness < UNEVEN / 2:
        word = "anechoic"
    elif around.unevenness >= UNEVEN:
        word = "heterogeneous"
    elif level < HYPOECHOIC:
        word = "hypoechoic"
    else:
        word = "hyperechoic" if level > HYPERECHOIC else "isoechoic"
    return Suggestion(
        "echo pattern", word,
        ((mark("grey inside/around"), level), (mark("unevenness inside"), around.unevenness)),
        mark("Heterogeneous from an unevenness of 0.30; else the grey: to 0.25, below 0.85, to 1.15, above"),
        mark("our own levels; the ring stands for fat"),
    )  # fmt: skip


def posterior(around: grey_levels.Measured) -> Suggestion | None:
    """Return what happens behind the lesion."""
    if around.behind is None:
        return None
    halves = around.behind_halves
    word = "none"
    if around.behind >= ENHANCED:
        word = "enhancement"
    elif around.behind <= SHADOWED:
        word = "shadowing"
    if max(halves) >= ENHANCED and min(halves) <= SHADOWED:
        word = "combined"
    return Suggestion(
        "posterior features", word, ((mark("grey behind/beside"), around.behind),),
        mark("Enhancement from 1.20, shadowing to 0.80, against tissue beside it at the same depth"),
        HORSCH,
    )  # fmt: skip

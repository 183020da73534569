"""Which phantoms the demo study holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from field import Field
from lesion import Kind, Lesion, place
from machine import Machine, Noise, looks_of, picture, scatterers
from tissue import Breast, Tissue, breast

Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]

FIELD = Field(rows=500, columns=520, spacing=0.076)


@dataclass(frozen=True)
class Case:
    """One phantom.

    Attributes
    ----------
    name : str
        File name without its suffix.
    label : str
        Folder: ``"benign"``, ``"malignant"`` or ``"normal"``.
    seed : int
        Draws the tissue, the lesion's outline and the speckle.
    """

    name: str
    label: str
    seed: int
    lesion: Lesion | None = None
    build: Breast = field(default=Breast())
    machine: Machine = field(default=Machine())


PICTURES = (
    Case("cyst (1)", "benign", 12, Lesion(Kind.CYST, 14.0, 1.0, 9.0, 13.0, 4.0)),
    Case("cyst (2)", "benign", 23, Lesion(Kind.CYST, 17.5, -5.0, 6.5, 7.0), Breast(7.0, 26.0, 30.0, 0.9)),
    Case("fibroadenoma (1)", "benign", 3, Lesion(Kind.FIBROADENOMA, 15.0, -2.0, 9.0, 16.0, -6.0)),
    Case(
        "fibroadenoma (2)",
        "benign",
        41,
        Lesion(Kind.FIBROADENOMA, 13.0, 4.0, 6.0, 11.5, 5.0),
        Breast(6.5, 21.0, 26.0, 0.45),
        Machine(gain=8.0),
    ),
    Case("spiculated (1)", "malignant", 4, Lesion(Kind.SPICULATED, 14.0, 1.0, 13.0, 10.0)),
    Case(
        "spiculated (2)",
        "malignant",
        57,
        Lesion(Kind.SPICULATED, 13.0, -4.0, 9.5, 8.0, 12.0),
        Breast(6.0, 23.0, 28.0, 0.5),
        Machine(gain=7.0),
    ),
    Case(
        "spiculated (3)",
        "malignant",
        64,
        Lesion(Kind.SPICULATED, 17.0, 5.0, 15.0, 13.0, -15.0),
        Breast(9.0, 28.0, 32.0, 0.85),
    ),
    Case("tissue (1)", "normal", 1),
    Case("tissue (2)", "normal", 72, None, Breast(12.0, 20.0, 27.0, 0.2), Machine(gain=3.0)),
    Case("tissue (3)", "normal", 83, None, Breast(5.0, 29.0, 33.0, 0.95), Machine(gain=8.0)),
)
"""The loose pictures."""


def tissue_of(case: Case, view: Field, lesion: Lesion | None) -> tuple[Tissue, Mask]:
    """Return the acoustic maps of a case with `lesion` in it, and the lesion's mask."""
    tissue = breast(view, case.build, case.seed)
    if lesion is None:
        return tissue, np.zeros((view.rows, view.columns), np.bool_)
    return place(tissue, lesion, view, case.seed + 1)


def still(case: Case, view: Field = FIELD) -> tuple[Picture, Mask]:
    """Return a picture `(rows, columns)` uint8 and its lesion mask `(rows, columns)` bool."""
    random = np.random.default_rng(case.seed)
    tissue, mask = tissue_of(case, view, case.lesion)
    return picture(tissue, view, case.machine, looks_of(view, case.machine, random), random), mask


def _moved(tissue: Tissue, millimetres: float, view: Field) -> Tissue:
    """Return the tissue as a neighbouring plane shows it: the same layers, gently bent."""
    bend = (
        0.3
        * millimetres
        * np.sin(view.lateral / 9.0 + view.depth / 14.0)
        * np.clip((view.depth - 2) / 8, 0, 1)
    )
    rows = ((view.depth + bend) / view.spacing).astype(np.float32)
    columns = ((view.lateral + 0.6 * bend) / view.spacing + (view.columns - 1) / 2).astype(np.float32)
    maps = (tissue.echo, tissue.attenuation, tissue.mirror)
    return Tissue(
        *(cv2.remap(m, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) for m in maps)
    )


def cine(case: Case, frames: int, reach: float, view: Field = FIELD) -> tuple[Picture, Mask]:
    """Return a sweep over a lesion from one edge to the other.

    Parameters
    ----------
    case : Case
        A case with a lesion.
    frames : int
        Number of frames.
    reach : float
        How far the first and the last plane lie from the lesion's centre, in mm.
    view : Field
        Field of view.

    Returns
    -------
    ndarray, ndarray
        Pictures `(frames, rows, columns)` uint8 and masks of the same shape, bool.
    """
    assert case.lesion is not None
    random = np.random.default_rng(case.seed)
    plain = breast(view, case.build, case.seed)
    looks = len(case.machine.angles)
    # The slice is some 1.5 planes thick: neighbouring frames share half of their scatterers.
    planes: list[list[Noise]] = [[scatterers(view, random) for _ in range(looks)] for _ in range(frames + 1)]
    pictures, masks = [], []
    for k, offset in enumerate(np.linspace(-reach, reach, frames)):
        tissue, section = _moved(plain, float(offset), view), case.lesion.section(float(offset))
        mask = np.zeros((view.rows, view.columns), np.bool_)
        if section is not None:
            tissue, mask = place(tissue, section, view, case.seed + 1)
        noise = [(a + b) / np.sqrt(2) for a, b in zip(planes[k], planes[k + 1], strict=True)]
        pictures.append(picture(tissue, view, case.machine, noise, random))
        masks.append(mask)
    return np.stack(pictures), np.stack(masks)


def second_view(case: Case) -> Case:
    """Return the same lesion in the plane at right angles: other tissue, a slightly other size."""
    assert case.lesion is not None
    turned = replace(
        case.lesion, wide=case.lesion.wide * 0.88, tilt=-case.lesion.tilt, lateral=-case.lesion.lateral
    )
    return replace(case, seed=case.seed + 500, lesion=turned)

"""Make the demo study under ``resources/demo`` (``make demo``): the same seeds give the same pictures."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np

from cases import PICTURES, Case, cine, second_view, still
from field import Field
from files import Slide, write_dicom, write_png
from lesion import Kind, Lesion
from machine import Machine
from tissue import Breast

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
SCREEN = Field(rows=480, columns=480, spacing=0.08)
SWEEP = Field(rows=400, columns=420, spacing=0.095)

CYST = Case(
    "cyst", "benign", 131, Lesion(Kind.CYST, 16.0, 3.0, 8.0, 12.0, -5.0), Breast(7.5, 25.0, 30.0, 0.8)
)
OVAL = Case(
    "fibroadenoma",
    "benign",
    142,
    Lesion(Kind.FIBROADENOMA, 15.0, -3.0, 7.5, 14.0, 4.0),
    Breast(8.0, 24.0, 29.0, 0.7),
)
STAR = Case(
    "spiculated",
    "malignant",
    155,
    Lesion(Kind.SPICULATED, 14.5, 2.0, 12.0, 9.5, 8.0),
    Breast(7.0, 25.0, 30.0, 0.6),
)
PLAIN = Case("tissue", "normal", 166, None, Breast(9.0, 26.0, 30.0, 0.6), Machine(gain=6.0))
MOVING = Case(
    "cine",
    "benign",
    177,
    Lesion(Kind.FIBROADENOMA, 15.0, 0.0, 8.0, 13.0, -3.0),
    Breast(7.0, 25.0, 30.0, 0.75),
)


def pictures(folder: Path) -> None:
    """Write the loose pictures, one folder a class, each with its ``_mask.png`` as BUSI has them."""
    for case in PICTURES:
        grey, mask = still(case)
        write_png(folder / case.label / f"{case.name}.png", grey)
        write_png(folder / case.label / f"{case.name}_mask.png", mask.astype(np.uint8) * 255)


def study(folder: Path) -> None:
    """Write the DICOM study: grey, colour and cine, raw and compressed, all with a calibrated region."""
    stills = (
        (CYST, Slide(1, 1, "Cyst", "R")),
        (OVAL, Slide(2, 2, "Fibroadenoma-like, colour screen", "R", colour=True, squeeze="rle")),
        (STAR, Slide(3, 3, "Spiculated, radial and antiradial", "L", squeeze="rle")),
        (second_view(STAR), Slide(4, 3, "Spiculated, radial and antiradial", "L", squeeze="rle")),
        (PLAIN, Slide(5, 4, "Plain tissue", "L", squeeze="rle")),
    )
    for case, slide in stills:
        grey, _ = still(case, SCREEN)
        write_dicom(folder / f"US{slide.number:04d}.dcm", grey[None], SCREEN, slide)
    frames, _ = cine(MOVING, frames=12, reach=6.0, view=SWEEP)
    write_dicom(
        folder / "US0006.dcm", frames, SWEEP, Slide(6, 5, "Fibroadenoma-like, sweep", "R", squeeze="jpeg")
    )


def main(arguments: list[str]) -> None:
    """Make the study anew under the folder given, or under ``resources/demo``."""
    folder = Path(arguments[0]) if arguments else DEMO
    for made in ("pictures", "dicom"):
        shutil.rmtree(folder / made, ignore_errors=True)
    pictures(folder / "pictures")
    study(folder / "dicom")


if __name__ == "__main__":
    main(sys.argv[1:])

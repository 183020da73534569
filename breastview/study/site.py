"""Where in the breast: side, clock face, distance from the nipple, as seen by someone facing the patient."""

from __future__ import annotations

import math

from breastview.language import mark, tr

SIDES = {"R": mark("Right breast"), "L": mark("Left breast")}


def quadrant(side: str, clock: int) -> str:
    """Return which part of a breast a clock position lies in ("upper outer"), empty where either is unknown.

    The outer half of the right breast lies towards 9 o'clock, that of the left one towards 3 o'clock.
    """
    if side not in SIDES or not 1 <= clock <= 12:
        return ""
    hour = clock % 12
    if side == "R":
        hour = (12 - hour) % 12  # Mirrored, so that 3 o'clock is outwards on either side.
    return tr(_PARTS[hour])


_PARTS = {
    0: mark("upper middle"), 1: mark("upper outer"), 2: mark("upper outer"), 3: mark("outer"),
    4: mark("lower outer"), 5: mark("lower outer"), 6: mark("lower middle"), 7: mark("lower inner"),
    8: mark("lower inner"), 9: mark("inner"), 10: mark("upper inner"), 11: mark("upper inner"),
}  # fmt: skip


def offset(clock: int, nipple_mm: float) -> tuple[float, float]:
    """Return (x to the right, y down) in mm from the nipple of a place given by clock face and distance."""
    angle = math.radians(30 * clock)
    return nipple_mm * math.sin(angle), -nipple_mm * math.cos(angle)


def clock_at(x: float, y: float) -> int:
    """Return the clock position (1..12) nearest to the direction of an offset from the nipple, y down."""
    hour = round(math.degrees(math.atan2(x, -y)) / 30) % 12
    return hour or 12


def short(side: str, clock: int, nipple_mm: float | None) -> str:
    """Return the place as a line on screen ("R · 10 o’clock · 40 mm · upper outer"), empty for none."""
    parts = (
        side,
        tr("{hour} o’clock").format(hour=clock) if clock else "",
        tr("{distance} mm").format(distance=f"{nipple_mm:g}") if nipple_mm is not None else "",
        quadrant(side, clock),
    )
    return " · ".join(part for part in parts if part)


def sentence(side: str, clock: int, nipple_mm: float | None) -> str:
    """Return the place in words, empty where nothing is given."""
    away = tr("{distance} mm from the nipple")
    parts = [
        tr(SIDES[side]) if side in SIDES else "",
        tr("{hour} o’clock").format(hour=clock) if clock else "",
        away.format(distance=f"{nipple_mm:g}") if nipple_mm is not None else "",
    ]
    part = quadrant(side, clock)
    stated = ", ".join(one for one in parts if one)
    return f"{stated} ({part})" if stated and part else stated

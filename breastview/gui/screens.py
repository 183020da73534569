"""How large things are on a screen: device px per millimetre, as the user measured it."""

from __future__ import annotations

from PySide6.QtGui import QScreen

CARD_MM = 85.60, 53.98
"""Width and height of a bank card (ISO/IEC 7810, ID-1)."""

INCH_MM = 25.4
LEAST, MOST = 1.0, 40.0
"""Device px per mm that a screen can have."""

Densities = tuple[tuple[str, float], ...]
"""Screens that were measured: name and device px per mm."""


def name(screen: QScreen) -> str:
    """Return what a screen is known by: another model or resolution at the same plug is another screen."""
    size = screen.size() * screen.devicePixelRatio()
    parts = screen.name(), screen.manufacturer(), screen.model(), f"{size.width()}x{size.height()}"
    return " ".join(part for part in parts if part)


def told(screen: QScreen) -> float:
    """Return device px per mm as the screen tells of itself: often wrong, a start for measuring."""
    density = screen.physicalDotsPerInch() * screen.devicePixelRatio() / INCH_MM
    return min(max(density, LEAST), MOST)


def densities(stored: dict[str, str]) -> Densities:
    """Return the measured screens from the settings; what is no plausible number is left out."""
    found = []
    for screen, text in stored.items():
        try:
            value = float(text)
        except ValueError:
            continue
        if LEAST <= value <= MOST:
            found.append((screen, value))
    return tuple(found)


def measured(screen: QScreen | None, known: Densities) -> float | None:
    """Return device px per mm of a screen, None where it was not measured."""
    return None if screen is None else dict(known).get(name(screen))

"""What a bundle's manifest says of the pictures it was made for, and how they reach its network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from breastview.study.kind import Kind, of_modality

if TYPE_CHECKING:
    from collections.abc import Mapping

LUMINANCE, RGB = "luminance", "rgb"
LETTERBOX = "letterbox"
MALIGNANT = "malignant"


@dataclass(frozen=True)
class Intended:
    """The pictures a bundle reads and the way they take; the defaults are those of older manifests.

    Attributes
    ----------
    kind : Kind
    views : tuple of str
        View positions of its pictures (``"CC"``, ``"MLO"``); empty: any.
    field_mm : float or None
        Side of what one square of its input shows, in mm, where it was made for one size.
    um_per_px : float or None
        Size of a px of its input, in µm, where it was made for one.
    experimental : bool
        Whether too little is known of it to be more than a demonstration.
    note : str
        What the reader should know of it, one sentence; mostly empty.
    suspicious : str
        Name of the class that is to be found; empty where there are no classes.
    colour : str
        What its input holds: ``"luminance"`` (three equal channels) or ``"rgb"``.
    preparation : str
        How a frame becomes its input: a plug-in of ``inference/preparation/``.
    tile : int
        Side in px of the original that one input square shows; 0 where it shows the whole picture.
    overlap : int
        How many px of the original neighbouring tiles share.
    """

    kind: Kind = Kind.ULTRASOUND
    views: tuple[str, ...] = ()
    field_mm: float | None = None
    um_per_px: float | None = None
    experimental: bool = False
    note: str = ""
    suspicious: str = MALIGNANT
    colour: str = LUMINANCE
    preparation: str = LETTERBOX
    tile: int = 0
    overlap: int = 0


def intended(manifest: Mapping[str, Any]) -> Intended:
    """Read a manifest.

    Raises
    ------
    KeyError, TypeError, ValueError
        Where an entry is missing, of another kind, or names what is not known here.
    """
    made_for, given = manifest["kind"], manifest["input"]
    kind = of_modality(str(made_for["modality"]))
    if kind is None:
        raise ValueError(f"it reads pictures of a modality that is not known, {made_for['modality']!r}")
    if given["colour"] not in (LUMINANCE, RGB):
        raise ValueError(f"its input is of an unknown colour, {given['colour']!r}")
    tile, overlap = int(given.get("tile", 0)), int(given.get("overlap", 0))
    if tile < 0 or not 0 <= overlap <= max(0, tile - 1):
        raise ValueError("its tiles overlap by more than they are wide")
    return Intended(
        kind=kind,
        views=tuple(str(view) for view in made_for.get("views", ())),
        field_mm=_positive(made_for, "field_mm"),
        um_per_px=_positive(made_for, "um_per_px"),
        experimental=bool(made_for.get("experimental", False)),
        note=str(made_for.get("note", "")),
        suspicious=suspicious(manifest),
        colour=str(given["colour"]),
        preparation=str(given.get("preparation", LETTERBOX)),
        tile=tile,
        overlap=overlap,
    )


def suspicious(manifest: Mapping[str, Any]) -> str:
    """Return the class that is to be found: the one named, else "malignant", else the last; "" without any.

    Raises
    ------
    ValueError
        If the class named is none of the classes.
    """
    classes = tuple(str(name) for name in manifest["classes"])
    if not classes:
        return ""
    named = str(manifest.get("suspicious", MALIGNANT if MALIGNANT in classes else classes[-1]))
    if named not in classes:
        raise ValueError(f"its suspicious class {named!r} is none of its classes")
    return named


def _positive(entry: Mapping[str, Any], name: str) -> float | None:
    if entry.get(name) is None:
        return None
    value = float(entry[name])
    if not 0 < value < float("inf"):
        raise ValueError(f"its {name} is no positive number")
    return value

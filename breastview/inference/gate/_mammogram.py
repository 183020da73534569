"""What speaks against reading a picture as a standard view of a breast: its projection, and colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.inference.gate import _colour
from breastview.language import mark
from breastview.study.analysis import Flag

if TYPE_CHECKING:
    from breastview.inference.gate._view import View
    from breastview.study.instance import Instance

COLOUR_REFUSED, MARKS_MENTIONED = 0.25, 0.0015  # shares of px
PROJECTIONS = {
    "magnification": mark("A magnification view: the model knows whole breasts only."),
    "spot compression": mark("A spot compression view: the model knows whole breasts only."),
    "partial view": mark("A part of the breast only: the model knows whole breasts only."),
    "tangential": mark("A tangential view: the model knows standard views only."),
    "implant": mark("An implant: the model knows no breasts with implants."),
    "implant displaced": mark("A view with the implant displaced: the model knows no such views."),
}
"""What to say of a projection; none of them refuses, for the breast is there."""


def by_projection(instance: Instance) -> list[Flag]:
    """Return what the header says of the projection that the models were not made for."""
    said = (name for name in PROJECTIONS if name in instance.projection)
    return [Flag(name.replace(" ", "-"), PROJECTIONS[name]) for name in said]


def by_colour(seen: View) -> list[Flag]:
    """Judge colour, of which a mammogram has none."""
    found = _colour.colours(seen.picture)
    if found.one_hue and found.share >= COLOUR_REFUSED:
        return [Flag("tint", mark("The grey scale is tinted; it is read as grey."))]
    if found.share >= COLOUR_REFUSED:
        text = mark("{share} of the picture is coloured: no mammogram (photograph, stain?).")
        return [Flag("colour", text.format(share=f"{found.share:.0%}"), refuses=True)]
    if found.share >= MARKS_MENTIONED:
        text = mark("Coloured lines, letters or areas are burned in ({share} of the picture).")
        return [Flag("colour-marks", text.format(share=f"{found.share:.1%}"))]
    return []

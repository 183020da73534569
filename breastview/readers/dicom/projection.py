"""How a mammogram was taken besides its view: what makes it another picture than a model's standard views."""

from __future__ import annotations

from breastview.readers.dicom.header import Header

MAGNIFIED = 1.3
"""Estimated magnification from which on a picture is no contact view; these have some 1.1."""
# View modifiers of PS3.16 CID 4015, SNOMED CT and the older SNOMED RT.
_MODIFIERS = {
    "399163009": "magnification", "R-102D6": "magnification",
    "399055006": "spot compression", "R-102D7": "spot compression",
    "399209000": "implant displaced", "R-102D5": "implant displaced",
    "399110001": "tangential", "R-102C2": "tangential",
}  # fmt: skip


def projection(header: Header) -> tuple[str, ...]:
    """Return what the header says of the projection ("magnification", "implant", ...), sorted."""
    found = set()
    for view in header.items("ViewCodeSequence"):
        for modifier in view.items("ViewModifierCodeSequence"):
            found.add(_MODIFIERS.get(modifier.text("CodeValue"), ""))
    if header.text("BreastImplantPresent").upper() == "YES":
        found.add("implant")
    if header.text("PartialView").upper() == "YES":
        found.add("partial view")
    if header.number("EstimatedRadiographicMagnificationFactor") >= MAGNIFIED:
        found.add("magnification")
    return tuple(sorted(found - {""}))

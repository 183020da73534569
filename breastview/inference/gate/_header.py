"""What the file's header says of the picture: its modality, its kind of object, its regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.language import mark
from breastview.study.analysis import Flag

if TYPE_CHECKING:
    from breastview.study.calibration import Region
    from breastview.study.instance import Instance

UNSPECIFIC = frozenset({"", "OT", "SC"})
_ACCEPTED = {
    "US": frozenset({"US"}),
    "MG": frozenset({"MG", "CR", "DX", "RG"}),
    "SM": frozenset({"SM", "GM"}),
}
_WORDS = {"US": mark("ultrasound"), "MG": mark("mammograms"), "SM": mark("histology")}
_CODES = {"US": "not-ultrasound", "MG": "not-mammograms", "SM": "not-histology"}

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_MODALITIES = {
    "US": ("3", "3.1", "6", "6.1", "6.2", "6.3"),
    "MG": ("1.2", "1.2.1", "13.1.3", "13.1.4", "13.1.5"),
    "CR": ("1",),
    "DX": ("1.1", "1.1.1", "1.3", "1.3.1"),
    "CT": ("2", "2.1", "2.2"),
    "MR": ("4", "4.1", "4.3", "4.4"),
    "NM": ("5", "20"),
    "XA": ("12.1", "12.1.1", "12.2", "12.2.1", "13.1.1", "13.1.2"),
    "PT": ("128", "128.1", "130"),
    "OPT": ("77.1.5.1", "77.1.5.2", "77.1.5.4"),
    "ES": ("77.1.1", "77.1.1.1"),
    "GM": ("77.1.2", "77.1.2.1"),
    "SM": ("77.1.3", "77.1.6"),
    "XC": ("77.1.4", "77.1.4.1"),
}
_OF_CLASS = {_STORAGE + ending: modality for modality, endings in _MODALITIES.items() for ending in endings}
"""SOP class of a picture to its modality (PS3.3, A.1); secondary captures have none of their own."""


def modality_of(sop_class: str) -> str:
    """Return the modality that a SOP class is of, empty for secondary captures and what is not known."""
    return _OF_CLASS.get(sop_class, "")


def accepted(instance: Instance, modality: str) -> bool:
    """Return whether the header itself says that the picture is one for a model of a modality."""
    return instance.modality in _ACCEPTED.get(modality, frozenset({modality}))


def by_header(instance: Instance, modality: str) -> list[Flag]:
    """Judge modality and SOP class; a refusal where either of them is another modality's."""
    wanted = _ACCEPTED.get(modality, frozenset({modality}))
    of_class = _OF_CLASS.get(instance.sop_class, "")
    words = _WORDS.get(modality, modality)
    code = _CODES.get(modality, f"not-{modality}")
    if instance.modality not in UNSPECIFIC | wanted:
        text = mark("The file says {modality}; this model reads {wanted} only.")
        return [Flag(code, text.format(modality=instance.modality, wanted=words), refuses=True)]
    if not of_class or of_class in wanted:
        return []
    if instance.modality in wanted:
        text = mark("The header contradicts itself: modality {modality}, but an object of kind {kind}.")
        return [Flag("header", text.format(modality=instance.modality, kind=of_class), refuses=True)]
    text = mark("The file is an object of kind {kind}; this model reads {wanted} only.")
    return [Flag(code, text.format(kind=of_class, wanted=words), refuses=True)]


def side_by_side(regions: tuple[Region, ...], columns: int) -> bool:
    """Return whether two calibrated regions lie beside each other, each a quarter of the width or more."""
    wide = [region for region in regions if region.x1 - region.x0 + 1 >= 0.25 * columns]
    return any(
        one.x1 < other.x0 and _level(one, other) >= 0.5 for one in wide for other in wide if one is not other
    )


def _level(one: Region, other: Region) -> float:
    """Return how much of the lower region's height two regions share."""
    shared = min(one.y1, other.y1) - max(one.y0, other.y0) + 1
    return shared / (1 + min(one.y1 - one.y0, other.y1 - other.y0))

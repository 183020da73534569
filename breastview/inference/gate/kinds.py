"""What kind of picture a file is: by its header where that says it, else by its look; in doubt it is none."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from breastview.inference.gate import _film, _header, _kind, _looks
from breastview.inference.gate._view import view
from breastview.language import mark
from breastview.study.analysis import Analysis, BundleStamp, Flag, Heat
from breastview.study.kind import Kind, KindOf, Said, of_modality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.instance import Instance

UNKNOWN_KIND = "unknown-kind"
"""Code of the flag of a picture of no kind that is known."""
LIKE_NONE = mark(
    "This is neither an ultrasound image, a mammogram nor a histology picture that the models know; "
    "choose the kind by hand."
)
RADIOGRAPHS = frozenset({"CR", "DX", "RG"})
VIEWS = frozenset({"CC", "MLO", "ML", "LM", "LMO", "XCC", "XCCL", "XCCM", "FB", "SIO", "ISO"})
"""View positions of mammography (PS3.16, CID 4014), which no other radiograph has."""
SLIDES = "slide"
"""The reader of whole slides that are no DICOM."""
NUMBERS = ("looks.json", "film.json", "kind.json")
RULES = 2
"""To be raised with every change of the rules here: kept answers of earlier ones are not used."""


def by_header(instance: Instance) -> KindOf | None:
    """Return what the file's header says the picture is; None where it does not, and its look decides.

    A file that only slides are kept in (pyramids of tiles) is histology by its format.
    """
    modality = instance.modality
    if instance.reader == SLIDES and (kind := of_modality(modality)) is not None:
        return KindOf(kind, Said.FORMAT)
    of_class = _header.modality_of(instance.sop_class)
    if modality in _header.UNSPECIFIC and not of_class:
        return None
    if modality in RADIOGRAPHS or (modality in _header.UNSPECIFIC and of_class in RADIOGRAPHS):
        return _radiograph(instance, modality or of_class)
    kind = of_modality(of_class if modality in _header.UNSPECIFIC else modality)
    if kind is None:
        text = mark("The file says {modality}; the models read ultrasound, mammograms and histology only.")
        return KindOf(None, Said.HEADER, text.format(modality=modality or of_class))
    if of_class and of_modality(of_class) is not kind and not _both_radiographs(kind, of_class):
        text = mark("The header contradicts itself: modality {modality}, but an object of kind {kind}.")
        return KindOf(None, Said.HEADER, text.format(modality=modality, kind=of_class))
    return KindOf(kind, Said.HEADER)


def by_look(picture: NDArray[np.uint8]) -> KindOf:
    """Return what a picture looks like.

    Parameters
    ----------
    picture : ndarray, shape (rows, columns) or (rows, columns, 3), uint8
        As displayed.
    """
    seen = view(picture)
    likely = [kind for kind, look in _looks.looks(seen).items() if look.likely]
    if len(likely) != 1:
        return KindOf(None, Said.LOOK, LIKE_NONE)
    if likely == [Kind.ULTRASOUND] and _kind.likeness(seen.grey) < _kind.REFUSED:
        return KindOf(None, Said.LOOK, LIKE_NONE)
    if likely == [Kind.MAMMOGRAM] and not _film.is_film(seen.grey):
        return KindOf(None, Said.LOOK, LIKE_NONE)
    return KindOf(likely[0], Said.LOOK)


@cache
def revision() -> str:
    """Return what answers depend on besides the picture: 12 hex digits."""
    here = Path(__file__)
    numbers = b"".join(here.with_name(name).read_bytes() for name in NUMBERS)
    return hashlib.sha256(f"{RULES}/".encode() + numbers).hexdigest()[:12]


def stamp() -> BundleStamp:
    """Return what refusals for want of a kind are signed with: no model was asked."""
    return BundleStamp("kind-gate", str(RULES), revision())


def refusal(instance: Instance, found: KindOf) -> Analysis:
    """Return the analysis of a picture of no known kind: no score, no mask, no heat, only the reason."""
    rows, columns = instance.rows, instance.columns
    return Analysis(
        bundle=stamp(),
        classes=(),
        probabilities=None,
        abstained=False,
        sentence=mark("No score") + ": " + found.reason,
        mask=np.zeros((rows, columns), bool),
        mask_probability=np.zeros((1, 1), np.uint8),
        findings=(),
        heat=Heat(
            np.zeros((0, 1, 1), np.float32),
            np.zeros((1, 1), np.float32),
            (0.0, 0.0, float(columns), float(rows)),
        ),
        flags=(Flag(UNKNOWN_KIND, found.reason, refuses=True),),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        kind=None,
        suspicious="",
    )


def _radiograph(instance: Instance, modality: str) -> KindOf:
    """Judge a radiograph: computed and digital ones of a breast are told by the mammographic view."""
    if instance.view.upper() in VIEWS:
        return KindOf(Kind.MAMMOGRAM, Said.HEADER)
    text = mark(
        "The file says {modality}, a radiograph, and names no mammographic view; "
        "choose the kind by hand if it is a mammogram."
    )
    return KindOf(None, Said.HEADER, text.format(modality=modality))


def _both_radiographs(kind: Kind, of_class: str) -> bool:
    return kind is Kind.MAMMOGRAM and of_class in RADIOGRAPHS

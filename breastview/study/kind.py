"""What kind of breast picture a frame is: the question that comes before which model may read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from breastview.language import mark


class Kind(Enum):
    """A kind of picture, named by the DICOM modality its pictures have."""

    ULTRASOUND = "US"
    MAMMOGRAM = "MG"
    HISTOLOGY = "SM"

    @property
    def word(self) -> str:
        """Name of one picture of the kind ("mammogram"), marked for translation."""
        return _WORDS[self]

    @property
    def title(self) -> str:
        """Title of a report on such a picture ("Mammogram"), marked for translation."""
        return _TITLES[self]

    @property
    def sought(self) -> str:
        """What is looked for in it ("lesion"), marked for translation."""
        return _SOUGHT[self]


_WORDS: Final = {
    Kind.ULTRASOUND: mark("ultrasound image"),
    Kind.MAMMOGRAM: mark("mammogram"),
    Kind.HISTOLOGY: mark("histology image"),
}
_TITLES: Final = {
    Kind.ULTRASOUND: mark("Breast ultrasound"),
    Kind.MAMMOGRAM: mark("Mammogram"),
    Kind.HISTOLOGY: mark("Breast histology"),
}
_SOUGHT: Final = {
    Kind.ULTRASOUND: mark("lesion"),
    Kind.MAMMOGRAM: mark("lesion"),
    Kind.HISTOLOGY: mark("area of invasive ductal carcinoma"),
}

_OF_MODALITY: Final = {
    "US": Kind.ULTRASOUND,
    "MG": Kind.MAMMOGRAM,
    "SM": Kind.HISTOLOGY,
    "GM": Kind.HISTOLOGY,
}


def of_modality(modality: str) -> Kind | None:
    """Return the kind whose pictures have a DICOM modality (``"US"``, ``"MG"``, ``"SM"``, ``"GM"``).

    None for others. Plain radiographs (CR, DX, RG) are not named: their modality does not say that they show
    a breast.
    """
    return _OF_MODALITY.get(modality)


class Said(Enum):
    """Who says what kind a picture is."""

    HEADER = "header"
    FORMAT = "format"
    LOOK = "look"
    READER = "reader"


@dataclass(frozen=True)
class KindOf:
    """What kind of picture a file is, and by what.

    Attributes
    ----------
    kind : Kind or None
        None: of none that is known, so that no model may read it.
    said : Said
    reason : str
        Why it is of no kind, a sentence; empty where it is of one.
    """

    kind: Kind | None
    said: Said
    reason: str = ""

    @property
    def sentence(self) -> str:
        """As what it is read and by what ("Read as a mammogram, by the DICOM header."), or why not."""
        return self.reason if self.kind is None else _READ_AS[self.said].format(kind=_NAMES[self.kind])


_NAMES: Final = {
    Kind.ULTRASOUND: mark("ultrasound"),
    Kind.MAMMOGRAM: mark("a mammogram"),
    Kind.HISTOLOGY: mark("histology"),
}
_READ_AS: Final = {
    Said.HEADER: mark("Read as {kind}, by the DICOM header."),
    Said.FORMAT: mark("Read as {kind}, by the format of the file."),
    Said.LOOK: mark("Read as {kind}, by its look."),
    Said.READER: mark("Read as {kind}, by your choice."),
}

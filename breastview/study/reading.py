"""One record of a reading: every output is made from it and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels


class ReadState(StrEnum):
    """How far the reader is with a case."""

    UNREAD = "unread"
    SEEN = "seen"
    PRELIMINARY = "preliminary"
    FINAL = "final"


CATEGORIES: dict[str, str] = {
    "": "Not assessed",
    "0": "0 · Incomplete: more imaging needed",
    "1": "1 · Negative",
    "2": "2 · Benign",
    "3": "3 · Probably benign",
    "4A": "4A · Low suspicion",
    "4B": "4B · Moderate suspicion",
    "4C": "4C · High suspicion",
    "5": "5 · Highly suggestive of malignancy",
    "6": "6 · Known, proven malignancy",
}
"""BI-RADS-style categories in our own words; keys are what files hold."""


@dataclass(frozen=True)
class Assessment:
    """The reader's own opinion of one frame; every field may be empty.

    Attributes
    ----------
    category : str
        Key of `CATEGORIES`.
    laterality : str
        ``"R"``, ``"L"`` or empty.
    clock : int
        Clock face position 1..12, 0 when not given.
    nipple_mm : float or None
        Distance from the nipple in mm.
    descriptors : mapping as tuple of pairs
        For instance ``(("shape", "oval"), ("margin", "circumscribed"))``.
    notes, indication, comparison, management : str
        Free text.
    """

    category: str = ""
    laterality: str = ""
    clock: int = 0
    nipple_mm: float | None = None
    descriptors: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    indication: str = ""
    comparison: str = ""
    management: str = ""
    state: ReadState = ReadState.UNREAD
    marked: bool = False
    reader: str = ""
    changed_at: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """Everything known about one frame when an output is made.

    Attributes
    ----------
    instance, frame : Instance, int
        Which picture (frames count from 0).
    pixels : FramePixels
        Its pixels.
    analysis : Analysis or None
        The AI's reading, None where it has not run or failed (`failure` says why).
    assessment : Assessment
        The reader's.
    truth : ndarray or None
        ``(rows, columns)`` bool, the ground truth beside the picture.
    heat_class : str
        Class whose Grad-CAM is shown; empty: the most probable one.
    """

    instance: Instance
    frame: int
    pixels: FramePixels
    analysis: Analysis | None = None
    assessment: Assessment = field(default=Assessment())
    truth: NDArray[np.bool_] | None = None
    heat_class: str = ""
    failure: str = ""

    @property
    def heat_index(self) -> int | None:
        """Index of the class whose heat is shown, None without an analysis."""
        if self.analysis is None:
            return None
        if self.heat_class in self.analysis.classes:
            return self.analysis.classes.index(self.heat_class)
        return self.analysis.top

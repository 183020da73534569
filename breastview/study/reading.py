"""One record of a reading: every output is made from it and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from breastview.language import mark
from breastview.study.analysis import Analysis, Finding, Flag
from breastview.study.calibration import Calibration
from breastview.study.exam import Exam
from breastview.study.instance import Instance
from breastview.study.kind import Kind, of_modality
from breastview.study.measurement import Measurement
from breastview.study.opinions import Opinions
from breastview.study.pair import PairedLesion
from breastview.study.pixels import FramePixels
from breastview.study.segmentation import MaskSource, Segmentation

SEGMENTER = "segmenter"
"""`Reading.heat_class` that shows what drove the mask instead of a class."""


class ReadState(StrEnum):
    """How far the reader is with a case."""

    UNREAD = "unread"
    SEEN = "seen"
    PRELIMINARY = "preliminary"
    FINAL = "final"


CATEGORIES: dict[str, str] = {
    "": mark("Not assessed"),
    "0": mark("0 · Incomplete: more imaging needed"),
    "1": mark("1 · Negative"),
    "2": mark("2 · Benign"),
    "3": mark("3 · Probably benign"),
    "4A": mark("4A · Low suspicion"),
    "4B": mark("4B · Moderate suspicion"),
    "4C": mark("4C · High suspicion"),
    "5": mark("5 · Highly suggestive of malignancy"),
    "6": mark("6 · Known, proven malignancy"),
}
"""BI-RADS-style categories in our own words; keys are what files hold."""

HISTOLOGY_CATEGORIES: dict[str, str] = {
    "": mark("Not assessed"),
    "no carcinoma": mark("No carcinoma seen"),
    "in situ": mark("Carcinoma in situ"),
    "invasive": mark("Invasive carcinoma"),
    "uncertain": mark("Uncertain"),
}
"""What is said of a histology picture; keys are what files hold."""

ALL_CATEGORIES = CATEGORIES | HISTOLOGY_CATEGORIES
"""What any record may hold."""


def categories(kind: Kind | None) -> dict[str, str]:
    """Return the categories that a kind of picture is assessed by, with their texts to be translated."""
    return HISTOLOGY_CATEGORIES if kind is Kind.HISTOLOGY else CATEGORIES


@dataclass(frozen=True)
class Assessment:
    """The reader's own opinion of one frame; every field may be empty.

    Attributes
    ----------
    category : str
        Key of `ALL_CATEGORIES`; which ones are offered is a matter of the kind of picture.
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
        Class whose Grad-CAM is shown, or `SEGMENTER`; empty: the most probable class.
    measurements : tuple of Measurement
        The reader's, in the order of drawing.
    segmentation : Segmentation or None
        The reader's mask, None where the AI's stands as it is.
    edited_findings : tuple of Finding
        The lesions of `segmentation`, largest first.
    edited_shares : tuple of float or None
        For each class of `analysis` the share of its Grad-CAM inside the mask of `segmentation`.
    edited_flags : tuple of Flag
        What weakens the AI's reading, beside the mask of `segmentation`.
    edited_area : float or None
        Share (0..1) of the tissue that the mask of `segmentation` covers, where the AI said one.
    ruler : Calibration or None
        The reader's own calibration of the frame (depth ruler), which goes before the file's.
    opinions : Opinions or None
        The reader's before and after the AI was shown, where the case was read before it.
    pairs : tuple of PairedLesion
        Lesions that the reader found again in another picture.
    exam : Exam or None
        What the AI says of the mammography examination that the picture is a view of.
    told : Kind or None
        What is known of the kind of picture without the AI's reading.
    """

    instance: Instance
    frame: int
    pixels: FramePixels
    analysis: Analysis | None = None
    assessment: Assessment = field(default=Assessment())
    truth: NDArray[np.bool_] | None = None
    heat_class: str = ""
    failure: str = ""
    measurements: tuple[Measurement, ...] = ()
    segmentation: Segmentation | None = None
    edited_findings: tuple[Finding, ...] = ()
    edited_shares: tuple[float, ...] | None = None
    edited_flags: tuple[Flag, ...] = ()
    edited_area: float | None = None
    ruler: Calibration | None = None
    opinions: Opinions | None = None
    pairs: tuple[PairedLesion, ...] = ()
    exam: Exam | None = None
    told: Kind | None = None

    @property
    def kind(self) -> Kind | None:
        """The kind of picture: as the AI read it, else as is known without it; None where nobody knows."""
        if self.analysis is not None:
            return self.analysis.kind
        return self.told or of_modality(self.instance.modality)

    @property
    def modality(self) -> str:
        """DICOM modality of the kind of picture, else that of the file; empty where neither is known."""
        return self.instance.modality if self.kind is None else self.kind.value

    @property
    def calibration(self) -> Calibration:
        """Where the frame's millimetres come from."""
        return self.ruler or self.instance.calibration(self.frame)

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """The mask that counts, ``(rows, columns)`` bool: the reader's, else the AI's, else None."""
        if self.segmentation is not None:
            return self.segmentation.mask
        return self.analysis.mask if self.analysis is not None and self.analysis.draws_mask else None

    @property
    def mask_source(self) -> MaskSource:
        """Who drew `mask`."""
        return MaskSource.AI if self.segmentation is None else self.segmentation.source

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The lesions of `mask`, largest first."""
        if self.segmentation is not None:
            return self.edited_findings
        return () if self.analysis is None else self.analysis.findings

    @property
    def heat_shares(self) -> tuple[float, ...] | None:
        """For each class the share of its Grad-CAM inside `mask`; None without a mask or a Grad-CAM."""
        if self.segmentation is not None:
            return self.edited_shares
        return None if self.analysis is None else self.analysis.heat.share_inside

    @property
    def area_share(self) -> float | None:
        """Share (0..1) of the tissue that `mask` covers; None where the AI says no such share."""
        if self.segmentation is not None:
            return self.edited_area
        return None if self.analysis is None else self.analysis.area_share

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What weakens the AI's reading, with what is said of `mask`."""
        if self.segmentation is not None:
            return self.edited_flags
        return () if self.analysis is None else self.analysis.flags

    @property
    def heat_index(self) -> int | None:
        """Index of the class whose heat is shown, None for the segmenter's and without an analysis."""
        if self.analysis is None or (self.heat_class == SEGMENTER and self.analysis.draws_mask):
            return None
        if self.heat_class in self.analysis.classes:
            return self.analysis.classes.index(self.heat_class)
        return self.analysis.top

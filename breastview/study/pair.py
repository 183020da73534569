"""One lesion in two pictures: which, and in words how far the two agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from breastview.language import tr
from breastview.study.analysis import Finding

CLOSE = 0.1
"""Relative difference of the long axes up to which sizes count as alike (two calipers differ by as much)."""


@dataclass(frozen=True)
class LesionPlace:
    """A lesion of a picture.

    Attributes
    ----------
    sha : str
        SHA-256 of the file's bytes.
    frame : int
        Counted from 0.
    lesion : int
        Counted from 1, the largest first.
    """

    sha: str
    frame: int
    lesion: int = 1


@dataclass(frozen=True)
class Pair:
    """Two places of the same lesion, as the reader said."""

    identifier: str
    one: LesionPlace
    other: LesionPlace
    reader: str = ""
    made_at: str = ""

    def opposite(self, place: tuple[str, int]) -> tuple[LesionPlace, LesionPlace]:
        """Return the end at a picture (SHA-256, frame), then the other end."""
        here = (self.one.sha, self.one.frame) == place
        return (self.one, self.other) if here else (self.other, self.one)


@dataclass(frozen=True)
class LesionView:
    """What is known of a lesion in one of its two pictures.

    Attributes
    ----------
    label : str
        How the picture is named on screen, empty where it is not open.
    finding : Finding or None
        Its measures, None where no lesion of this number is outlined.
    source : str
        Who drew the mask: ``"AI"``, ``"edited"``, ``"reader"``; empty where nobody did.
    probabilities : mapping of str to float or None
        Calibrated, by class; None where there is no score.
    """

    label: str
    frame: int = 0
    finding: Finding | None = None
    source: str = ""
    probabilities: Mapping[str, float] | None = None
    abstained: bool = False

    @property
    def top(self) -> tuple[str, float] | None:
        """The most probable class and its probability."""
        if not self.probabilities:
            return None
        name = max(self.probabilities, key=self.probabilities.__getitem__)
        return name, self.probabilities[name]


@dataclass(frozen=True)
class PairedLesion:
    """A pair as the panel and the report show it.

    Attributes
    ----------
    here, there : LesionView
        The lesion in the picture that is looked at, and in the other one.
    sentences : tuple of (str, bool)
        How the two agree; True marks a disagreement.
    """

    pair: Pair
    here: LesionView
    there: LesionView
    sentences: tuple[tuple[str, bool], ...]


def size_difference(one: Finding, other: Finding) -> float | None:
    """Return by how much the shorter long axis falls short of the longer one (0..1).

    None where not both are in millimetres: pixels of two pictures cannot be compared.
    """
    if one.long_mm is None or other.long_mm is None:
        return None
    longer = max(one.long_mm, other.long_mm)
    return abs(one.long_mm - other.long_mm) / longer if longer > 0 else None


def compared(one: LesionView, other: LesionView) -> tuple[tuple[str, bool], ...]:
    """Return sentences on how the two views of a lesion agree; True marks a disagreement."""
    return (_sizes(one, other), _classes(one, other))


def _sizes(one: LesionView, other: LesionView) -> tuple[str, bool]:
    if one.finding is None or other.finding is None:
        return tr("Sizes cannot be compared: no lesion is outlined in one of the pictures."), False
    difference = size_difference(one.finding, other.finding)
    if difference is None:
        return tr("Sizes cannot be compared: at least one picture is uncalibrated."), False
    if difference <= CLOSE:
        return tr("The sizes agree within {share}.").format(share=f"{CLOSE:.0%}"), False
    return tr("The sizes differ by {share}.").format(share=f"{difference:.0%}"), True


def _classes(one: LesionView, other: LesionView) -> tuple[str, bool]:
    first, second = one.top, other.top
    if first is None or second is None:
        return tr("The AI’s classes cannot be compared: one of the pictures has no score."), False
    values = {
        "first": tr(first[0]), "p": f"{first[1]:.0%}", "second": tr(second[0]), "q": f"{second[1]:.0%}",
    }  # fmt: skip
    if first[0] == second[0]:
        return tr("The AI reads both as {first} ({p} and {q}).").format(**values), False
    return tr("The AI reads one as {first} ({p}), the other as {second} ({q}).").format(**values), True

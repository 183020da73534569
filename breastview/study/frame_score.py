"""What the AI says of one frame of a cine, as short as a strip of bars needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from breastview.study.analysis import Analysis


@dataclass(frozen=True)
class FrameScore:
    """One frame's score.

    Attributes
    ----------
    suspicion : float or None
        Calibrated probability of the suspicious class (0..1); None where the input gate allows no score.
    suspicious : bool
        The suspicious class is the most probable one.
    abstained : bool
        The model does not commit itself.
    area : float
        Area of all lesions in px.
    area_mm2 : float or None
        The same in mm², None where a lesion is not calibrated, or there is none.
    failed : bool
        The frame could not be read.
    name : str
        Of the suspicious class.
    """

    suspicion: float | None = None
    suspicious: bool = False
    abstained: bool = False
    area: float = 0.0
    area_mm2: float | None = None
    failed: bool = False
    name: str = "malignant"


def score_of(analysis: Analysis) -> FrameScore:
    """Return the score of an analysis."""
    areas = [finding.area_mm2 for finding in analysis.findings]
    true = [area for area in areas if area is not None]
    top = analysis.top
    return FrameScore(
        suspicion=analysis.suspicion,
        suspicious=top is not None and analysis.classes[top] == analysis.suspicious,
        abstained=analysis.abstained,
        area=float(sum(finding.area_px for finding in analysis.findings)),
        area_mm2=float(sum(true)) if areas and len(true) == len(areas) else None,
        name=analysis.suspicious,
    )


def most_suspicious(scores: Sequence[FrameScore | None]) -> int | None:
    """Return the frame with the highest suspicion, the first of equals; None without any."""
    known = [(n, score.suspicion) for n, score in enumerate(scores) if score and score.suspicion is not None]
    return max(known, key=lambda one: one[1])[0] if known else None

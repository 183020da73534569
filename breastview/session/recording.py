"""From what came of a frame to its record, and how many there were of each kind."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.session.engine import Session
from breastview.session.pipeline import Outcome
from breastview.study.instance import Refusal
from breastview.study.reading import Reading


@dataclass
class Tally:
    """What came of everything so far."""

    frames: int = 0
    abstained: int = 0
    refused: int = 0
    failed: int = 0

    def count(self, record: Reading | Refusal) -> None:
        """Count one record."""
        if isinstance(record, Refusal) or record.failure:
            self.failed += 1
            return
        self.frames += 1
        if record.analysis is not None:
            self.refused += record.analysis.refused
            self.abstained += record.analysis.abstained and not record.analysis.refused

    def __str__(self) -> str:
        if not self.frames and not self.failed:
            return "There is no picture here."
        parts = [f"{self.frames} frames analysed"]
        if self.abstained:
            parts.append(f"the model abstains on {self.abstained}")
        if self.refused:
            parts.append(f"the input gate gives {self.refused} no score")
        if self.failed:
            parts.append(f"{self.failed} could not be read")
        return ", ".join(parts) + "."


def record(session: Session, outcome: Outcome, *, with_truth: bool = False) -> Reading | Refusal:
    """Return the record of an outcome; a frame that could not be decoded becomes a refusal."""
    instance, frame = outcome.instance, outcome.frame
    if outcome.pixels is None:
        which = f"Frame {frame + 1}: " if instance.frames > 1 else ""
        return Refusal(session.origin(instance), instance.label, which + outcome.failure)
    return session.recorded(
        instance, frame, outcome.pixels, outcome.analysis, outcome.failure, with_truth=with_truth
    )

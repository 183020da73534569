"""The whole picture as one square, padded, nothing squashed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from breastview.imaging.letterbox import Letterbox
from breastview.imaging.window import to_display
from breastview.inference import gate, interpretation
from breastview.inference.intended import RGB
from breastview.inference.interpretation import Question
from breastview.inference.preparation._protocol import Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable

    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import RawOutput
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels


@dataclass(frozen=True, eq=False)
class Letterboxed(Prepared):
    """A picture in its square, with the way back."""

    question: Question


class LetterboxPreparation:
    """See `inference.preparation.Preparation`."""

    def prepare(self, bundle: Bundle, instance: Instance, frame: int, pixels: FramePixels) -> Letterboxed:
        """Return the frame in one square."""
        picture = to_display(pixels)
        box = Letterbox(picture.shape[0], picture.shape[1], bundle.size)
        coloured = bundle.colour == RGB and picture.ndim == 3
        square = box.apply_plane(picture) if coloured else box.apply(picture)
        flags = gate.inspect(instance, picture, bundle.modality, frame)
        return Letterboxed(square[None], flags, Question(box, instance.calibration(frame), flags))

    def interpret(
        self, bundle: Bundle, prepared: Letterboxed, outputs: Iterable[RawOutput], device: str
    ) -> Analysis:
        """Return the reading of the one square."""
        if prepared.refused:
            return interpretation.refusal(bundle, prepared.question)
        (raw,) = outputs
        return interpretation.reading(bundle, prepared.question, raw, 0, device)


PREPARATION = LetterboxPreparation()

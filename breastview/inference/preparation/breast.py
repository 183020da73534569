"""A mammogram as the breast alone: cut out, chest wall at the left, stretched to one scale of grey."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging.letterbox import Letterbox
from breastview.imaging.mammogram.view import BreastView, Placed, bright, reduced, view
from breastview.imaging.overlay import heat_levels
from breastview.imaging.window import to_display
from breastview.inference import gate, interpretation
from breastview.inference.interpretation import Question
from breastview.inference.preparation._protocol import Prepared
from breastview.language import mark
from breastview.study.analysis import Analysis, Flag, Heat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import RawOutput
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels

NO_BREAST = Flag(
    "no-breast", mark("No breast is seen against a dark background on this picture."), refuses=True
)
ON_MUSCLE = Flag("on-muscle", mark("Most of what is outlined lies on the pectoral muscle."))


@dataclass(frozen=True, eq=False)
class Cut(Prepared):
    """A breast in its square, with the way back.

    Attributes
    ----------
    question : Question
    found : BreastView or None
        On the reduced picture; None where there is no breast.
    box : Placed or None
        Between the picture and the square.
    """

    question: Question
    found: BreastView | None
    box: Placed | None


class BreastPreparation:
    """See `inference.preparation.Preparation`."""

    def prepare(self, bundle: Bundle, instance: Instance, frame: int, pixels: FramePixels) -> Cut:
        """Return the breast in one square."""
        calibration = instance.calibration(frame)
        flags = gate.inspect(instance, to_display(pixels), bundle.modality, frame)
        values, factor = reduced(bright(pixels))
        found = None if any(flag.refuses for flag in flags) else view(values)
        if found is None:
            flags = flags if any(flag.refuses for flag in flags) else (NO_BREAST, *flags)
            question = Question(Letterbox(*pixels.size, bundle.size), calibration, flags)
            return Cut(np.zeros((0, bundle.size, bundle.size), np.uint8), flags, question, None, None)
        box = found.placed(bundle.size).enlarged(factor, *pixels.size)
        return Cut(found.square(bundle.size)[None], flags, Question(box, calibration, flags), found, box)

    def interpret(self, bundle: Bundle, prepared: Cut, outputs: Iterable[RawOutput], device: str) -> Analysis:
        """Return the reading, turned back and put where the breast lies on the picture."""
        if prepared.found is None or prepared.box is None:
            return interpretation.refusal(bundle, prepared.question)
        (raw,) = outputs
        raw = _mirrored(raw) if prepared.found.mirrored else raw
        reading = interpretation.reading(bundle, prepared.question, raw, 0, device)
        flags, levels = reading.flags, reading.mask_probability
        if bundle.segments:
            levels = _levels(prepared.box, raw.mask_logits[0])
            flags = (*flags, ON_MUSCLE) if _on_muscle(reading.mask, prepared.found) else flags
        return replace(reading, flags=flags, mask_probability=levels, heat=_bordered(reading.heat))


PREPARATION = BreastPreparation()


def _on_muscle(mask: NDArray[np.bool_], found: BreastView) -> bool:
    """Return whether most of a mask on the picture lies on the muscle, which was found on the reduced one."""
    import cv2

    if not mask.any():
        return False
    height, width = found.whole_muscle.shape
    small = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return bool(small[found.whole_muscle].sum() > small.sum() / 2)


def _mirrored(raw: RawOutput) -> RawOutput:
    turned = {name: getattr(raw, name)[..., ::-1] for name in ("mask_logits", "class_maps", "mask_map")}
    return replace(raw, **turned)


def _levels(box: Placed, logits: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the mask's probability over the whole picture at the network's resolution; 0 off the square."""
    import cv2

    height, width = interpretation.inner_size(box)
    whole = box.restore(interpretation.sigmoid(logits))
    method = cv2.INTER_AREA if height < box.height else cv2.INTER_LINEAR
    return heat_levels(np.asarray(cv2.resize(whole, (width, height), interpolation=method), np.float32))


def _bordered(heat: Heat) -> Heat:
    """Return the maps with a border of nothing: what the network was not shown has no heat.

    Whoever lays a map over a picture goes on beyond its outermost cells with their values.
    """
    cells = math.gcd(heat.classes.shape[1], heat.segmenter.shape[0])
    x, y, width, height = heat.placement
    more = width / cells, height / cells
    return replace(
        heat,
        classes=_padded(heat.classes, cells),
        segmenter=_padded(heat.segmenter[None], cells)[0],
        placement=(x - more[0], y - more[1], width + 2 * more[0], height + 2 * more[1]),
    )


def _padded(maps: NDArray[np.float32], cells: int) -> NDArray[np.float32]:
    border = maps.shape[1] // cells
    return np.pad(maps, ((0, 0), (border, border), (border, border)))

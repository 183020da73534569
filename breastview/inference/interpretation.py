"""From what a network puts out for one picture to a reading on the picture's own pixels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging import contours, measure, overlay
from breastview.imaging.doubts import doubts
from breastview.language import mark
from breastview.study.analysis import NO_MASK, Analysis, Flag, Heat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.imaging.letterbox import Letterbox
    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import RawOutput
    from breastview.study.calibration import Calibration

CLASSIFIES_ONLY = Flag(NO_MASK, mark("This model gives probabilities only: it draws no mask."))
SEGMENTS_ONLY = Flag("no-classes", mark("This model draws the mask only: it gives no probabilities."))
"""What a bundle of one task says instead of the other's answer."""


@dataclass(frozen=True)
class Question:
    """What is known of a picture before the network sees it.

    Attributes
    ----------
    box : Letterbox
        Between the picture and the network's square.
    calibration : Calibration
        Of the frame.
    flags : tuple of Flag
        From the input gate.
    """

    box: Letterbox
    calibration: Calibration
    flags: tuple[Flag, ...]

    @property
    def refused(self) -> bool:
        """Whether the network is not to be asked at all."""
        return any(flag.refuses for flag in self.flags)


def refusal(bundle: Bundle, question: Question) -> Analysis:
    """Return the analysis of a picture that is not one for the model: no score, no mask, no heat."""
    rows, columns = question.box.height, question.box.width
    height, width = inner_size(question.box)
    nothing = Heat(
        np.zeros((len(bundle.classes), 1, 1), np.float32),
        np.zeros((1, 1), np.float32),
        question.box.placement,
    )
    return Analysis(
        bundle=bundle.stamp,
        classes=bundle.classes,
        probabilities=None,
        abstained=False,
        sentence=mark("No score") + ": " + " ".join(flag.text for flag in question.flags if flag.refuses),
        mask=np.zeros((rows, columns), bool),
        mask_probability=np.zeros((height, width), np.uint8),
        findings=(),
        heat=nothing,
        flags=question.flags,
        calibration_set=bundle.calibration.set,
        made_at=_now(),
        kind=bundle.kind,
        experimental=bundle.experimental,
        suspicious=bundle.suspicious,
    )


def reading(bundle: Bundle, question: Question, raw: RawOutput, index: int, device: str) -> Analysis:
    """Return the analysis of one picture of a batch.

    Parameters
    ----------
    bundle : Bundle
    question : Question
    raw : RawOutput
        Of the batch.
    index : int
        Which picture of the batch.
    device : str
        Where it was computed.

    Returns
    -------
    Analysis
    """
    probabilities = bundle.calibration.probabilities(raw.logits[index]) if bundle.classifies else None
    if bundle.segments:
        probability = sigmoid(raw.mask_logits[index])
        mask = lesion_mask(bundle, question.box, probability)
        levels = inner_picture(question.box, probability)
    else:
        # A map of one pixel: one of the picture's size would read as "no lesion anywhere".
        mask = np.zeros((question.box.height, question.box.width), bool)
        levels = np.zeros((1, 1), np.uint8)
    heat = _heat(question.box, raw, index, mask)
    if probabilities is None:
        doubtful = [SEGMENTS_ONLY]
    elif not bundle.segments:
        doubtful = [CLASSIFIES_ONLY]
    else:
        doubtful = doubts(bundle.classes, int(np.argmax(probabilities)), mask, heat.share_inside)
    return Analysis(
        bundle=bundle.stamp,
        classes=bundle.classes,
        probabilities=None if probabilities is None else tuple(float(p) for p in probabilities),
        abstained=probabilities is not None and bundle.calibration.abstains(probabilities),
        sentence=SEGMENTS_ONLY.text if probabilities is None else bundle.calibration.sentence(probabilities),
        mask=mask,
        mask_probability=levels,
        findings=measure.findings(mask, question.calibration),
        heat=heat,
        flags=(*question.flags, *doubtful),
        calibration_set=bundle.calibration.set,
        device=device,
        milliseconds=raw.milliseconds / len(raw.logits),
        made_at=_now(),
        abstains_below=None if probabilities is None else bundle.calibration.below,
        kind=bundle.kind,
        experimental=bundle.experimental,
        suspicious=bundle.suspicious,
    )


def lesion_mask(bundle: Bundle, box: Letterbox, probability: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return the mask on the picture's own pixels.

    The probability is interpolated to the picture's pixels first and compared with the threshold there, so
    that the outline is as smooth as the picture; parts below the bundle's share of the picture are dropped.

    Parameters
    ----------
    bundle : Bundle
    box : Letterbox
    probability : ndarray, shape (S, S), float32
        Of lesion, 0..1, over the network's square.

    Returns
    -------
    ndarray, shape (rows, columns), bool
    """
    mask = box.restore(probability) >= bundle.thresholds.mask
    kept = np.zeros_like(mask)
    for part in contours.components(mask, least_area(bundle, box)):
        height, width = part.mask.shape
        kept[part.y : part.y + height, part.x : part.x + width] |= part.mask
    return kept


def least_area(bundle: Bundle, box: Letterbox) -> int:
    """Return the fewest pixels of the picture that are called a lesion."""
    return max(1, int(np.ceil(bundle.thresholds.min_area_fraction * box.area)))


def inner_size(box: Letterbox) -> tuple[int, int]:
    """Return rows and columns that the picture takes of the network's square, in whole pixels."""
    return max(1, round(box.height * box.scale)), max(1, round(box.width * box.scale))


def inner_picture(box: Letterbox, probability: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return a map over the square without its borders: ``inner_size(box)``, uint8, 255 = 1.

    Its outer edges are those of the picture to the last fraction of a pixel.
    """
    height, width = inner_size(box)
    across, down = width / box.width, height / box.height
    x, y, extent_x, extent_y = box.placement
    where = (x * across, y * down, extent_x * across, extent_y * down)
    return overlay.heat_levels(overlay.place(probability, where, height, width))


def _heat(box: Letterbox, raw: RawOutput, index: int, mask: NDArray[np.bool_]) -> Heat:
    classes = np.empty(raw.class_maps.shape[1:], np.float32)
    for number, heat in enumerate(raw.class_maps[index]):
        classes[number] = _to_one(heat)
    shares = None
    if mask.any() and len(classes):
        shares = overlay.shares_inside(classes, box.placement, mask)
    return Heat(classes, _to_one(raw.mask_map[index]), box.placement, shares)


def _to_one(heat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale a map to its own maximum; a map of nothing stays one."""
    largest = float(heat.max())
    return np.asarray(heat / largest if largest > 0 else np.zeros_like(heat), np.float32)


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``1 / (1 + exp(-x))``, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), np.float32)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

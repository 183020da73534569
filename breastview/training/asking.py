"""A bundle's answers to labelled pictures, by the same compiled graph that reads for the application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging.letterbox import Letterbox, squared, three_channels
from breastview.inference import runtime
from breastview.inference.interpretation import sigmoid
from breastview.training import data, predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import RawOutput
    from breastview.training.data import Example
    from breastview.training.predictions import Predictions

BATCH = 8
REPORTED = 200  # pictures between two words about the progress


@dataclass(frozen=True, eq=False)
class Answers:
    """What a bundle said of N pictures.

    Attributes
    ----------
    predictions : Predictions
    class_hit, mask_hit : ndarray, shape (N,)
        The pointing game (Zhang et al., IJCV 2018, arXiv:1608.00507): 1 where the hottest point of the
        Grad-CAM of the class answered, or of the mask, lies in the drawn lesion, 0 if not, nan without one.
    device : str
    milliseconds : float
        Mean time of a picture in the compiled graph.
    """

    predictions: Predictions
    class_hit: NDArray[np.float64]
    mask_hit: NDArray[np.float64]
    device: str
    milliseconds: float


def classes_of(bundle: Bundle) -> tuple[str, ...]:
    """Return the names that pictures are filed under: the bundle's, or those a segmenter was trained with."""
    trained = bundle.manifest.get("training", {}).get("recipe", {}).get("classes", ())
    return bundle.classes or tuple(trained) or ("normal", "benign", "malignant")


def ask(
    bundle: Bundle, examples: Sequence[Example], device: str = "auto", tell: Callable[[str], None] = print
) -> Answers:
    """Read the pictures, `BATCH` at a time.

    Raises
    ------
    AnalysisError, TrainingError
        Where the device cannot do it, or a picture cannot be read.
    """
    opened = runtime.open_runtime(bundle, device)
    parts: list[RawOutput] = []
    hits: list[tuple[float, float]] = []
    try:
        for start in range(0, len(examples), BATCH):
            some = examples[start : start + BATCH]
            planes = [_square(example, bundle) for example in some]
            parts.append(opened.run(three_channels(np.stack(planes))))
            hits += [_hits(example, parts[-1], index) for index, example in enumerate(some)]
            if start and start % REPORTED == 0:
                tell(f"{start} of {len(examples)} pictures read")
        device = opened.device
    finally:
        opened.close()
    logits = np.concatenate([part.logits for part in parts])
    heat = np.concatenate([np.round(sigmoid(part.mask_logits) * 255).astype(np.uint8) for part in parts])
    found = predictions.gather(classes_of(bundle), examples, logits, heat)
    spent = sum(part.milliseconds for part in parts)
    class_hit, mask_hit = np.array(hits).T
    return Answers(found, class_hit, mask_hit, device, spent / len(examples))


def _square(example: Example, bundle: Bundle) -> NDArray[np.uint8]:
    return squared(data.picture(example, bundle.manifest["input"]["colour"]), bundle.size)


def _hits(example: Example, raw: RawOutput, index: int) -> tuple[float, float]:
    nothing = float("nan")
    if not example.marked:
        return nothing, nothing
    shape = data.picture(example).shape
    lesion = data.mask(example, (shape[0], shape[1])) > 0
    answered = raw.logits.shape[1] > 0
    of_class = hit(raw.class_maps[index, int(raw.logits[index].argmax())], lesion) if answered else nothing
    return of_class, hit(raw.mask_map[index], lesion) if raw.mask_logits.size else nothing


def hit(heat: NDArray[np.float32], lesion: NDArray[np.bool_]) -> float:
    """Return whether the hottest point lies in the lesion; a map of nothing points nowhere."""
    box = Letterbox(lesion.shape[0], lesion.shape[1], heat.shape[0])
    placed = box.restore(heat)
    return float(placed.max() > 0 and bool(lesion.flat[int(placed.argmax())]))

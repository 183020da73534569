"""A few figures at the network's resolution, to watch a training by; `evaluate` has the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.training import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.training.sampling import Tile


def figures(
    logits: NDArray[np.float32], masks: NDArray[np.uint8], pool: Sequence[Tile], classes: Sequence[str]
) -> dict[str, float]:
    """Return accuracy, the recall of each class and the mean Dice of lesions, each per data set.

    Parameters
    ----------
    logits : ndarray, shape (N, C) or (N, 0)
    masks : ndarray, shape (N, S, S) or (N, 0, 0)
        Mask probabilities as 0..255. What the network does not answer has no figures.
    pool : Sequence[Tile]
        The N pictures.
    """
    sources = np.array([tile.stratum[0] for tile in pool])
    result: dict[str, float] = {}
    for source in sorted(set(sources)):
        here = sources == source
        if logits.shape[1]:
            result |= _classes(source, here, logits, pool, classes)
        overlaps = [
            metrics.dice(heat > 127, tile.outline > 127)
            for heat, tile, mine in zip(masks, pool, here, strict=True)
            if mine and heat.size and tile.outline.any()
        ]
        if overlaps:
            result[f"{source} dice"] = float(np.mean(overlaps))
    return result


def _classes(
    source: str,
    here: NDArray[np.bool_],
    logits: NDArray[np.float32],
    pool: Sequence[Tile],
    classes: Sequence[str],
) -> dict[str, float]:
    truth = np.array([classes.index(tile.label) for tile in pool])
    answer = logits.argmax(axis=1)
    result = {f"{source} accuracy": float((answer == truth)[here].mean())}
    for index, name in enumerate(classes):
        if (here & (truth == index)).any():
            result[f"{source} {name}"] = float((answer == index)[here & (truth == index)].mean())
    return result

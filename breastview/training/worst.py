"""The pictures that went worst, with what can be seen of the reason; names and figures, no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.training import data

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.training.scored import Scored

COUNT = 10
SMALL, LARGE = 0.01, 0.35  # shares of the picture below and above which a lesion's size is named as a reason


def worst(scored: Scored, count: int = COUNT) -> list[dict[str, Any]]:
    """Return the worst pictures, the worst first.

    A picture's badness is the probability its true class did not get, plus what the Dice lacks of 1, plus 1
    for a lesion painted on a normal picture.

    Returns
    -------
    list of dict
        name, truth, answer, probability (of the answer), dice, reason; index among `scored`.
    """
    order = np.argsort(-_badness(scored), kind="stable")[:count]
    return [_entry(scored, int(index)) for index in order]


def _badness(scored: Scored) -> NDArray[np.float64]:
    bad = np.nan_to_num(1 - scored.dice)
    if scored.classifies:
        bad = bad + 1 - scored.probabilities[np.arange(len(scored.truth)), scored.truth]
    return bad + _false_lesions(scored)


def _false_lesions(scored: Scored) -> NDArray[np.bool_]:
    if data.NORMAL not in scored.classes:
        return np.zeros(len(scored.truth), bool)
    return (scored.truth == scored.classes.index(data.NORMAL)) & (np.nan_to_num(scored.painted) > 0)


def _entry(scored: Scored, index: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"index": index, "name": scored.names[index]}
    entry["truth"] = scored.classes[scored.truth[index]]
    if scored.classifies:
        said = int(scored.probabilities[index].argmax())
        entry |= {"answer": scored.classes[said], "probability": float(scored.probabilities[index, said])}
        entry["abstained"] = bool(scored.abstained[index])
    if not np.isnan(scored.dice[index]):
        entry["dice"] = float(scored.dice[index])
    return entry | {"reason": "; ".join(_reasons(scored, index, entry)) or "none seen"}


def _reasons(scored: Scored, index: int, entry: dict[str, Any]) -> list[str]:
    reasons = []
    if entry.get("answer", entry["truth"]) != entry["truth"]:
        reasons.append("misread, though it abstained" if entry["abstained"] else "misread")
    if _false_lesions(scored)[index]:
        reasons.append("a lesion painted on normal tissue")
    if "dice" in entry:
        reasons += _of_the_mask(entry["dice"], float(scored.painted[index]), float(scored.drawn[index]))
    if scored.drawn[index] and scored.drawn[index] < SMALL:
        reasons.append(f"a small lesion ({scored.drawn[index]:.1%} of the picture)")
    if scored.drawn[index] > LARGE:
        reasons.append(f"a lesion that fills the picture ({scored.drawn[index]:.0%})")
    return reasons


def _of_the_mask(dice: float, painted: float, drawn: float) -> list[str]:
    if painted == 0:
        return ["nothing painted"]
    if dice < 0.1:
        return ["painted elsewhere"]
    if dice > 0.8:
        return []
    if painted > 1.5 * drawn:
        return [f"{painted / drawn:.1f} times the lesion painted"]
    return ["a part of the lesion painted"] if painted < drawn / 1.5 else ["its edge missed"]

"""From logits to probabilities that mean what they say, and to the decision not to commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEWEST = 20  # pictures in a reliability bin below which nothing is said


@dataclass(frozen=True)
class Reliability:
    """How often pictures of one score turned out to be of one class, in the calibration set.

    Attributes
    ----------
    name : str
        The class.
    edges : tuple[float, ...]
        Bounds of the bins of calibrated probability, from 0 to 1; one more than bins.
    count, positive : tuple[int, ...]
        Pictures in each bin, and those of the class among them.
    """

    name: str
    edges: tuple[float, ...]
    count: tuple[int, ...]
    positive: tuple[int, ...]

    def bin(self, probability: float) -> int:
        """Return the index of the bin that holds a probability in 0..1."""
        index = int(np.searchsorted(self.edges, probability, side="right")) - 1
        return min(max(index, 0), len(self.count) - 1)


@dataclass(frozen=True)
class Calibration:
    """Vector scaling (Guo et al., ICML 2017, arXiv:1706.04599) with the bins and the band that go with it.

    Attributes
    ----------
    classes : tuple[str, ...]
    scale, bias : tuple[float, ...]
        For each class: probabilities are the softmax of ``scale * logits + bias``. Temperature scaling is the
        case of equal scales and no bias.
    reliability : Reliability
    below : float
        The model abstains where its largest probability is smaller.
    set : str
        Which pictures the parameters come from, in words.
    """

    classes: tuple[str, ...]
    scale: tuple[float, ...]
    bias: tuple[float, ...]
    reliability: Reliability
    below: float
    set: str

    @classmethod
    def none(cls) -> Calibration:
        """Return that of a network without classes, which has no probabilities to calibrate."""
        return cls((), (), (), Reliability("", (0.0, 1.0), (0,), (0,)), 0.0, "")

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return calibrated probabilities of logits (C,) or (B, C), of the same shape, in 0..1, sum 1."""
        scaled = np.asarray(logits, np.float64) * np.array(self.scale) + np.array(self.bias)
        return softmax(scaled)

    def abstains(self, probabilities: NDArray[np.floating]) -> bool:
        """Return whether the model does not commit itself on a picture with these probabilities (C,)."""
        return bool(np.max(probabilities) < self.below)

    def sentence(self, probabilities: NDArray[np.floating]) -> str:
        """Say what became of pictures scored like this one, of calibrated probabilities (C,)."""
        table = self.reliability
        index = table.bin(float(probabilities[self.classes.index(table.name)]))
        count, positive = table.count[index], table.positive[index]
        if count < FEWEST:
            return f"Only {count} images of the calibration set scored like this: too few for a figure."
        return _became(table.name, round(100 * positive / count), positive, count)

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest's ``calibration`` and ``abstain`` entries."""
        table = self.reliability
        return {
            "calibration": {
                "method": "vector-scaling",
                "scale": list(self.scale),
                "bias": list(self.bias),
                "set": self.set,
                "reliability": {
                    "class": table.name,
                    "edges": list(table.edges),
                    "count": list(table.count),
                    "positive": list(table.positive),
                },
            },
            "abstain": {"method": "largest-probability", "below": self.below},
        }

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> Calibration:
        """Read the entries `as_dict` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            Where an entry is missing, of another kind, or does not fit the others.
        """
        entry, abstain = manifest["calibration"], manifest["abstain"]
        if entry["method"] != "vector-scaling" or abstain["method"] != "largest-probability":
            raise ValueError("unknown calibration or abstention method")
        table = entry["reliability"]
        classes = tuple(str(name) for name in manifest["classes"])
        reliability = Reliability(
            str(table["class"]),
            tuple(float(edge) for edge in table["edges"]),
            tuple(int(count) for count in table["count"]),
            tuple(int(count) for count in table["positive"]),
        )
        scale = tuple(float(value) for value in entry["scale"])
        bias = tuple(float(value) for value in entry["bias"])
        calibration = cls(classes, scale, bias, reliability, float(abstain["below"]), str(entry["set"]))
        calibration._check()
        return calibration

    def _check(self) -> None:
        table = self.reliability
        if not len(self.classes) == len(self.scale) == len(self.bias):
            raise ValueError("calibration needs one scale and one bias for each class")
        if self.classes and table.name not in self.classes:
            raise ValueError(f"reliability bins are of an unknown class {table.name}")
        if not len(table.edges) - 1 == len(table.count) == len(table.positive) or len(table.count) < 1:
            raise ValueError("reliability bins and their edges do not fit")
        if not np.isfinite([*self.scale, *self.bias, *table.edges, self.below]).all():
            raise ValueError("calibration values are not finite")
        if list(table.edges) != sorted(table.edges):
            raise ValueError("the edges of the reliability bins do not rise")


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the softmax over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return result


def _became(name: str, share: int, positive: int, count: int) -> str:
    if name == "lesion":
        return (
            f"Of 100 images scored like this in the calibration set, about {share} showed a lesion "
            f"({positive} of {count})."
        )
    if name == "idc":
        return (
            f"Of 100 images scored like this in the calibration set, about {share} showed invasive "
            f"carcinoma ({positive} of {count})."
        )
    return (
        f"Of 100 images scored like this in the calibration set, about {share} were {name} "
        f"({positive} of {count})."
    )

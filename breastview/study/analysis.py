"""What the AI says about one frame, with everything needed to judge it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from breastview.study.kind import Kind
from breastview.study.segmentation import MaskSource

NO_MASK = "no-mask"
"""Code of the flag of a model that only classifies."""

SUREST_PATCH = "surest-patch"
"""Code of the flag of a field that was read patch by patch."""


@dataclass(frozen=True)
class BundleStamp:
    """Which model spoke: name, version and content hash (first 12 hex digits of the manifest's SHA-256)."""

    name: str
    version: str
    hash: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.hash})"


@dataclass(frozen=True)
class Flag:
    """Something about the picture that weakens the reading.

    Attributes
    ----------
    code : str
        Stable name for files: ``"not-ultrasound"``, ``"doppler"``, ``"too-small"``, ``"heat-outside"``, ...
    text : str
        A short sentence for the reader.
    refuses : bool
        Whether no score may be shown.
    boxes : tuple of (x, y, width, height)
        Where on the original what it speaks of lies, in px; empty where it concerns all of it.
    """

    code: str
    text: str
    refuses: bool = False
    boxes: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True)
class Finding:
    """One connected lesion of the segmentation, measured on the original's pixels.

    Attributes
    ----------
    contour : tuple of (float, float)
        Closed outline, (x, y) in px of the original.
    area_px : int
        Pixels inside.
    long_px, short_px : float
        Longest caliper diameter, and the longest one at right angles to it, in px.
    long_ends, short_ends : pair of (x, y)
        End points of the two diameters, in px.
    width_px, depth_px : float
        Extent along the rows (parallel to the skin) and along the columns, in px.
    long_mm, short_mm, area_mm2 : float or None
        The same in mm, only where one calibrated region holds the whole lesion.
    number : int
        Of the lesion as the reader sees it (1, 2, ...); 0: its place in the order of the findings.
    source : MaskSource
        Who drew it.
    """

    contour: tuple[tuple[float, float], ...]
    area_px: int
    long_px: float
    short_px: float
    long_ends: tuple[tuple[float, float], tuple[float, float]]
    short_ends: tuple[tuple[float, float], tuple[float, float]]
    width_px: float
    depth_px: float
    long_mm: float | None = None
    short_mm: float | None = None
    area_mm2: float | None = None
    calibration_source: str = ""
    number: int = 0
    source: MaskSource = MaskSource.AI


@dataclass(frozen=True, eq=False)
class Heat:
    """Grad-CAM maps on the original's pixels.

    Attributes
    ----------
    classes : ndarray
        ``(C, h, w)`` float32 in 0..1, one map a class, each scaled to its own maximum, in the network's
        coarse coordinates; `placement` puts them on the original.
    segmenter : ndarray
        ``(h2, w2)`` float32 in 0..1: what drove the mask.
    placement : tuple of float
        ``(x, y, width, height)`` of the maps' full extent in px of the original (may lie partly outside it:
        the letterbox's borders).
    share_inside : tuple of float or None
        For each class the share of its heat that lies inside the mask; None without a lesion.
    """

    classes: NDArray[np.float32]
    segmenter: NDArray[np.float32]
    placement: tuple[float, float, float, float]
    share_inside: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Analysis:
    """The AI's reading of one frame.

    Attributes
    ----------
    bundle : BundleStamp
        Which model.
    classes : tuple of str
        Names in the order of `probabilities`.
    probabilities : tuple of float or None
        Calibrated, sum 1; None where the input gate refused.
    abstained : bool
        The probabilities lie in the band where the model does not commit itself.
    sentence : str
        The calibrated sentence ("Of 100 images scored like this in the calibration set, about 12 were
        malignant.") or why there is none.
    mask : ndarray
        ``(rows, columns)`` bool on the original's pixels.
    mask_probability : ndarray
        ``(h, w)`` uint8, 255 = certain, in the letterbox's inner picture; covers the original exactly. One
        pixel where the model draws no mask.
    findings : tuple of Finding
        Largest first.
    heat : Heat
        Grad-CAM of classifier and segmenter.
    flags : tuple of Flag
        What weakens the reading.
    device : str
        ``"CPU"`` or the GPU's name.
    milliseconds : float
        Time of the compiled graph call.
    abstains_below : float or None
        Largest probability below which the model does not commit itself; None where it is not known.
    kind : Kind or None
        As what kind of picture it was read; None where it is of no kind that is known, and so refused.
    experimental : bool
        Whether too little is known of the model to be more than a demonstration.
    suspicious : str
        Name of the class that is to be found (``"malignant"``, ``"idc"``).
    area_share : float or None
        Share of the tissue's area that is called suspicious, 0..1; histology alone.
    """

    bundle: BundleStamp
    classes: tuple[str, ...]
    probabilities: tuple[float, ...] | None
    abstained: bool
    sentence: str
    mask: NDArray[np.bool_]
    mask_probability: NDArray[np.uint8]
    findings: tuple[Finding, ...]
    heat: Heat
    flags: tuple[Flag, ...] = ()
    calibration_set: str = ""
    device: str = ""
    milliseconds: float = 0.0
    made_at: str = field(default="")
    abstains_below: float | None = None
    kind: Kind | None = Kind.ULTRASOUND
    experimental: bool = False
    suspicious: str = "malignant"
    area_share: float | None = None

    def __post_init__(self) -> None:
        if self.probabilities is not None and self.refused:
            raise ValueError("an analysis that the input gate refused holds no probabilities")

    @property
    def refused(self) -> bool:
        """Whether the input gate allows no score."""
        return any(flag.refuses for flag in self.flags)

    @property
    def draws_mask(self) -> bool:
        """Whether the model draws masks at all; where not, an empty one says nothing."""
        return all(flag.code != NO_MASK for flag in self.flags)

    @property
    def maps_patches(self) -> bool:
        """Whether the classes' heat is a map of the patches' own probabilities, and no Grad-CAM."""
        return any(flag.code == SUREST_PATCH for flag in self.flags)

    @property
    def top(self) -> int | None:
        """Index of the most probable class, None where refused."""
        return None if self.probabilities is None else int(np.argmax(self.probabilities))

    @property
    def suspicion(self) -> float | None:
        """Calibrated probability of the suspicious class, None where there is none."""
        return self.probability(self.suspicious)

    def probability(self, name: str) -> float | None:
        """Return the calibrated probability of a class by name, None where refused or unknown."""
        if self.probabilities is None or name not in self.classes:
            return None
        return self.probabilities[self.classes.index(name)]


def numbered(findings: tuple[Finding, ...]) -> tuple[tuple[int, Finding], ...]:
    """Return findings with the numbers they are called by, in the order of these."""
    pairs = ((finding.number or place, finding) for place, finding in enumerate(findings, 1))
    return tuple(sorted(pairs, key=lambda pair: pair[0]))

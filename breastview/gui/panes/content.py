"""What there is to see, apart from how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from breastview.gui.panes.layers import HeatLayer, MaskLayer, PictureLayer, boxed
from breastview.gui.panes.look import SEGMENTER
from breastview.gui.panes.outlines import OutlineLayer
from breastview.imaging.dice import dice
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels


@dataclass(frozen=True)
class Note:
    """A line about the AI: that it is reading, or why it has nothing to say."""

    text: str = ""
    failed: bool = False


@dataclass(frozen=True, eq=False)
class Overlays:
    """The layers of one analysis, each made when first drawn."""

    analysis: Analysis
    size: tuple[int, int]
    heats: dict[int | None, HeatLayer] = field(default_factory=dict)

    @cached_property
    def mask(self) -> MaskLayer:
        """The fill of the mask."""
        return MaskLayer(self.analysis.mask)

    @cached_property
    def outlines(self) -> OutlineLayer:
        """The outlines of the findings."""
        return OutlineLayer(finding.contour for finding in self.analysis.findings)

    def source(self, wanted: str) -> str:
        """Return whose heat is shown: a class name, `SEGMENTER`, or empty where there is none."""
        if wanted == SEGMENTER or wanted in self.analysis.classes:
            return wanted
        return "" if self.analysis.top is None else self.analysis.classes[self.analysis.top]

    def heat(self, source: str) -> HeatLayer | None:
        """Return the layer of a source that `source` gave."""
        if not source:
            return None
        index = None if source == SEGMENTER else self.analysis.classes.index(source)
        if index not in self.heats:
            heat = self.analysis.heat
            values = heat.segmenter if index is None else heat.classes[index]
            self.heats[index] = HeatLayer(values, heat.placement, self.size)
        return self.heats[index]

    def share_inside(self, source: str) -> float | None:
        """Return the share of a class's heat inside the mask, None for the segmenter and without a lesion."""
        shares = self.analysis.heat.share_inside
        if shares is None or source not in self.analysis.classes:
            return None
        return shares[self.analysis.classes.index(source)]


@dataclass(frozen=True, eq=False)
class Truth:
    """The ground truth beside a picture."""

    mask: NDArray[np.bool_]

    @cached_property
    def outlines(self) -> OutlineLayer:
        """Its outlines, holes included; looked for within the bounding box only."""
        from breastview.imaging.contours import outlines

        x, y, part = boxed(self.mask)
        return OutlineLayer(line + np.array((x, y)) for line in outlines(part))


@dataclass(frozen=True, eq=False)
class Content:
    """One frame with everything known about it, or a message instead.

    Attributes
    ----------
    pixels, instance : FramePixels and Instance, or None
        None: there is no picture.
    frame : int
        Counted from 0.
    picture : PictureLayer or None
        Draws `pixels`; carried over, so that an arriving analysis samples nothing again.
    overlays : Overlays or None
        Of an analysis of this very frame.
    truth : Truth or None
        Ground truth of the picture's size.
    message : str
        Shown instead of the picture.
    note : Note
        About the AI, beside the picture.
    """

    pixels: FramePixels | None = None
    instance: Instance | None = None
    frame: int = 0
    picture: PictureLayer | None = None
    overlays: Overlays | None = None
    truth: Truth | None = None
    message: str = ""
    note: Note = Note()

    @cached_property
    def dice(self) -> float | None:
        """Dice of mask and ground truth, None unless there are both."""
        if self.overlays is None or self.truth is None:
            return None
        return dice(self.overlays.analysis.mask, self.truth.mask)

    @property
    def size(self) -> tuple[int, int] | None:
        """Rows and columns of the picture."""
        return None if self.pixels is None else self.pixels.size

    def with_analysis(self, analysis: Analysis | None) -> Content:
        """Return the content with an analysis; one that is not of this picture's size is left out."""
        fits = analysis is not None and analysis.mask.shape == self.size
        overlays = Overlays(analysis, analysis.mask.shape) if analysis is not None and fits else None
        return replace(self, overlays=overlays, note=Note() if fits else self.note)

    def with_truth(self, mask: NDArray[np.bool_] | None) -> Content:
        """Return the content with a ground truth; one that is not of this picture's size is left out."""
        fits = mask is not None and mask.shape == self.size
        return replace(self, truth=Truth(mask) if mask is not None and fits else None)

    def with_message(self, message: str) -> Content:
        """Return the content with a message over it; an empty one uncovers the picture."""
        return replace(self, message=message)

    def with_note(self, note: Note) -> Content:
        """Return the content with another line about the AI."""
        return replace(self, note=note)


def opened(pixels: FramePixels | None, instance: Instance | None, frame: int) -> Content:
    """Return the content of a frame of which nothing but the picture is known yet."""
    return Content(pixels, instance, frame, None if pixels is None else PictureLayer(pixels))

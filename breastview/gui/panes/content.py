"""What there is to see, apart from how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from breastview.gui.panes.foreign_layer import ForeignLayers
from breastview.gui.panes.layers import HeatLayer, PictureLayer, boxed
from breastview.gui.panes.look import SEGMENTER
from breastview.gui.panes.outlines import OutlineLayer
from breastview.gui.panes.outlines_lesions import Lesions, of_ai
from breastview.gui.panes.outlines_live import LiveMask
from breastview.imaging.dice import dice
from breastview.study.analysis import Analysis
from breastview.study.calibration import UNCALIBRATED, Calibration
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

NO_FOREIGN = ForeignLayers()


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
    def lesions(self) -> Lesions:
        """The AI's lesions."""
        return of_ai(self.analysis)

    @property
    def has_probability(self) -> bool:
        """Whether the segmenter had anything to say; not where the input gate refused."""
        return not self.analysis.refused and self.analysis.mask_probability.size > 1

    @cached_property
    def probability(self) -> HeatLayer:
        """The segmenter's output over the picture."""
        levels = self.analysis.mask_probability.astype(np.float32) / np.float32(255)
        return HeatLayer(levels, (0.0, 0.0, float(self.size[1]), float(self.size[0])), self.size)

    @property
    def sources(self) -> tuple[str, ...]:
        """Whose heat there is: the classes, and `SEGMENTER` where the model draws a mask."""
        return (*self.analysis.classes, *((SEGMENTER,) if self.analysis.draws_mask else ()))

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
    edited : Lesions or None
        The reader's, which go before the AI's.
    live : LiveMask or None
        The mask that is being drawn at this moment, shown instead of any other.
    truth : Truth or None
        Ground truth of the picture's size.
    message : str
        Shown instead of the picture.
    note : Note
        About the AI, beside the picture.
    foreign : ForeignLayers
        What other systems drew over it.
    title : str
        Which of several pictures this is ("R CC", "2024-01-31, 2 years earlier"); empty where it is alone.
    ruler : Calibration or None
        The reader's own, which goes before the file's.
    """

    pixels: FramePixels | None = None
    instance: Instance | None = None
    frame: int = 0
    picture: PictureLayer | None = None
    overlays: Overlays | None = None
    edited: Lesions | None = None
    live: LiveMask | None = None
    truth: Truth | None = None
    message: str = ""
    note: Note = Note()
    title: str = ""
    ruler: Calibration | None = None
    foreign: ForeignLayers = NO_FOREIGN

    @cached_property
    def dice(self) -> float | None:
        """Dice of mask and ground truth, None unless there are both."""
        if self.lesions is None or self.truth is None:
            return None
        return dice(self.lesions.mask, self.truth.mask)

    @property
    def lesions(self) -> Lesions | None:
        """The lesions that count: the reader's, else the AI's."""
        return self.edited or (self.overlays.lesions if self.overlays is not None else None)

    def share_inside(self, source: str) -> float | None:
        """Return the share of a class's heat inside the mask, None for the segmenter and without a lesion."""
        shares = self.lesions.shares if self.lesions is not None else None
        if self.overlays is None or shares is None or source not in self.overlays.analysis.classes:
            return None
        return shares[self.overlays.analysis.classes.index(source)]

    @property
    def size(self) -> tuple[int, int] | None:
        """Rows and columns of the picture."""
        return None if self.pixels is None else self.pixels.size

    @property
    def calibration(self) -> Calibration:
        """Where the frame's millimetres come from."""
        if self.ruler is not None:
            return self.ruler
        return UNCALIBRATED if self.instance is None else self.instance.calibration(self.frame)

    @property
    def aspect(self) -> float:
        """Height of a px over its width: by its millimetres, else as the file tells it."""
        if self.calibration.regions or self.instance is None:
            return self.calibration.aspect
        return self.instance.pixel_aspect

    def with_analysis(self, analysis: Analysis | None) -> Content:
        """Return the content with an analysis; one that is not of this picture's size is left out."""
        fits = analysis is not None and analysis.mask.shape == self.size
        overlays = Overlays(analysis, analysis.mask.shape) if analysis is not None and fits else None
        return replace(self, overlays=overlays, note=Note() if fits else self.note)

    def with_lesions(self, lesions: Lesions | None) -> Content:
        """Return the content with the reader's lesions; those of another picture's size are left out."""
        fits = lesions is not None and lesions.mask.shape == self.size
        return replace(self, edited=lesions if fits else None, live=None)

    def with_truth(self, mask: NDArray[np.bool_] | None) -> Content:
        """Return the content with a ground truth; one that is not of this picture's size is left out."""
        fits = mask is not None and mask.shape == self.size
        return replace(self, truth=Truth(mask) if mask is not None and fits else None)

    def with_message(self, message: str) -> Content:
        """Return the content with a message over it; an empty one uncovers the picture."""
        return replace(self, message=message)

    def with_title(self, title: str) -> Content:
        """Return the content with another title."""
        return replace(self, title=title)

    def with_note(self, note: Note) -> Content:
        """Return the content with another line about the AI."""
        return replace(self, note=note)


def opened(pixels: FramePixels | None, instance: Instance | None, frame: int) -> Content:
    """Return the content of a frame of which nothing but the picture is known yet."""
    return Content(pixels, instance, frame, None if pixels is None else PictureLayer(pixels))

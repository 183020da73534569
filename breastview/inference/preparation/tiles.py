"""A field of tissue of any size, read in overlapping patches: a map of where what is sought is likely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging import contours, measure
from breastview.imaging.letterbox import Letterbox, squared
from breastview.imaging.overlay import heat_levels
from breastview.imaging.tiling import Map, Tiling
from breastview.imaging.tissue import tissue
from breastview.imaging.window import to_display
from breastview.inference import gate, interpretation
from breastview.inference.interpretation import Question
from breastview.inference.preparation._protocol import Prepared
from breastview.language import mark
from breastview.study.analysis import NO_MASK, SUREST_PATCH, Analysis, Flag, Heat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.preparation._protocol import Squares
    from breastview.inference.runtime import RawOutput
    from breastview.study.calibration import Calibration
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels

BATCH = 32
"""Tiles in memory at a time."""

LEAST_SIDE = 32
"""Smallest side of a patch in px: less shows no tissue."""

LEAST_TISSUE = 0.05
"""Share of tissue below which a tile of a larger field is not read."""

SMALLEST = 0.25
"""Areas of less than this share of a tile are no areas of their own."""

LONE = Flag(NO_MASK, mark("A single patch: it gets a probability as a whole, no outline."))
"""What is said of a picture of one tile."""

_SAME_SIZE = 0.05  # relative difference of pixel sizes up to which a field is not resampled
_COARSE = 1.5  # how much coarser than the model's a picture may be before that is mentioned


@dataclass(frozen=True, eq=False)
class Tiled(Prepared):
    """A field in tiles, with the way back.

    Attributes
    ----------
    question : Question
    tiling : Tiling
        Over the field at the model's pixel size.
    places : ndarray, shape (n, 2)
        Of the tiles that are read.
    stained : ndarray, shape ``tiling.grid``, float32
        Share of tissue in each cell of the map.
    """

    question: Question
    tiling: Tiling
    places: NDArray[np.int64]
    stained: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many tiles are read."""
        return len(self.places)


class TilesPreparation:
    """See `inference.preparation.Preparation`."""

    def prepare(self, bundle: Bundle, instance: Instance, frame: int, pixels: FramePixels) -> Tiled:
        """Return the field in tiles; those of bare glass are left out."""
        picture = to_display(pixels)
        calibration = instance.calibration(frame)
        box = Letterbox(picture.shape[0], picture.shape[1], bundle.size)
        flags = gate.inspect(instance, picture, bundle.modality, frame, LEAST_SIDE)
        if any(flag.refuses for flag in flags):
            return _without(flags, Question(box, calibration, flags))
        field, said = _at_size(_coloured(picture), calibration, bundle.intended.um_per_px)
        rows, columns = field.shape[:2]
        tiling = Tiling(rows, columns, bundle.intended.tile or max(rows, columns), bundle.intended.overlap)
        stained = tiling.shares(tissue(field))
        places = _with_tissue(tiling, stained)
        if not len(places):
            nothing = mark("No tissue is seen: the picture is all but bare glass.")
            flags = (Flag("no-tissue", nothing, refuses=True), *flags)
            return _without(flags, Question(box, calibration, flags))
        if len(tiling.places) > 1:
            said = [*said, _surest(len(places))]
        flags = (*flags, *said)
        squares = _squares(field, tiling, places, bundle.size)
        return Tiled(squares, flags, Question(box, calibration, flags), tiling, places, stained)

    def interpret(
        self, bundle: Bundle, prepared: Tiled, outputs: Iterable[RawOutput], device: str
    ) -> Analysis:
        """Return the map over the field, and what follows from it.

        The probability of the picture is that of its surest tile; the mask is the map from the bundle's
        threshold on, where there is tissue. A picture of one tile has neither map nor mask: all of it is one
        place.
        """
        if prepared.refused:
            return interpretation.refusal(bundle, prepared.question)
        rows: list[NDArray[np.float64]] = []
        maps: NDArray[np.float32] | None = None
        spent = 0.0
        for raw in outputs:
            rows.append(bundle.calibration.probabilities(raw.logits))
            maps = raw.class_maps[0]
            spent += raw.milliseconds
        each = np.concatenate(rows)
        sought = bundle.classes.index(bundle.suspicious)
        surest = each[int(each[:, sought].argmax())]
        reading = replace(_scored(bundle, prepared, surest), device=device, milliseconds=spent)
        if len(prepared.tiling.places) == 1 and maps is not None:
            return replace(reading, flags=(*reading.flags, LONE), heat=_grad_cam(prepared, maps))
        return _mapped(reading, bundle, prepared, each[:, sought])


PREPARATION = TilesPreparation()


@dataclass(frozen=True, eq=False)
class _Field:
    """The map of what is sought.

    Attributes
    ----------
    levels : ndarray, shape ``tiling.grid``, uint8
        Probability, 255 = 1; 0 where there is no tissue.
    mask : ndarray, shape (rows, columns), bool
        On the picture's own pixels.
    share : float
        Of the tissue's area, 0..1.
    """

    levels: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    share: float

    @classmethod
    def of(cls, bundle: Bundle, prepared: Tiled, likely: NDArray[np.float64]) -> _Field:
        whole = Map(prepared.tiling)
        whole.add(prepared.places, likely)
        stained = prepared.stained
        values = np.where(stained > 0, whole.values(), np.float32(0))
        limit = bundle.thresholds.mask
        share = float(stained[values >= limit].sum() / stained.sum())
        levels = heat_levels(values)
        mask = _enlarged(levels, prepared.question.box) >= int(np.ceil(limit * 255))
        return cls(levels, _larger_parts(mask, prepared), share)

    def heat(self, bundle: Bundle, stained: NDArray[np.float32]) -> Heat:
        """Return the map as the heat of what is sought, its complement as that of the others; not scaled."""
        sought = bundle.classes.index(bundle.suspicious)
        likely = self.levels.astype(np.float32) / np.float32(255)
        other = np.where(stained > 0, np.float32(1) - likely, np.float32(0))
        maps = np.stack([likely if place == sought else other for place in range(len(bundle.classes))])
        rows, columns = self.mask.shape
        return Heat(maps, np.zeros((1, 1), np.float32), (0.0, 0.0, float(columns), float(rows)))


def _scored(bundle: Bundle, prepared: Tiled, surest: NDArray[np.float64]) -> Analysis:
    return replace(
        interpretation.refusal(bundle, prepared.question),
        probabilities=tuple(float(p) for p in surest),
        abstained=bundle.calibration.abstains(surest),
        sentence=bundle.calibration.sentence(surest),
        mask_probability=np.zeros((1, 1), np.uint8),
        abstains_below=bundle.calibration.below,
    )


def _mapped(reading: Analysis, bundle: Bundle, prepared: Tiled, likely: NDArray[np.float64]) -> Analysis:
    found = _Field.of(bundle, prepared, likely)
    return replace(
        reading,
        mask=found.mask,
        mask_probability=found.levels,
        findings=measure.findings(found.mask, prepared.question.calibration),
        heat=found.heat(bundle, prepared.stained),
        area_share=found.share,
    )


def _without(flags: tuple[Flag, ...], question: Question) -> Tiled:
    """Return a field that is not read."""
    tiling = Tiling(question.box.height, question.box.width, question.box.side)
    nothing = np.zeros((0, question.box.size, question.box.size, 3), np.uint8)
    return Tiled(nothing, flags, question, tiling, tiling.places[:0], np.zeros(tiling.grid, np.float32))


def _surest(count: int) -> Flag:
    text = mark(
        "The probability is that of the surest of {count} patches, not of the picture: among many a high one "
        "comes by chance."
    )
    return Flag(SUREST_PATCH, text.format(count=count))


def _coloured(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)


def _at_size(
    picture: NDArray[np.uint8], calibration: Calibration, wanted: float | None
) -> tuple[NDArray[np.uint8], list[Flag]]:
    """Return the picture with pixels of the model's size, and what is to be said of that."""
    import cv2

    if wanted is None:
        return picture, []
    region = calibration.common(((0, 0), (picture.shape[1] - 1, picture.shape[0] - 1)))
    if region is None:
        text = mark("The size of a pixel is not known: the picture is read as if one were {size:g} µm wide.")
        return picture, [Flag("size-unknown", text.format(size=wanted))]
    scale = 1000 * float(np.sqrt(region.dx * region.dy)) / wanted
    flags = []
    if scale > _COARSE:
        text = mark("A pixel is {size:.2g} µm wide, coarser than the {wanted:g} µm the model was made for.")
        flags = [Flag("coarse", text.format(size=scale * wanted, wanted=wanted))]
    if abs(scale - 1) <= _SAME_SIZE:
        return picture, flags
    rows, columns = (max(1, round(side * scale)) for side in picture.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=method), np.uint8), flags


def _with_tissue(tiling: Tiling, stained: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the places of the tiles with enough tissue; a field of one tile is read if it has any."""
    import cv2

    if not stained.any() or len(tiling.places) == 1:
        return tiling.places if stained.any() else tiling.places[:0]
    down, across = (np.array(tiling.grid) / (tiling.rows, tiling.columns)).tolist()
    sums = cv2.integral(stained)
    top, left = (tiling.places * (down, across)).round().astype(int).T
    bottom = np.minimum(np.maximum(top + round(tiling.tile * down), top + 1), tiling.grid[0])
    right = np.minimum(np.maximum(left + round(tiling.tile * across), left + 1), tiling.grid[1])
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return tiling.places[inside >= LEAST_TISSUE * np.maximum((bottom - top) * (right - left), 1)]


def _squares(field: NDArray[np.uint8], tiling: Tiling, places: NDArray[np.int64], size: int) -> Squares:
    if len(places) == 1:
        return squared(tiling.cut(field, places[0]), size)[None]
    return _batches(field, tiling, places, size)


def _batches(
    field: NDArray[np.uint8], tiling: Tiling, places: NDArray[np.int64], size: int
) -> Iterator[NDArray[np.uint8]]:
    for start in range(0, len(places), BATCH):
        yield np.stack([squared(tiling.cut(field, place), size) for place in places[start : start + BATCH]])


def _enlarged(levels: NDArray[np.uint8], box: Letterbox) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.resize(levels, (box.width, box.height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _larger_parts(mask: NDArray[np.bool_], prepared: Tiled) -> NDArray[np.bool_]:
    box, tiling = prepared.question.box, prepared.tiling
    side = tiling.tile * box.height / tiling.rows  # of a tile, px of the picture
    least = min(SMALLEST * side**2, mask.size)
    kept = np.zeros_like(mask)
    for part in contours.components(mask, max(1, int(least))):
        kept[part.window] |= part.mask
    return kept


def _grad_cam(prepared: Tiled, maps: NDArray[np.float32]) -> Heat:
    """Return what a lone patch's classes rest on."""
    scaled = maps / np.maximum(maps.max(axis=(1, 2), keepdims=True), 1e-12)
    return Heat(np.asarray(scaled, np.float32), np.zeros((1, 1), np.float32), prepared.question.box.placement)

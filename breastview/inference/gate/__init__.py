"""The input gate: what is plainly no picture for the model gets no score, what is doubtful gets a warning.

Header, size, colour, kind of picture, split screens, calipers and burned-in text, one file each; some
milliseconds a picture. Limits were set on one half of the pictures of ``docs/input-gate.md`` and their rates
counted on the other. The gate cannot tell a breast from another organ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging import lettering
from breastview.inference.gate import _calipers, _colour, _header, _kind, _mammogram, _screens, _stain
from breastview.inference.gate._view import View, view
from breastview.language import mark
from breastview.study.analysis import Flag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.instance import Instance

LEAST_SIDE = 64  # px
LEAST_CONTRAST = 12  # between the first and the 99th percentile, grey levels of 0..255
COLOUR_REFUSED, FLOW_REFUSED = 0.25, 0.08  # shares of px
MARKS_MENTIONED = 0.0015  # share of px
KIND_REFUSED, KIND_MENTIONED = _kind.REFUSED, 0.0  # log odds of being ultrasound
BLACK_AROUND = 24  # grey levels: text on less stands beside the scan


def inspect(
    instance: Instance,
    picture: NDArray[np.uint8],
    modality: str = "US",
    frame: int = 0,
    least_side: int = LEAST_SIDE,
) -> tuple[Flag, ...]:
    """Judge whether a picture is one the model can be asked about.

    Parameters
    ----------
    instance : Instance
        For what its header states.
    picture : ndarray, shape (rows, columns) or (rows, columns, 3), uint8
        As displayed.
    modality : str
        DICOM modality of the model's pictures, which decides what is looked for.
    frame : int
        Which frame of the instance it is, counted from 0.
    least_side : int
        Px that both sides need.

    Returns
    -------
    tuple of Flag
        Those that refuse first; mostly empty. `Flag.boxes` are in px of `picture`.
    """
    flags = [*_header.by_header(instance, modality), *_by_size(picture, least_side)]
    if not flags:
        seen = view(picture)
        flags = _by_contrast(seen)
        if not flags:
            flags = _by_modality(instance, seen, modality, frame)
    return tuple(sorted(flags, key=lambda flag: not flag.refuses))


def _by_modality(instance: Instance, seen: View, modality: str, frame: int) -> list[Flag]:
    if modality == "US":
        return _by_look(instance, seen, frame)
    if modality == "MG":
        return [*_mammogram.by_colour(seen), *_mammogram.by_projection(instance)]
    if modality == "SM":
        return _stain.by_stain(seen)
    return []


def _by_size(picture: NDArray[np.uint8], least: int) -> list[Flag]:
    rows, columns = picture.shape[:2]
    if min(rows, columns) >= least:
        return []
    text = mark("{columns} × {rows} px are too few; {least} px a side are needed.")
    return [Flag("too-small", text.format(columns=columns, rows=rows, least=least), refuses=True)]


def _by_contrast(seen: View) -> list[Flag]:
    low, high = np.percentile(seen.grey[::4, ::4], (1, 99))
    if high - low >= LEAST_CONTRAST:
        return []
    return [Flag("blank", mark("The picture is all but blank."), refuses=True)]


def _by_look(instance: Instance, seen: View, frame: int) -> list[Flag]:
    stated = _header.accepted(instance, "US")
    flags = [*_by_colour(seen), *_by_kind(seen, stated)]
    if any(flag.refuses for flag in flags):
        return flags  # marks on what is no ultrasound are of no interest
    return [*flags, *_by_screens(instance, seen, frame), *_by_marks(seen)]


def _by_colour(seen: View) -> list[Flag]:
    found = _colour.colours(seen.picture)
    flags = []
    if found.map_box is not None:
        box = found.map_box
        share = box[2] * box[3] / seen.grey.size
        text = mark("A map of colours covers {share} of the picture (elastography?): no B-mode ultrasound.")
        return [_flag("elastography", text.format(share=_percent(share)), seen, [box], refuses=True)]
    if found.one_hue and found.share >= COLOUR_REFUSED:
        return [Flag("tint", mark("The grey scale is tinted; it is read as grey."))]
    if found.flow_boxes:
        text = mark("Doppler colour ({share}): the model was made for grey pictures.")
        refuses = found.flow >= FLOW_REFUSED
        flags.append(
            _flag("doppler", text.format(share=_percent(found.flow)), seen, list(found.flow_boxes), refuses)
        )
    if found.share - found.flow >= COLOUR_REFUSED:
        text = mark("{share} of the picture is coloured: no B-mode ultrasound (photograph, stain?).")
        return [*flags, Flag("colour", text.format(share=_percent(found.share)), refuses=True)]
    if found.marks >= MARKS_MENTIONED and found.marks_box is not None:
        text = mark("Coloured lines or letters are burned in ({share} of the picture).")
        flags.append(_flag("colour-marks", text.format(share=_percent(found.marks)), seen, [found.marks_box]))
    return flags


def _by_kind(seen: View, stated: bool) -> list[Flag]:
    """Judge the whole look. A header that states ultrasound is believed: whole screens are common there."""
    likeness = _kind.likeness(seen.grey)
    if likeness < KIND_REFUSED and not stated:
        text = mark("It does not look like ultrasound (mammogram, photograph, document?).")
        return [Flag("not-ultrasound", text, refuses=True)]
    if likeness < KIND_MENTIONED:
        text = mark("It looks unlike the breast ultrasound the model knows (wide borders, another organ?).")
        return [Flag("unlike", text)]
    return []


def _by_screens(instance: Instance, seen: View, frame: int) -> list[Flag]:
    column = _screens.divider(seen.grey)
    beside = _header.side_by_side(instance.calibration(frame).regions, instance.columns)
    if column is None and not beside:
        return []
    boxes = []
    if column is not None:
        rows, columns = seen.grey.shape
        boxes = [(0, 0, column, rows), (column, 0, columns - column, rows)]
    text = mark("Two pictures side by side: the model reads one at a time. Cut them apart and open each.")
    return [_flag("split", text, seen, boxes, refuses=True)]


def _by_marks(seen: View) -> list[Flag]:
    lines = lettering.text_lines(seen.bright)
    flags = []
    crosses = _calipers.marks(seen.bright, lines)
    if crosses:
        text = mark("Calipers are burned in ({count} marks): they tell the model where to look.")
        boxes = [(c.x - c.arm - 3, c.y - c.arm - 3, 2 * c.arm + 7, 2 * c.arm + 7) for c in crosses]
        flags.append(_flag("calipers", text.format(count=len(crosses)), seen, boxes))
    if lines:
        flags.append(_by_text(seen, lines))
    return flags


def _by_text(seen: View, lines: list[tuple[int, int, int, int]]) -> Flag:
    boxes = [(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in lines]
    inside = [box for box, line in zip(boxes, lines, strict=True) if _on_tissue(seen.grey, line)]
    share = sum(width * height for _, _, width, height in inside or boxes) / seen.grey.size
    text = (
        mark("Text is burned into the scan ({share} of the picture); it may name the patient.")
        if inside
        else mark("Text is burned in beside the scan ({share} of the picture); it may name the patient.")
    )
    return _flag("text", text.format(share=_percent(share)), seen, inside or boxes)


def _on_tissue(grey: NDArray[np.uint8], line: tuple[int, int, int, int]) -> bool:
    """Return whether what lies around a line of text, half its height wide, is mostly not black."""
    left, top, right, bottom = line
    reach = max(3, (bottom - top) // 2)
    above, below = grey[max(0, top - reach) : top, left:right], grey[bottom : bottom + reach, left:right]
    around = np.concatenate([above.ravel(), below.ravel()])
    return bool(around.size and np.mean(around) >= BLACK_AROUND)


def _flag(
    code: str, text: str, seen: View, boxes: list[tuple[int, int, int, int]], refuses: bool = False
) -> Flag:
    return Flag(code, text, refuses, tuple(seen.on_original(*box) for box in boxes))


def _percent(share: float) -> str:
    if share >= 0.01:
        return f"{share:.0%}"
    return f"{share:.1%}" if share >= 0.001 else mark("less than 0.1%")

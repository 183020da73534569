"""The key image of a reading: its panes side by side with captions, bars, sizes and the research-use line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from breastview import RESEARCH_USE, paths
from breastview.exporters import _measured, _panes
from breastview.exporters._outlined import title as _outlined_by
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._scale import bar_length, true_spacing
from breastview.imaging import colour_maps, overlay, regions
from breastview.language import said, tr
from breastview.study.ai_words import area_share, edited_area, experimental, heat_title
from breastview.study.reading import Reading

_LARGEST, _SMALLEST = 1400, 480
"""Longer side of a pane in px: large ones shrink to fit a slide, small ones grow, for the captions' sake."""
_GAP, _BAND, _LINE = 12, 30, 22
_SMALL, _LARGE, _FINER = 13, 15, 4
Colour = tuple[int, int, int]
_BACKGROUND, _TEXT, _MUTED = (16, 18, 20), (215, 219, 224), (139, 148, 158)


def compose(reading: Reading, options: ExportOptions) -> Image.Image:
    """Return the panes of a reading side by side with captions, bars and the research-use line.

    Where the AI gave no answer there is the original alone, and the reason below it.
    """
    scale = _scale(reading)
    rows, columns = round(reading.instance.rows * scale), round(reading.instance.columns * scale)
    images = _panes.panes(reading, options, rows, columns)
    if _panes.MASK in images:
        images[_panes.MASK] = _outlined(images[_panes.MASK], reading, options, scale)
    drawn = _measured.measured(reading)
    marked = _panes.MASK if _panes.MASK in images else _panes.ORIGINAL
    images[marked] = _with_measurements(images[marked], drawn, scale)
    width = max(len(images) * (columns + _GAP) + _GAP, 640)
    statement = _lines(_statement(reading), width - 2 * _GAP)
    statement += [part for one in drawn for part in _lines(one.line, width - 2 * _GAP)]
    sheet = Image.new("RGB", (width, rows + 2 * _BAND + _LINE * (len(statement) + 1) + 6), _BACKGROUND)
    for number, (kind, image) in enumerate(images.items()):
        x = _GAP + number * (columns + _GAP)
        sheet.paste(Image.fromarray(image).convert("RGB"), (x, _BAND))
        _write_line(sheet, (x, _BAND // 2), _caption(kind, reading), _TEXT, _LARGE)
        _scale_bar(sheet, reading, x, _BAND + rows + _BAND // 2, columns)
        if kind == _panes.HEAT:
            bar = _panes.colour_bar(options, _BACKGROUND[0], segmenter=reading.heat_index is None)
            _colour_bar(sheet, bar, x + columns, _BAND + rows + _BAND // 2)
    for number, line in enumerate((*statement, tr(RESEARCH_USE))):
        colour = _TEXT if number < len(statement) else _MUTED
        _write_line(sheet, (_GAP, rows + 2 * _BAND + number * _LINE + _LINE // 2), line, colour, _SMALL)
    return sheet


def _scale(reading: Reading) -> float:
    longest = max(reading.instance.rows, reading.instance.columns)
    return min(max(1.0, _SMALLEST / longest), _LARGEST / longest)


def _outlined(image: _panes.Image, reading: Reading, options: ExportOptions, scale: float) -> _panes.Image:
    contours = [finding.contour for finding in reading.findings]
    colour = colour_maps.MASK_COLOURS.get(options.mask_colour, colour_maps.MASK_COLOURS["cyan"])
    return overlay.draw_contours(image, contours, colour, options.contour_width, scale)


def _with_measurements(
    image: _panes.Image, drawn: Sequence[_measured.Measured], scale: float
) -> _panes.Image:
    """Draw the reader's lines with their numbers; the numbers' values stand below the pictures."""
    if not drawn:
        return image
    lined = np.asarray(Image.fromarray(image).convert("RGB"))
    for colour, width in (((0, 0, 0), 4.0), (_measured.COLOUR, 2.0)):
        for one in drawn:
            for line, closed in regions.strokes(one.measurement):
                lined = overlay.draw_contours(lined, [line.tolist()], colour, width, scale, closed)
    sheet = Image.fromarray(lined)
    for one in drawn:
        x, y = ((value + 0.5) * scale for value in _measured.tag_place(one.measurement))
        size = _font(_SMALL).getlength(str(one.number)) + 6
        left = min(max(x + 5, 1), sheet.width - size - 1)
        top = min(max(y - _SMALL - 6, 1), sheet.height - _SMALL - 5)
        ImageDraw.Draw(sheet).rectangle((left, top, left + size, top + _SMALL + 3), (0, 0, 0))
        at = round(left + 3), round(top + (_SMALL + 3) / 2)
        _write_line(sheet, at, str(one.number), _measured.COLOUR, _SMALL)
    return np.asarray(sheet)


def _caption(kind: str, reading: Reading) -> str:
    if kind == _panes.HEAT and reading.analysis:
        return heat_title(reading.analysis, _panes.heat_of(reading, reading.analysis))
    return tr("Original") if kind == _panes.ORIGINAL else _outlined_by(reading)


def _scale_bar(sheet: Image.Image, reading: Reading, x: int, y: int, columns: int) -> None:
    spacing, note = true_spacing(reading)
    if spacing is None:
        _write_line(sheet, (x, y), tr("uncalibrated, sizes in px"), _MUTED, _SMALL)
        return
    draw = ImageDraw.Draw(sheet)
    length, written = bar_length(reading.instance.columns * spacing)
    end = x + round(length / spacing * columns / reading.instance.columns)
    draw.line((x, y, end, y), _TEXT, 3)
    for edge in (x, end):
        draw.line((edge, y - 5, edge, y + 5), _TEXT, 1)
    _write_line(sheet, (end + 8, y), f"{written} {said(note)}".strip(), _TEXT, _SMALL)


def _colour_bar(sheet: Image.Image, colours: _panes.Image, right: int, y: int) -> None:
    bar = Image.fromarray(colours).resize((110, 10))
    sheet.paste(bar, (right - 150, y - 5))
    ImageDraw.Draw(sheet).rectangle((right - 151, y - 6, right - 40, y + 5), outline=_MUTED)
    _write_line(sheet, (right - 156, y), tr("low"), _MUTED, _SMALL, right=True)
    _write_line(sheet, (right, y), tr("high"), _MUTED, _SMALL, right=True)


def _statement(reading: Reading) -> str:
    """Return what the AI says, or why it says nothing."""
    if reading.analysis is None:
        return said(reading.failure) or tr("The AI has not read this picture.")
    model = f"{reading.analysis.bundle}: "
    abstains = tr("abstains.") + " " if reading.analysis.abstained and not reading.analysis.refused else ""
    of_tissue = area_share(reading.analysis), edited_area(reading.edited_area)
    further = " ".join(filter(None, (*of_tissue, experimental(reading.analysis))))
    return f"{model}{abstains}{said(reading.analysis.sentence)} {further}"


def _lines(text: str, width: int) -> list[str]:
    """Break text into lines that fit `width` px."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _font(_SMALL).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _write_line(
    sheet: Image.Image, at: tuple[int, int], text: str, colour: Colour, size: int, right: bool = False
) -> None:
    """Write a line centred on a height; it is drawn large and reduced, which spaces the letters evenly."""
    font = _font(size * _FINER)
    width, height = round(font.getlength(text)) + _FINER, 2 * size * _FINER
    ink = Image.new("L", (width, height))
    ImageDraw.Draw(ink).text((0, height / 2), text, 255, font, anchor="lm")
    ink = ink.resize((width // _FINER, height // _FINER), Image.Resampling.LANCZOS)
    sheet.paste(colour, (at[0] - (ink.width if right else 0), at[1] - ink.height // 2), ink)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(paths.resources() / "fonts" / "BreastViewNotoSans-Regular.ttf"), size)

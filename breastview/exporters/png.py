"""PNG: the key image of a frame, its three panes side by side, without anything that names the patient."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from breastview import RESEARCH_USE, __version__, paths
from breastview.exporters import _panes, _streams
from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, Record
from breastview.exporters._rows import answered
from breastview.exporters._scale import bar_length, true_spacing
from breastview.imaging import colour_maps, overlay
from breastview.study.reading import Reading

_LARGEST, _SMALLEST = 1400, 480
"""Longer side of a pane in px: large ones shrink to fit a slide, small ones grow, for the captions' sake."""
_GAP, _BAND, _LINE = 12, 30, 22
_SMALL, _LARGE, _FINER = 13, 15, 4
Colour = tuple[int, int, int]
_BACKGROUND, _TEXT, _MUTED = (16, 18, 20), (215, 219, 224), (139, 148, 158)


class PngExporter(_streams.ManyFiles):
    """A PNG file for one reading; under a folder, one a reading at its picture's relative path."""

    name = "png"
    title = "Key image (PNG)"
    suffix = ".png"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:
        """Write each key image at once; those that are finished stay when the block fails."""
        names = Names(destination, "_key.png")
        numbers = count(1)

        def add(record: Record) -> tuple[Path, ...]:
            if not isinstance(record, Reading):
                return ()
            path = names.path(record.instance, record.frame)
            if destination.suffix.lower() == self.suffix:
                number = next(numbers)
                path = destination.with_stem(f"{destination.stem}_{number}") if number > 1 else destination
            _write(compose(record, options), record, path)
            return (path,)

        yield add


def compose(reading: Reading, options: ExportOptions) -> Image.Image:
    """Return the panes of a reading side by side with captions, bars and the research-use line.

    Where the AI gave no answer there is the original alone, and the reason below it.
    """
    scale = _scale(reading)
    rows, columns = round(reading.instance.rows * scale), round(reading.instance.columns * scale)
    images = _panes.panes(reading, options, rows, columns)
    if _panes.MASK in images:
        images[_panes.MASK] = _outlined(images[_panes.MASK], reading, options, scale)
    width = max(len(images) * (columns + _GAP) + _GAP, 640)
    statement = _lines(_statement(reading), width - 2 * _GAP)
    sheet = Image.new("RGB", (width, rows + 2 * _BAND + _LINE * (len(statement) + 1) + 6), _BACKGROUND)
    for number, (kind, image) in enumerate(images.items()):
        x = _GAP + number * (columns + _GAP)
        sheet.paste(Image.fromarray(image).convert("RGB"), (x, _BAND))
        _write_line(sheet, (x, _BAND // 2), _caption(kind, reading), _TEXT, _LARGE)
        _scale_bar(sheet, reading, x, _BAND + rows + _BAND // 2, columns)
        if kind == _panes.HEAT:
            _colour_bar(sheet, options, x + columns, _BAND + rows + _BAND // 2)
    for number, line in enumerate((*statement, RESEARCH_USE)):
        colour = _TEXT if number < len(statement) else _MUTED
        _write_line(sheet, (_GAP, rows + 2 * _BAND + number * _LINE + _LINE // 2), line, colour, _SMALL)
    return sheet


def _scale(reading: Reading) -> float:
    longest = max(reading.instance.rows, reading.instance.columns)
    return min(max(1.0, _SMALLEST / longest), _LARGEST / longest)


def _outlined(
    image: _panes.Image, reading: Reading, options: ExportOptions, scale: float
) -> _panes.Image:
    analysis = answered(reading)
    contours = [finding.contour for finding in analysis.findings] if analysis else []
    colour = colour_maps.MASK_COLOURS.get(options.mask_colour, colour_maps.MASK_COLOURS["cyan"])
    return overlay.draw_contours(image, contours, colour, options.contour_width, scale)


def _caption(kind: str, reading: Reading) -> str:
    if kind == _panes.HEAT and reading.analysis and reading.heat_index is not None:
        return f"Grad-CAM: {reading.analysis.classes[reading.heat_index]}"
    return {_panes.ORIGINAL: "Original", _panes.MASK: "Segmentation (AI)"}.get(kind, "Grad-CAM")


def _scale_bar(sheet: Image.Image, reading: Reading, x: int, y: int, columns: int) -> None:
    spacing, note = true_spacing(reading)
    if spacing is None:
        _write_line(sheet, (x, y), "uncalibrated, sizes in px", _MUTED, _SMALL)
        return
    draw = ImageDraw.Draw(sheet)
    length = bar_length(reading.instance.columns * spacing)
    end = x + round(length / spacing * columns / reading.instance.columns)
    draw.line((x, y, end, y), _TEXT, 3)
    for edge in (x, end):
        draw.line((edge, y - 5, edge, y + 5), _TEXT, 1)
    _write_line(sheet, (end + 8, y), f"{length} mm {note}".strip(), _TEXT, _SMALL)


def _colour_bar(sheet: Image.Image, options: ExportOptions, right: int, y: int) -> None:
    bar = Image.fromarray(_panes.colour_bar(options, background=_BACKGROUND[0])).resize((110, 10))
    sheet.paste(bar, (right - 150, y - 5))
    ImageDraw.Draw(sheet).rectangle((right - 151, y - 6, right - 40, y + 5), outline=_MUTED)
    _write_line(sheet, (right - 156, y), "low", _MUTED, _SMALL, right=True)
    _write_line(sheet, (right, y), "high", _MUTED, _SMALL, right=True)


def _statement(reading: Reading) -> str:
    """Return what the AI says, or why it says nothing."""
    if reading.analysis is None:
        return reading.failure or "The AI has not read this picture."
    model = f"{reading.analysis.bundle}: "
    abstains = "abstains. " if reading.analysis.abstained and not reading.analysis.refused else ""
    return model + abstains + reading.analysis.sentence


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


def _write(image: Image.Image, reading: Reading, path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", f"BreastView {__version__}")
    notes.add_text("Disclaimer", RESEARCH_USE)
    if reading.analysis is not None:
        notes.add_text("Source", str(reading.analysis.bundle))
    with _streams.explained(path), paths.written_atomically(path) as temporary:
        image.save(temporary, format="PNG", pnginfo=notes)


EXPORTER = PngExporter()

"""The key images of a case with scale bars, colour bar and calipers, and what the AI says beside them."""

from __future__ import annotations

from breastview.exporters._measured import COLOUR as DRAWN
from breastview.exporters._scale import bar_length
from breastview.exporters.pdf._blocks import AiPanel, Bar, KeyImages, Pane
from breastview.exporters.pdf._items import (
    ACCENT,
    BODY,
    CAPTION,
    INK,
    LABEL,
    MUTED,
    RULE,
    SMALL,
    STRONG,
    WARNING,
    Align,
    Box,
    Item,
    Line,
    Measure,
    Picture,
    Style,
    Text,
)
from breastview.language import said, tr
from breastview.study.analysis import numbered
from breastview.study.shares import percent

_GAP = 5.0
_BELOW = 5.4
"""Height in mm of the scale and colour bars below a picture."""
_TALLEST = {True: 74.0, False: 98.0}
"""Greatest height in mm of a picture, by whether there are two rows of them."""
_TALLEST_ALONE = 84.0
COLOUR_BAR, SEGMENTER_BAR = "colour-bar", "segmenter-bar"
_CALIPERS_FROM = 6.0
"""Short axis on paper in mm below which calipers would hide the lesion."""
_CALIPERS = 3
"""Lesions that get calipers: more of them hide what they measure."""
Set = tuple[float, tuple[Item, ...]]
"""Height in mm, and the items."""
Points = tuple[tuple[float, float], ...]


def key_images(block: KeyImages, width: float, measure: Measure) -> Set:
    """Set the key images in a column of `width` mm.

    Wide pictures stand two a row, with the AI's words in the fourth place; upright ones (mammograms) stand
    three a row above the words; a single one takes the middle of the column.

    Returns
    -------
    tuple
        Height in mm, and the items.
    """
    if block.panel is None:
        return _alone(block, width, measure)
    return (_upright if block.columns < 0.95 * block.rows else _wide)(block, block.panel, width, measure)


def _alone(block: KeyImages, width: float, measure: Measure) -> Set:
    """Set the original alone, or beside a mask that the reader drew without the AI."""
    if len(block.panes) == 1:
        w, h = _fit(block, 130.0, _TALLEST_ALONE)
        return _height(h), tuple(_pane(block, block.panes[0], 0, 0, w, h, measure))
    column = (width - _GAP) / 2
    w, h = _fit(block, column, _TALLEST_ALONE)
    items = [
        item
        for number, pane in enumerate(block.panes)
        for item in _pane(block, pane, number * (column + _GAP), 0, w, h, measure)
    ]
    return _height(h), tuple(items)


def _upright(block: KeyImages, panel: AiPanel, width: float, measure: Measure) -> Set:
    column = (width - 2 * _GAP) / 3
    w, h = _fit(block, column, _TALLEST[False])
    items: list[Item] = []
    for number, pane in enumerate(block.panes):
        items += _pane(block, pane, number * (column + _GAP), 0, w, h, measure)
    below, words = _panel(panel, width, measure)
    items += [item.moved(0, _height(h) + 2) for item in words]
    return _height(h) + 2 + below, tuple(items)


def _wide(block: KeyImages, panel: AiPanel, width: float, measure: Measure) -> Set:
    column = (width - _GAP) / 2
    w, h = _fit(block, column, _TALLEST[True])
    second, right = _height(h) + 1.5, column + _GAP
    items = _pane(block, block.panes[0], 0, 0, w, h, measure)
    items += _pane(block, block.panes[1], right, 0, w, h, measure)
    items += _pane(block, block.panes[2], 0, second, w, h, measure)
    below, words = _panel(panel, column, measure)
    items += [item.moved(right, second) for item in words]
    return second + max(_height(h), below), tuple(items)


def _fit(block: KeyImages, width: float, tallest: float) -> tuple[float, float]:
    """Return the size in mm of a picture that keeps its proportions."""
    scale = block.scale * min(width / block.columns, tallest / block.rows)
    return block.columns * scale, block.rows * scale


def _height(picture: float) -> float:
    return CAPTION.line + 0.8 + picture + _BELOW


def _pane(
    block: KeyImages, pane: Pane, x: float, y: float, w: float, h: float, measure: Measure
) -> list[Item]:
    top = y + CAPTION.line + 0.8
    items: list[Item] = [
        Text(x, y, max(w, 40), measure.elided(pane.title, CAPTION, max(w, 40)), CAPTION),
        Picture(x, top, w, h, pane.key),
    ]
    if pane.marked:
        items += _marks(block, x, top, w, h)
    if pane.marked or len(block.panes) == 1:
        items += _drawn(block, x, top, w, h)
    bar = min(34.0, 0.45 * w) if pane.coloured else 0.0
    if pane.coloured:
        key = SEGMENTER_BAR if pane.segmenter else COLOUR_BAR
        items += _colour_bar(x + w - bar, top + h + 1.2, bar, key)
    return items + _scale_bar(block, x, top + h + 1.2, w, w - bar, measure)


def _marks(block: KeyImages, x: float, y: float, w: float, h: float) -> list[Item]:
    """Return outlines and calipers; pixel centres lie at whole numbers, the picture's edge at -0.5."""
    across, down = w / block.columns, h / block.rows

    def on_paper(points: Points) -> Points:
        return tuple(((px + 0.5) * across, (py + 0.5) * down) for px, py in points)

    items: list[Item] = []
    for finding in block.findings:
        # A line as wide as a screen's would fill a small lesion of a large picture.
        width = min(block.contour_width, max(0.15, 0.04 * finding.long_px * across))
        outline = on_paper(finding.contour)
        items.append(Line(x, y, outline, block.contour_colour, width, closed=True, clip=(w, h)))
    for number, finding in numbered(block.findings[:_CALIPERS]):
        if finding.short_px * across >= _CALIPERS_FROM:
            for ends in (finding.long_ends, finding.short_ends):
                items += _caliper(x, y, on_paper(ends), (w, h))
        if len(block.findings) > 1:
            items += _number(x, y, on_paper(finding.contour), number, w)
    return items


def _drawn(block: KeyImages, x: float, y: float, w: float, h: float) -> list[Item]:
    """Return the reader's measurements with the numbers the table has."""
    across, down = w / block.columns, h / block.rows
    colour = "#{:02x}{:02x}{:02x}".format(*DRAWN)
    items: list[Item] = []
    for one in block.drawn:
        for line, closed in one.lines:
            points = tuple(((px + 0.5) * across, (py + 0.5) * down) for px, py in line)
            items.append(Line(x, y, points, colour, 0.35, closed=closed, halo="#000000", clip=(w, h)))
        left = x + min(max((one.at[0] + 0.5) * across + 0.8, 0.3), w - 4.2)
        top = y + min(max((one.at[1] + 0.5) * down - 4.2, 0.3), h - 4.0)
        style = Style(7, bold=True, colour=colour)
        items += [
            Box(left, top, 3.8, 3.6, fill=INK, radius=0.6),
            Text(left, top, 3.8, str(one.number), style, Align.CENTRE),
        ]
    return items


def _caliper(x: float, y: float, ends: Points, clip: tuple[float, float]) -> list[Item]:
    white, black = "#ffffff", "#000000"
    items: list[Item] = [Line(x, y, ends, white, 0.25, halo=black, dashed=True, clip=clip)]
    for cx, cy in ends:
        for dx, dy in ((1.1, 0.0), (0.0, 1.1)):
            arms = ((cx - dx, cy - dy), (cx + dx, cy + dy))
            items.append(Line(x, y, arms, white, 0.3, halo=black, clip=clip))
    return items


def _number(x: float, y: float, outline: Points, number: int, w: float) -> list[Item]:
    """Return the lesion's number as the table has it, right above its outline and inside the picture."""
    style = Style(7, bold=True, colour="#ffffff")
    left = x + min(max(px for px, _ in outline), w - 4)
    top = y + max(min(py for _, py in outline) - 4, 0.3)
    return [
        Box(left, top, 3.8, 3.6, fill=INK, radius=0.6),
        Text(left, top, 3.8, str(number), style, Align.CENTRE),
    ]


def _scale_bar(block: KeyImages, x: float, y: float, w: float, room: float, measure: Measure) -> list[Item]:
    """Return the bar of a picture `w` mm wide; it and its words have `room` mm."""
    if block.spacing is None:
        words = (tr("uncalibrated, sizes in px"), tr("uncalibrated"), "px")
        fitting = next((text for text in words if measure.width(text, LABEL) <= room), "")
        return [Text(x, y - 0.5, room, fitting, LABEL)]
    millimetre = w / (block.columns * block.spacing)
    length, written = bar_length(block.columns * block.spacing)
    bar, middle = length * millimetre, 1.3
    label = f"{written} {said(block.spacing_note)}".strip()
    if bar + 2.6 + measure.width(label, LABEL) > room:
        label = written
    return [
        Line(x, y, ((0, middle - 0.9), (0, middle + 0.9)), INK, 0.3),
        Line(x, y, ((0, middle), (bar, middle)), INK, 0.5),
        Line(x, y, ((bar, middle - 0.9), (bar, middle + 0.9)), INK, 0.3),
        Text(x + bar + 1.6, y - 0.5, measure.width(label, LABEL) + 1, label, Style(LABEL.points)),
    ]


def _colour_bar(x: float, y: float, width: float, key: str) -> list[Item]:
    low, high = 6.5, 7.5
    return [
        Text(x, y - 0.5, low - 1, tr("low"), LABEL, Align.RIGHT),
        Picture(x + low, y, width - low - high, 2.6, key),
        Box(x + low, y, width - low - high, 2.6, outline=RULE),
        Text(x + width - high + 1, y - 0.5, high - 1, tr("high"), LABEL, Align.RIGHT),
    ]


def _panel(panel: AiPanel, width: float, measure: Measure) -> tuple[float, list[Item]]:
    """Return the AI's words and bars, and their height."""
    items: list[Item] = [Text(0, 0, width, tr("AI reading"), CAPTION)]
    y = CAPTION.line + 1.2
    for bar in panel.bars:
        items += [item.moved(0, y) for item in _bar(bar, min(width, 100.0), panel.abstained)]
        y += SMALL.line + 1.0
    y += 0.8
    for text, style, sign in _sentences(panel):
        indent = 3.6 if sign else 0.0
        if sign:
            items += [item.moved(0, y + 0.55) for item in _warning_sign(style.colour)]
        for line in measure.wrapped(text, style, width - indent)[:6]:
            items.append(Text(indent, y, width - indent, line, style))
            y += style.line
        y += 1.0
    return y, items


def _sentences(panel: AiPanel) -> list[tuple[str, Style, bool]]:
    """Return each sentence with its style and whether a warning sign stands before it."""
    warning = Style(SMALL.points, colour=WARNING)
    found: list[tuple[str, Style, bool]] = []
    if panel.experimental:
        found.append((panel.experimental, Style(STRONG.points, bold=True, colour=WARNING), False))
    if panel.abstained:
        text = tr("The AI abstains: it does not commit itself at these probabilities.")
        found.append((text, Style(STRONG.points, bold=True, colour=WARNING), False))
    if panel.sentence:
        found.append((panel.sentence, BODY, False))
    if panel.area:
        found.append((panel.area, BODY, False))
    found.append((panel.heat, SMALL, False))
    found += [(flag, warning, True) for flag in panel.flags[:8]]
    found.append((panel.model, Style(LABEL.points, colour=MUTED), False))
    return found


def _warning_sign(colour: str) -> list[Item]:
    triangle = ((1.25, 0.0), (2.5, 2.2), (0.0, 2.2))
    return [
        Line(0, 0, triangle, colour, 0.3, closed=True),
        Line(0, 0, ((1.25, 0.8), (1.25, 1.4)), colour, 0.3),
        Line(0, 0, ((1.25, 1.75), (1.25, 1.8)), colour, 0.3),
    ]


def _bar(bar: Bar, width: float, abstained: bool) -> list[Item]:
    label, number = 21.0, 13.0
    track = width - label - number
    colour = "#aab6bd" if abstained or not bar.top else ACCENT
    style = Style(SMALL.points, bold=bar.top and not abstained, colour=MUTED if abstained else INK)
    return [
        Text(0, 0, label - 1, _capital(bar.name), style),
        Box(label, 0.45, track, 2.9, fill="#e8ecef"),
        Box(label, 0.45, max(track * bar.share, 0.2), 2.9, fill=colour),
        Text(label + track, 0, number, percent(bar.share), style, Align.RIGHT),
    ]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]

"""How each kind of block is set: pieces of a page in millimetres, the left margin at 0."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch

from breastview.exporters.pdf import _blocks as blocks
from breastview.exporters.pdf._items import (
    ACCENT,
    BODY,
    CATEGORY,
    HEADING,
    LABEL,
    MUTED,
    PALE,
    RULE,
    SMALL,
    STRONG,
    TITLE,
    WARNING,
    Align,
    Box,
    Item,
    Line,
    Measure,
    Style,
    Text,
)
from breastview.exporters.pdf._key_images import key_images

_LABELS = 28.0
"""Width in mm of the labels to the left of running text."""
_PAD = 3.0
_COLUMNS = 4
_DEEPEST = 8
"""Lines of a labelled value; the longest names need six."""


@dataclass(frozen=True)
class Piece:
    """Items that stay together; `gap` mm follow, and a page never ends after a piece that is to `keep`."""

    height: float
    items: tuple[Item, ...]
    gap: float = 0.0
    keep: bool = False


@singledispatch
def pieces(block: blocks.Block, _width: float, _measure: Measure) -> list[Piece]:
    """Return the pieces of a block for a column of that width in mm."""
    raise TypeError(f"no layout for {type(block).__name__}")


@pieces.register
def _(block: blocks.Title, width: float, measure: Measure) -> list[Piece]:
    side = Style(11, bold=True, colour=MUTED)
    room = width - measure.width(block.subtitle, side) - 4
    items = (
        Text(0, 0, room, measure.elided(block.text, TITLE, room), TITLE),
        Text(0, TITLE.line - side.line - 1, width, block.subtitle, side, Align.RIGHT),
    )
    return [Piece(TITLE.line, items if block.subtitle else items[:1], gap=1.5, keep=True)]


@pieces.register
def _(block: blocks.Heading, width: float, _measure: Measure) -> list[Piece]:
    return [Piece(HEADING.line + 1.2, (Text(0, 1.2, width, block.text, HEADING),), gap=0.8, keep=True)]


@pieces.register
def _(block: blocks.Paragraph, width: float, measure: Measure) -> list[Piece]:
    indent = _LABELS if block.label else 0.0
    style = Style(BODY.points, bold=True, colour=WARNING) if block.warning else BODY
    lines = measure.wrapped(block.text, style, width - indent)
    found = []
    for number, line in enumerate(lines):
        items: list[Item] = [Text(indent, 0, width - indent, line, style)]
        if number == 0 and block.label:
            label = measure.elided(block.label, STRONG, indent - 2)
            items.append(Text(0, 0, indent - 2, label, STRONG))
        last = number == len(lines) - 1
        found.append(Piece(style.line, tuple(items), gap=1.6 if last else 0, keep=number == 0 and not last))
    return found


@pieces.register
def _(block: blocks.Grid, width: float, measure: Measure) -> list[Piece]:
    column = (width - 2 * _PAD) / _COLUMNS
    rows = [block.fields[i : i + _COLUMNS] for i in range(0, len(block.fields), _COLUMNS)]
    return [_framed([_grid_row(row, column, measure) for row in rows], width)] if rows else []


def _grid_row(row: tuple[tuple[str, str], ...], column: float, measure: Measure) -> Piece:
    items: list[Item] = []
    deepest = 0
    for index, (label, value) in enumerate(row):
        x = index * column
        lines = _at_most(_DEEPEST, measure.wrapped(value, STRONG, column - 3), STRONG, column - 3, measure)
        items.append(Text(x, 0, column - 3, label, LABEL))
        items += [
            Text(x, LABEL.line + n * STRONG.line, column - 3, line, STRONG) for n, line in enumerate(lines)
        ]
        deepest = max(deepest, len(lines))
    return Piece(LABEL.line + deepest * STRONG.line, tuple(items), gap=1.8)


def _framed(rows: list[Piece], width: float) -> Piece:
    """Put the rows on one pale field."""
    items: list[Item] = []
    y = _PAD - 0.6
    for row in rows:
        items += [item.moved(_PAD, y) for item in row.items]
        y += row.height + row.gap
    height = y - rows[-1].gap + _PAD - 0.6
    return Piece(height, (Box(0, 0, width, height, fill=PALE, radius=1.2), *items), gap=3.2)


@pieces.register
def _(block: blocks.Facts, width: float, measure: Measure) -> list[Piece]:
    found: list[Piece] = []
    label_style = Style(SMALL.points, colour=MUTED)
    for label, value in block.fields:
        for number, line in enumerate(measure.wrapped(value, SMALL, width - _LABELS)):
            items: list[Item] = [Text(_LABELS, 0, width - _LABELS, line, SMALL)]
            if number == 0:
                items.append(Text(0, 0, _LABELS, label, label_style))
            found.append(Piece(SMALL.line, tuple(items), gap=0.2, keep=len(found) < 3))
    return found[:-1] + [replace(piece, keep=False) for piece in found[-1:]]


@pieces.register
def _(block: blocks.Table, width: float, measure: Measure) -> list[Piece]:
    edges = [width * sum(block.shares[:i]) for i in range(len(block.shares) + 1)]
    header: list[Item] = [Text(x, 0, 60, title, LABEL) for x, title in zip(edges, block.header, strict=False)]
    header.append(_rule(LABEL.line + 0.8, width))
    found = [Piece(LABEL.line + 1.4, tuple(header), keep=True)]
    for row in block.rows:
        items: list[Item] = []
        deepest = 1
        for x, end, cell in zip(edges, edges[1:], row, strict=False):
            lines = _at_most(6, measure.wrapped(cell, BODY, end - x - 2), BODY, end - x - 2, measure)
            items += [Text(x, n * BODY.line, end - x - 2, line, BODY) for n, line in enumerate(lines)]
            deepest = max(deepest, len(lines))
        height = deepest * BODY.line + 1.2
        found.append(Piece(height, (*items, _rule(height - 0.4, width))))
    return [*found[:-1], replace(found[-1], gap=2.2)]


def _rule(y: float, width: float) -> Line:
    return Line(0, y, ((0, 0), (width, 0)), RULE, 0.2)


@pieces.register
def _(block: blocks.Verdict, width: float, measure: Measure) -> list[Piece]:
    lines = measure.wrapped(block.text, CATEGORY, width - 10)
    height = len(lines) * CATEGORY.line + 4
    items: list[Item] = [Box(0, 0, width, height, fill=PALE), Box(0, 0, 1.4, height, fill=ACCENT)]
    items += [Text(6, 2 + n * CATEGORY.line, width - 10, line, CATEGORY) for n, line in enumerate(lines)]
    return [Piece(height, tuple(items), gap=2.2)]


@pieces.register
def _(block: blocks.Notice, width: float, measure: Measure) -> list[Piece]:
    title = Style(11, bold=True, colour=WARNING)
    inner = width - 2 * _PAD - 3
    lines = _at_most(14, measure.wrapped(block.text, BODY, inner), BODY, inner, measure)
    height = 2 * _PAD + title.line + len(lines) * BODY.line
    items: list[Item] = [
        Box(0, 0, width, height, fill="#fdf7ea"), Box(0, 0, 1.4, height, fill=WARNING),
        Text(_PAD + 3, _PAD, inner, block.title, title),
    ]  # fmt: skip
    top = _PAD + title.line
    items += [Text(_PAD + 3, top + n * BODY.line, inner, line, BODY) for n, line in enumerate(lines)]
    return [Piece(height, tuple(items), gap=3.0)]


@pieces.register
def _(block: blocks.KeyImages, width: float, measure: Measure) -> list[Piece]:
    height, items = key_images(block, width, measure)
    return [Piece(height, items, gap=2.0)]


def _at_most(
    count: int, lines: tuple[str, ...], style: Style, width: float, measure: Measure
) -> tuple[str, ...]:
    """Return the first lines, the last of them ending in an ellipsis where some were left out."""
    if len(lines) <= count:
        return lines
    return (*lines[: count - 1], measure.elided(f"{lines[count - 1]}…", style, width))

"""Short tables on one landscape page, in columns side by side: a card to print and keep beside the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from breastview.exporters.pdf._document import Document
from breastview.exporters.pdf._items import (
    ACCENT,
    MUTED,
    PAPERS,
    RULE,
    Item,
    Line,
    Measure,
    Page,
    Paper,
    Style,
    Text,
)

LARGEST, SMALLEST, STEP = 9.0, 5.0, 0.25
"""Sizes that are tried, points."""
_PITCH = 1.2 * 25.4 / 72
"""From line to line, mm for each point: closer than in reports, for nothing here goes on in a second line."""
_HEAD, _FOOT, _GUTTER, _GAP = 12.0, 7.0, 8.0, 3.0
_BESIDE = 2.0
"""What a table's heading and the gap below it take, in lines."""


@dataclass(frozen=True)
class Table:
    """A heading, and lines of what stands on the left (short) and on the right of them."""

    title: str
    lines: tuple[tuple[str, str], ...]


Columns = Sequence[Sequence[Table]]


def compose(title: str, ways: Sequence[Columns], foot: str, paper: str, measure: Measure) -> Document:
    """Lay out a card, as large as all of it fits on the page.

    Parameters
    ----------
    title, foot : str
        The line above and the one below all tables.
    ways : sequence of Columns
        The same tables in columns from left to right, each from top to bottom, in one way or several: the one
        that can be printed largest is taken.
    paper : str
        ``"A4"`` or ``"Letter"``, laid across.
    measure : Measure
        The fonts.
    """
    upright = PAPERS.get(paper, PAPERS["A4"])
    sheet = replace(
        upright, name=f"{upright.name} across", width=upright.height, height=upright.width,
        side=12.0, top=10.0, bottom=8.0,
    )  # fmt: skip
    columns = max(ways, key=lambda each: _largest(each, sheet, measure))
    points = _largest(columns, sheet, measure)
    items = (*_frame(title, foot, sheet), *_body(columns, Style(points), sheet, measure))
    return Document(sheet, (Page(items),), title=title)


def _largest(columns: Columns, sheet: Paper, measure: Measure) -> float:
    """Return the largest size at which the columns fit, points."""
    points = LARGEST
    while points > SMALLEST and not _fits(columns, Style(points), sheet, measure):
        points -= STEP
    return points


def _width(columns: Columns, sheet: Paper) -> float:
    return (sheet.inner - _GUTTER * (len(columns) - 1)) / len(columns)


def _left(tables: Sequence[Table], style: Style, measure: Measure) -> float:
    """Return the width of the left side of a column's tables, with the gap to the right one."""
    bold = replace(style, bold=True)
    return max((measure.width(left, bold) for table in tables for left, _ in table.lines), default=0) + _GAP


def _fits(columns: Columns, style: Style, sheet: Paper, measure: Measure) -> bool:
    room = sheet.height - sheet.top - sheet.bottom - _HEAD - _FOOT
    width = _width(columns, sheet)
    for tables in columns:
        if sum(len(table.lines) + _BESIDE for table in tables) * style.points * _PITCH > room:
            return False
        rest = width - _left(tables, style, measure)
        if any(measure.width(right, style) > rest for table in tables for _, right in table.lines):
            return False
    return True


def _frame(title: str, foot: str, sheet: Paper) -> Iterator[Item]:
    yield Text(sheet.side, sheet.top, sheet.inner, title, Style(15, bold=True))
    last = sheet.height - sheet.bottom - 4.0
    yield Text(sheet.side, last, sheet.inner, foot, Style(7, colour=MUTED))


def _body(columns: Columns, style: Style, sheet: Paper, measure: Measure) -> Iterator[Item]:
    width, bold, pitch = _width(columns, sheet), replace(style, bold=True), style.points * _PITCH
    for number, tables in enumerate(columns):
        x, y = sheet.side + number * (width + _GUTTER), sheet.top + _HEAD
        left = _left(tables, style, measure)
        for table in tables:
            yield Text(x, y, width, table.title, replace(bold, colour=ACCENT))
            yield Line(x, y + style.line, ((0.0, 0.0), (width, 0.0)), RULE, 0.2)
            y += 1.3 * pitch
            for short, text in table.lines:
                yield Text(x, y, left, short, bold)
                yield Text(x + left, y, width - left, measure.elided(text, style, width - left), style)
                y += pitch
            y += (_BESIDE - 1.3) * pitch

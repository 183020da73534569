"""Blocks become pieces that are never torn apart, and pieces fill pages."""

from __future__ import annotations

from dataclasses import replace

from breastview import RESEARCH_USE, __version__
from breastview.exporters.pdf._blocks import Block, Case, KeyImages
from breastview.exporters.pdf._items import (
    ACCENT,
    CAPTION,
    LABEL,
    MUTED,
    RULE,
    SMALL,
    WARNING,
    Align,
    Box,
    Item,
    Line,
    Measure,
    Page,
    Paper,
    Style,
    Text,
)
from breastview.exporters.pdf._pieces import Piece, pieces
from breastview.language import tr

_HEADER = 8.5
"""Height in mm of what stands above the text of every page."""
_SCALES = (1.0, 0.94, 0.88, 0.82, 0.76)
"""Sizes of key images that are tried; smaller ones are of no use to a reader."""
_PILL = {"Final": ACCENT, "Preliminary": WARNING}


def sheets(case: Case, paper: Paper, measure: Measure) -> list[list[Item]]:
    """Return the pages of a case, without footers: their number is known only when all cases are laid out."""
    top, bottom = paper.top + _HEADER, paper.height - paper.bottom
    pages: list[list[Item]] = [_first_header(case, paper, measure)]
    y = top
    for chunk in _chunks(_set(case, bottom - top, paper, measure)):
        if y > top and y + sum(piece.height + piece.gap for piece in chunk) - chunk[-1].gap > bottom:
            pages.append(_running_header(case, paper, measure))
            y = top
        for piece in chunk:
            if y > top and y + piece.height > bottom:
                pages.append(_running_header(case, paper, measure))
                y = top
            pages[-1] += [item.moved(paper.side, y) for item in piece.items]
            y += piece.height + piece.gap
    return pages


def finished(pages: list[list[Item]], paper: Paper, made: str) -> tuple[Page, ...]:
    """Return the pages with their footers.

    Parameters
    ----------
    pages : list of list of Item
        All the pages of a document, in order.
    paper : Paper
        The sheet.
    made : str
        When the document was made.
    """
    total = len(pages)
    return tuple(
        Page(
            (*items, *_footer(paper, tr("Page {number} of {total}").format(number=number, total=total), made))
        )
        for number, items in enumerate(pages, start=1)
    )


def _set(case: Case, room: float, paper: Paper, measure: Measure) -> list[Piece]:
    """Return the pieces, with the largest pictures that let all of a case share a page, or its essence."""
    further = _pieces(case.further, paper, measure)
    trials = [_pieces(_scaled(case.essential, scale), paper, measure) for scale in _SCALES]
    for rest in (further, []):
        for essential in trials:
            if sum(piece.height + piece.gap for piece in essential + rest) <= room:
                return essential + further
    return trials[0] + further


def _scaled(found: tuple[Block, ...], scale: float) -> tuple[Block, ...]:
    return tuple(replace(block, scale=scale) if isinstance(block, KeyImages) else block for block in found)


def _pieces(found: tuple[Block, ...], paper: Paper, measure: Measure) -> list[Piece]:
    return [piece for block in found for piece in pieces(block, paper.inner, measure)]


def _chunks(found: list[Piece]) -> list[list[Piece]]:
    """Join each piece that must not end a page with what follows it."""
    chunks: list[list[Piece]] = [[]]
    for piece in found:
        chunks[-1].append(piece)
        if not piece.keep:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


def _first_header(case: Case, paper: Paper, measure: Measure) -> list[Item]:
    name = measure.elided(case.institution or "BreastView", CAPTION, paper.inner - 40)
    items: list[Item] = [Text(paper.side, paper.top, paper.inner, name, CAPTION)]
    if case.status:
        colour = next((colour for name, colour in _PILL.items() if tr(name) == case.status), MUTED)
        style = Style(8.5, bold=True, colour=colour)
        width = measure.width(case.status, style) + 6
        x, height = paper.side + paper.inner - width, style.line + 1.2
        items.append(Box(x, paper.top - 0.6, width, height, outline=colour, radius=height / 2))
        items.append(Text(x, paper.top, width, case.status, style, Align.CENTRE))
    return [*items, _rule(paper, paper.top + 5.4)]


def _running_header(case: Case, paper: Paper, measure: Measure) -> list[Item]:
    style = Style(8, colour=MUTED)
    who = measure.elided(case.running, style, paper.inner - 60)
    where = measure.elided(case.institution, style, 56)
    return [
        Text(paper.side, paper.top, paper.inner, who, style),
        Text(paper.side, paper.top, paper.inner, where, style, Align.RIGHT),
        _rule(paper, paper.top + 5.4),
    ]


def _footer(paper: Paper, page: str, made: str) -> list[Item]:
    y = paper.height - 14.5
    bold = Style(SMALL.points, bold=True)
    program = tr("Made with BreastView {version}, {time}").format(version=__version__, time=made)
    return [
        _rule(paper, y),
        Text(paper.side, y + 1.4, paper.inner, tr(RESEARCH_USE), bold),
        Text(paper.side, y + 1.4, paper.inner, page, SMALL, Align.RIGHT),
        Text(paper.side, y + 5.4, paper.inner, program, LABEL),
    ]


def _rule(paper: Paper, y: float) -> Item:
    return Line(paper.side, y, ((0, 0), (paper.inner, 0)), RULE, 0.25)

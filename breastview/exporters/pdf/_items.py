"""A page as data: what is drawn where, in millimetres from the upper left corner of the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

Colour = str
"""``"#rrggbb"``."""

INK, MUTED, RULE, PALE = "#14181c", "#56616b", "#c4ccd3", "#f2f5f7"
ACCENT, WARNING, DANGER = "#0a5a70", "#8a5300", "#a3212c"


@dataclass(frozen=True)
class Style:
    """How text looks: size in points, and the height of its line in mm."""

    points: float
    bold: bool = False
    colour: Colour = INK

    @property
    def line(self) -> float:
        """Height of a line, 1.36 em: enough for Thai vowels and Devanagari above and below."""
        return self.points * 1.36 * 25.4 / 72


TITLE = Style(17, bold=True)
HEADING = Style(10.5, bold=True, colour=ACCENT)
STRONG = Style(9.5, bold=True)
BODY = Style(9.5)
SMALL = Style(8)
LABEL = Style(7.5, colour=MUTED)
CAPTION = Style(8.5, bold=True)
CATEGORY = Style(13, bold=True)


class Align(Enum):
    """Where a line of text stands in its width."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Item:
    """Something drawn; `x` and `y` are its upper left corner."""

    x: float
    y: float

    def moved(self, dx: float, dy: float) -> Item:
        """Return the same item at another place."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Text(Item):
    """One line of text in a box of `width` mm and the line height of its style."""

    width: float
    text: str
    style: Style = BODY
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Box(Item):
    """A rectangle, filled, outlined or both."""

    width: float
    height: float
    fill: Colour = ""
    outline: Colour = ""
    radius: float = 0.0


@dataclass(frozen=True)
class Picture(Item):
    """Pixels, by their key in the document's store."""

    width: float
    height: float
    key: str


@dataclass(frozen=True)
class Line(Item):
    """A polyline through points relative to `x` and `y`; `clip` keeps it in a width and height from there.

    `halo` is the colour of a slightly wider line below it, so that it shows on any grey.
    """

    points: tuple[tuple[float, float], ...]
    colour: Colour
    width: float
    closed: bool = False
    halo: Colour = ""
    dashed: bool = False
    clip: tuple[float, float] | None = None


@dataclass(frozen=True)
class Paper:
    """A sheet and its margins in mm."""

    name: str
    width: float
    height: float
    side: float = 15.0
    top: float = 12.0
    bottom: float = 19.0

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return self.width - 2 * self.side


PAPERS = {"A4": Paper("A4", 210.0, 297.0), "Letter": Paper("Letter", 215.9, 279.4)}


@dataclass(frozen=True)
class Page:
    """One sheet."""

    items: tuple[Item, ...]

    def text(self) -> str:
        """Return all text in drawing order, one item a line."""
        return "\n".join(item.text for item in self.items if isinstance(item, Text))


class Measure(Protocol):
    """What the layout must know of the fonts."""

    def width(self, text: str, style: Style) -> float:
        """Return the width of a line of text in mm."""
        ...

    def wrapped(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """Break text into lines no wider than `width` mm; newlines are kept."""
        ...

    def elided(self, text: str, style: Style, width: float) -> str:
        """Return one line no wider than `width` mm, cut with an ellipsis where needed."""
        ...

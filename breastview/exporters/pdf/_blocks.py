"""The parts a report is made of, before anybody knows where they stand on paper."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.study.analysis import Finding


@dataclass(frozen=True)
class Heading:
    """Starts a section; stays with what follows."""

    text: str


@dataclass(frozen=True)
class Title:
    """The first lines of a report."""

    text: str
    subtitle: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Running text; flows over pages. A `label` stands to its left."""

    text: str
    label: str = ""
    warning: bool = False


@dataclass(frozen=True)
class Grid:
    """Labelled values in four columns on a pale field, label above value."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """Labelled values in small print, label before value."""

    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows under a header; the first column is narrow."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """The assessment category, set apart."""

    text: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Notice:
    """A sentence in place of what is missing."""

    title: str
    text: str


@dataclass(frozen=True)
class Bar:
    """The calibrated probability (0..1) of a class."""

    name: str
    share: float
    top: bool


@dataclass(frozen=True)
class AiPanel:
    """What the AI says in words and as a bar picture."""

    bars: tuple[Bar, ...]
    sentence: str
    abstained: bool
    heat: str
    flags: tuple[str, ...]
    model: str
    experimental: str = ""
    area: str = ""


@dataclass(frozen=True)
class Pane:
    """One key image.

    Attributes
    ----------
    key : str
        Of its pixels in the document's store.
    title : str
        Above it.
    marked : bool
        Whether the lesions' outlines and calipers are drawn on it.
    coloured : bool
        Whether a colour bar stands below it.
    segmenter : bool
        Whether its colours are those of the segmenter's heat.
    """

    key: str
    title: str
    marked: bool = False
    coloured: bool = False
    segmenter: bool = False


@dataclass(frozen=True)
class Drawn:
    """A measurement on a picture: its lines in px (and whether they are closed), its number and its place."""

    number: int
    lines: tuple[tuple[tuple[tuple[float, float], ...], bool], ...]
    at: tuple[float, float]


@dataclass(frozen=True)
class KeyImages:
    """The key images of a frame, beside what the AI says.

    Attributes
    ----------
    rows, columns : int
        Size of the frame in px.
    spacing : float or None
        Millimetres per px along a row where the scale bar is true, None when uncalibrated.
    spacing_note : str
        What the scale bar holds for, when it does not hold for the whole picture.
    scale : float
        Size of the pictures, 1 for the largest.
    """

    panes: tuple[Pane, ...]
    rows: int
    columns: int
    findings: tuple[Finding, ...]
    spacing: float | None
    spacing_note: str
    contour_colour: str
    contour_width: float
    panel: AiPanel | None = None
    scale: float = 1.0
    drawn: tuple[Drawn, ...] = ()


Block = Heading | Title | Paragraph | Grid | Facts | Table | Verdict | Notice | KeyImages


@dataclass(frozen=True)
class Case:
    """One report.

    Attributes
    ----------
    running : str
        Who and when, at the top of every page that follows the first.
    status : str
        ``"Final"``, ``"Preliminary"`` or why it is neither.
    essential, further : tuple of Block
        What should stand on one page if smaller pictures make that possible, and what follows.
    """

    institution: str
    status: str
    running: str
    essential: tuple[Block, ...]
    further: tuple[Block, ...] = ()

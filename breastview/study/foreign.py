"""What another system said of a picture: masks, drawings, measurements, documents; never mixed with our own.

Coordinates are those of `Measurement`: (x, y) in px, the centre of the first pixel is (0, 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breastview.language import mark
from breastview.study.instance import Window

Points = tuple[tuple[float, float], ...]


class Kind(StrEnum):
    """What a companion of a picture is."""

    SEGMENTATION = "segmentation"
    PRESENTATION = "presentation"
    REPORT = "report"
    DOCUMENT = "document"


TITLES: dict[Kind, str] = {
    Kind.SEGMENTATION: mark("Segmentation"), Kind.PRESENTATION: mark("Presentation state"),
    Kind.REPORT: mark("Structured report"), Kind.DOCUMENT: mark("Document"),
}  # fmt: skip


@dataclass(frozen=True)
class Companion:
    """A file that belongs to pictures, as its header describes it.

    Attributes
    ----------
    path, label : Path, str
        The readable file, and its name on screen.
    kind : Kind
    reader : str
        Name of the plug-in under ``readers/foreign/`` that understands it.
    uid, study : str
        SOP Instance UID, Study Instance UID.
    maker : str
        Manufacturer and model, as far as the file tells.
    title : str
        Its own name: description of the series, title of the document.
    date : str
        ``YYYYMMDD`` of its content.
    refers : frozenset of str
        SOP Instance UIDs of the pictures it speaks of; empty where it speaks of the study alone.
    """

    path: Path
    label: str
    kind: Kind
    reader: str
    uid: str = ""
    study: str = ""
    maker: str = ""
    title: str = ""
    date: str = ""
    refers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Who made it and what it is called, as far as either is known."""
        parts = list(dict.fromkeys(part for part in (self.maker, self.title) if part))
        return ": ".join(parts) or self.label

    @property
    def short_name(self) -> str:
        """What it is called where there is little room."""
        return self.title or self.maker or self.label

    def belongs(self, uid: str, study: str) -> bool:
        """Return whether it speaks of a picture, or of its study where it names no picture."""
        return uid in self.refers if self.refers else bool(study) and study == self.study


@dataclass(frozen=True)
class Spot:
    """A picture that something refers to: its SOP Instance UID, its frames from 0 (none: all of them)."""

    uid: str
    frames: tuple[int, ...] = ()

    def shows(self, uid: str, frame: int) -> bool:
        """Return whether a frame is meant."""
        return uid == self.uid and (not self.frames or frame in self.frames)


@dataclass(frozen=True, eq=False)
class Mask:
    """A segment over one frame.

    Attributes
    ----------
    name : str
        The segment's label, as written.
    values : ndarray
        ``(rows, columns)`` uint8: 0 outside, 255 wholly inside; between in a fractional segmentation.
    fractional : bool
    """

    name: str
    values: NDArray[np.uint8]
    fractional: bool = False


@dataclass(frozen=True)
class Drawing:
    """A line, a closed outline, a point or words over one frame.

    Attributes
    ----------
    points : tuple of (float, float)
        A single one is a point; curves are given as lines.
    closed : bool
    text : str
        Words that stand at the last point.
    """

    points: Points
    closed: bool = False
    text: str = ""


@dataclass(frozen=True)
class Number:
    """A measurement with number and unit as they are written in the file.

    Attributes
    ----------
    name : str
        What was measured ("Long Axis").
    value, unit : str
    group : str
        What it was measured of ("Lesion 1"), may be empty.
    """

    name: str
    value: str
    unit: str = ""
    group: str = ""

    @property
    def text(self) -> str:
        """Name, number and unit."""
        return f"{self.name}: {self.value} {self.unit}".rstrip()


@dataclass(frozen=True, eq=False)
class Overlay:
    """What one companion says of one frame.

    Attributes
    ----------
    companion : Companion
    masks, drawings, numbers : tuples
    window : Window or None
        The window it wants the picture shown with.
    notes : tuple of str
        What of it is not shown, and why, as sentences.
    """

    companion: Companion
    masks: tuple[Mask, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    numbers: tuple[Number, ...] = ()
    window: Window | None = None
    notes: tuple[str, ...] = ()

    @property
    def draws(self) -> bool:
        """Whether there is anything to see over the picture."""
        return bool(self.masks or self.drawings)


@dataclass(frozen=True)
class Page:
    """A document that one can read.

    Attributes
    ----------
    title : str
    lines : tuple of (int, str)
        How far each line is indented, and its words; empty for a PDF.
    content : bytes
        The document as it came, empty for words.
    suffix : str
        Of its format (``".pdf"``).
    """

    title: str
    lines: tuple[tuple[int, str], ...] = ()
    content: bytes = b""
    suffix: str = ""

"""A row of the table: what was measured, what it stands beside, and whether the goal was reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any


class Held(Enum):
    """Which way a figure is held to its goal."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


class NotMeasured(Exception):
    """This machine lacks what a row needs; the message says what."""


@dataclass(frozen=True)
class Goal:
    """What a row is to reach.

    Attributes
    ----------
    limit : float
    held : Held
    of_ratio : bool
        Whether the ratio is held to the limit, or the value itself, in its unit.
    """

    limit: float
    held: Held = Held.AT_MOST
    of_ratio: bool = True


@dataclass(frozen=True)
class Measured:
    """What a measurement gives.

    Attributes
    ----------
    value : float
        Ours, in `unit`.
    against : float or None
        What it is compared to, in the same unit; None where the goal is a figure of its own.
    samples, against_samples : tuple of float
        Of which the two are the medians, as far as there are several.
    others : Mapping
        What else was found: name -> figure or words.
    """

    value: float
    unit: str
    against: float | None = None
    samples: tuple[float, ...] = ()
    against_samples: tuple[float, ...] = ()
    others: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where and how much is measured.

    Attributes
    ----------
    folder : Path
        Temporary; all rows of a run share it.
    quick : bool
        Fewer and smaller ones: whether it works, not how fast it is.
    """

    folder: Path
    quick: bool

    def of(self, whole: int, quick: int) -> int:
        """Return how many."""
        return quick if self.quick else whole


Measure = Callable[[Place], Measured]


@dataclass(frozen=True)
class Row:
    """One row as the code declares it.

    Attributes
    ----------
    title : str
        What is measured.
    beside : str
        What it is compared to; empty where the goal is a figure of its own.
    goal : Goal
    measure : callable
        Raises `NotMeasured` where the machine lacks what it needs.
    """

    title: str
    beside: str
    goal: Goal
    measure: Measure


@dataclass(frozen=True)
class Result:
    """One row as it came out.

    Attributes
    ----------
    ratio : float or None
        Value by what it is compared to.
    reached : bool or None
        None where it was not measured; `missing` says why.
    load : float
        Processes that wanted to run when it began (of the last minute).
    """

    name: str
    title: str
    beside: str
    goal: float
    held: str
    of_ratio: bool
    measured: Measured | None
    load: float
    missing: str = ""

    @property
    def ratio(self) -> float | None:
        """Value by what it is compared to, None without that."""
        found = self.measured
        return None if found is None or not found.against else found.value / found.against

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached, None where nothing was measured."""
        if self.measured is None:
            return None
        figure = self.ratio if self.of_ratio else self.measured.value
        if figure is None:
            return None
        return figure <= self.goal if self.held == Held.AT_MOST.value else figure >= self.goal

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        found = asdict(self.measured) if self.measured is not None else {"value": None, "against": None}
        plain = {key: value for key, value in asdict(self).items() if key != "measured"}
        return plain | found | {"ratio": self.ratio, "reached": self.reached}

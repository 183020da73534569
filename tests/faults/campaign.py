"""How often a fault is tried, and what came of it."""

from __future__ import annotations

import os
from dataclasses import dataclass

FULL = os.environ.get("BREASTVIEW_FAULTS") == "full"
"""Whether the whole campaign runs, and not the short form that belongs to the suite."""


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes
    ----------
    fault : str
    trials, failures : int
    seconds, megabytes : float or None
        Worst of a trial, where it was measured.
    more : str
    """

    fault: str
    trials: int
    failures: int = 0
    seconds: float | None = None
    megabytes: float | None = None
    more: str = ""

    def line(self) -> str:
        """Return it as a line of a Markdown table."""
        time = "" if self.seconds is None else f"{self.seconds:.1f} s"
        memory = "" if self.megabytes is None else f"{self.megabytes:.0f} MB"
        cells = (self.fault, f"{self.trials:,}", str(self.failures), time, memory, self.more)
        return f"| {' | '.join(cells)} |"


HEAD = "| Fault | Trials | Failures | Worst time | Worst memory | |\n|---|---|---|---|---|---|"
FIGURES: list[Figure] = []


def trials(full: int, short: int) -> int:
    """Return how often something is tried."""
    return full if FULL else short


def figure(
    fault: str, trials: int, failures: int = 0, seconds: float | None = None,
    megabytes: float | None = None, more: str = "",
) -> None:  # fmt: skip
    """Add a line to the table that is printed at the end."""
    FIGURES.append(Figure(fault, trials, failures, seconds, megabytes, more))

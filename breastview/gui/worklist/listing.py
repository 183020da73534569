"""Which rows are listed, in which order and under which headings: pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from breastview.gui.worklist.row import Row, day
from breastview.study.instance import Instance
from breastview.study.reading import ReadState


class Filter(StrEnum):
    """Which rows are listed."""

    ALL = "all"
    UNREAD = "unread"
    MARKED = "marked"
    SUSPICIOUS = "suspicious"
    PROBLEMS = "problems"


class Sort(StrEnum):
    """In which order rows are listed."""

    ORDER = "order"
    SUSPICION = "suspicion"


@dataclass(frozen=True)
class Heading:
    """A line above a group of cases."""

    text: str
    count: int


Line = Heading | int
"""A heading, or the index of a row."""


def names(label: str) -> tuple[str, str]:
    """Return the file's name and the folder it lies in, as far as its label tells."""
    folder, _, name = label.rpartition("/")
    return name, folder


def study_title(instance: Instance) -> str:
    """Return "patient · date · description" with what there is of it, else the folder's name."""
    study = instance.study
    parts = (instance.patient.name or instance.patient.identifier, day(study.date), study.description)
    title = " · ".join(part for part in parts if part)
    return title or instance.path.parent.name


def _passes(row: Row, wanted: Filter) -> bool:
    if wanted is Filter.ALL:
        return True
    if row.instance is None:
        return wanted is Filter.PROBLEMS
    if wanted is Filter.UNREAD:
        return row.state is ReadState.UNREAD
    if wanted is Filter.MARKED:
        return row.marked
    if wanted is Filter.SUSPICIOUS:
        return row.score is not None and row.score.suspicious
    return row.score is not None and row.score.suspicion is None


def chosen(rows: Sequence[Row], wanted: Filter, search: str) -> list[int]:
    """Return the indices of the rows that pass the filter and hold every word searched for."""
    words = search.casefold().split()
    return [
        index
        for index, row in enumerate(rows)
        if _passes(row, wanted) and (not words or all(word in row.words for word in words))
    ]


def _suspicion(row: Row) -> tuple[int, float]:
    if row.score is None or row.score.suspicion is None:
        return (1 if row.instance is not None else 2, 0.0)
    return (0, -row.score.suspicion)


def _by_study(rows: Sequence[Row], order: Sequence[int]) -> Iterator[Line]:
    def key(index: int) -> str:
        instance = rows[index].instance
        return instance.study.uid if instance else ""

    for _, group in groupby(order, key):
        members = list(group)
        instance = rows[members[0]].instance
        yield Heading(study_title(instance) if instance else "Could not be shown", len(members))
        yield from members


def lines(rows: Sequence[Row], wanted: Filter, search: str, sort: Sort) -> tuple[Line, ...]:
    """Return the lines of the worklist.

    Parameters
    ----------
    rows : sequence of Row
        Everything that was opened, in the order it was found.
    wanted, search, sort
        The reader's choice. Headings stand above each study in reading order, none when sorted by suspicion.
    """
    indices = chosen(rows, wanted, search)
    if sort is Sort.SUSPICION:
        return tuple(sorted(indices, key=lambda index: _suspicion(rows[index])))
    return tuple(_by_study(rows, sorted(indices, key=lambda index: rows[index].key)))


def cases(rows: Sequence[Row], listed: Sequence[Line]) -> tuple[int, ...]:
    """Return the rows that keys step through: listed cases, or refused files where only those are listed."""
    indices = [line for line in listed if isinstance(line, int)]
    return tuple(index for index in indices if rows[index].instance is not None) or tuple(indices)

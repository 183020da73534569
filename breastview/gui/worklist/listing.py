"""Which rows are listed, in which order and under which headings: pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby
from pathlib import PurePath
from typing import Any

from breastview.gui.worklist.row import Row, day, view_score
from breastview.language import mark, tr
from breastview.study import tree
from breastview.study.exam import assembled, exam_key
from breastview.study.instance import Entry, Instance
from breastview.study.reading import ReadState

NOT_SHOWN = mark("Could not be shown")


class Filter(StrEnum):
    """Which rows are listed."""

    ALL = "all"
    UNREAD = "unread"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    MARKED = "marked"
    SUSPICIOUS = "suspicious"
    ABSTAINED = "abstained"
    GATED = "gated"
    EDITED = "edited"
    PROBLEMS = "problems"


class Sort(StrEnum):
    """In which order rows are listed."""

    ORDER = "order"
    SUSPICION = "suspicion"
    UNCERTAINTY = "uncertainty"
    DATE = "date"
    NAME = "name"
    STATE = "state"
    EXAM = "exam"


@dataclass(frozen=True)
class Heading:
    """A line above a group of cases.

    Attributes
    ----------
    text : str
        What they share.
    count : int
        How many there are.
    figure : str
        What the AI says of the group, shown in full beside the count.
    tip : str
        What is said of it besides.
    """

    text: str
    count: int
    figure: str = ""
    tip: str = ""


Line = Heading | int
"""A heading, or the index of a row."""


def names(label: str) -> tuple[str, str]:
    """Return the file's name and the folder it lies in, as far as its label tells."""
    folder, _, name = label.rpartition("/")
    return name, folder


def called(entry: Entry) -> str:
    """Return how a file is called on screen: by its label, or by what it is where a UID is all its name.

    Archives name the files they send by SOP Instance UIDs, which tell a reader nothing.
    """
    if not isinstance(entry, Instance) or not entry.uid or PurePath(entry.label).stem != entry.uid:
        return entry.label
    number = f"{entry.series.number}-{entry.number}"
    return " ".join(part for part in (entry.modality, entry.laterality, entry.view, number) if part)


def study_title(instance: Instance) -> str:
    """Return "patient · date · description" with what there is of it, else the folder's name."""
    study = instance.study
    parts = (instance.patient.name or instance.patient.identifier, day(study.date), study.description)
    title = " · ".join(part for part in parts if part)
    return title or instance.path.parent.name


def _gated(row: Row) -> bool:
    return row.seen_score is not None and row.seen_score.suspicion is None


_PASSES: dict[Filter, Callable[[Row], bool]] = {
    Filter.UNREAD: lambda row: row.state is ReadState.UNREAD,
    Filter.PRELIMINARY: lambda row: row.state is ReadState.PRELIMINARY,
    Filter.FINAL: lambda row: row.state is ReadState.FINAL,
    Filter.MARKED: lambda row: row.marked,
    Filter.SUSPICIOUS: lambda row: row.seen_score is not None and row.seen_score.suspicious,
    Filter.ABSTAINED: lambda row: row.seen_score is not None and row.seen_score.abstained,
    Filter.GATED: _gated,
    Filter.EDITED: lambda row: row.edited,
    Filter.PROBLEMS: _gated,
}


def _passes(row: Row, wanted: Filter) -> bool:
    if wanted is Filter.ALL:
        return True
    if row.instance is None:
        return wanted is Filter.PROBLEMS
    return _PASSES[wanted](row)


def in_order(rows: Sequence[Row]) -> list[int]:
    """Return the indices of rows in reading order."""
    return sorted(range(len(rows)), key=lambda index: rows[index].key)


def chosen(rows: Sequence[Row], order: Sequence[int], wanted: Filter, search: str) -> list[int]:
    """Return those indices in `order` whose rows pass the filter and hold every word searched for."""
    words = search.casefold().split()
    if wanted is Filter.ALL and not words:
        return list(order)
    return [
        index
        for index in order
        if _passes(rows[index], wanted) and all(word in rows[index].words for word in words)
    ]


def _suspicion(row: Row) -> tuple[int, float]:
    score = row.seen_score
    if score is None or score.suspicion is None:
        return (1 if row.instance is not None else 2, 0.0)
    return (0, -score.suspicion)


def _uncertainty(row: Row) -> tuple[int, float]:
    score = row.seen_score
    if score is None or score.uncertainty is None:
        return (1 if row.instance is not None else 2, 0.0)
    return (0, -score.uncertainty)


def _by_name(rows: Sequence[Row], ordered: Sequence[int]) -> Iterator[Line]:
    """Yield patients first, each one's pictures in reading order, then pictures without one by file name."""

    def place(index: int) -> tuple[int, str, tuple[object, ...]]:
        instance = rows[index].instance
        if instance is None:
            return (2, "", ())
        if name := instance.patient.name:
            return (0, name.casefold(), ())
        return (1, "", tree.natural(names(instance.label)[0]))

    yield from sorted(ordered, key=place)


def _by_date(rows: Sequence[Row], ordered: Sequence[int]) -> Iterator[Line]:
    """Yield the newest study first, those without a date after them."""
    studies = [list(group) for _, group in groupby(ordered, lambda index: rows[index].study)]
    dated = [members for members in studies if rows[members[0]].instance is not None]
    dated.sort(key=lambda members: _moment(rows[members[0]]), reverse=True)
    rest = [members for members in studies if rows[members[0]].instance is None]
    return by_study(rows, list(chain.from_iterable((*dated, *rest))))


def _moment(row: Row) -> tuple[str, str, str]:
    study = row.instance.study if row.instance is not None else None
    # The UID keeps the pictures of one study together where two have the same date and time.
    return (study.date, study.time, study.uid) if study is not None else ("", "", "")


STATES = {
    ReadState.UNREAD: mark("Unread"),
    ReadState.SEEN: mark("Seen"),
    ReadState.PRELIMINARY: mark("Preliminary"),
    ReadState.FINAL: mark("Final"),
}


def _by_state(rows: Sequence[Row], ordered: Sequence[int]) -> Iterator[Line]:
    of_state: dict[ReadState | None, list[int]] = {}
    for at in ordered:
        of_state.setdefault(None if rows[at].instance is None else rows[at].state, []).append(at)
    for state, title in STATES.items():
        if members := of_state.get(state):
            yield Heading(tr(title), len(members))
            yield from members
    if refused := of_state.get(None):
        yield Heading(tr(NOT_SHOWN), len(refused))
        yield from refused


def by_study(rows: Sequence[Row], order: Sequence[int]) -> Iterator[Line]:
    """Yield rows in their order, those of a study that follow one another below its heading."""
    for _, group in groupby(order, lambda index: rows[index].study):
        members = list(group)
        instance = rows[members[0]].instance
        yield Heading(study_title(instance) if instance else tr(NOT_SHOWN), len(members))
        yield from members


def _by_exam(rows: Sequence[Row], ordered: Sequence[int]) -> Iterator[Line]:
    """Yield examinations under their figures, the highest first; what belongs to none comes after them.

    The figure is that of all views, also of those that are not listed.
    """
    views: dict[str, list[Row]] = {}
    for row in rows:
        if row.instance is not None and (key := exam_key(row.instance)):
            views.setdefault(key, []).append(row)
    exams = {key: assembled([view_score(row) for row in found]) for key, found in views.items()}
    listed: dict[str, list[int]] = {}
    for index in ordered:
        instance = rows[index].instance
        listed.setdefault(exam_key(instance) if instance is not None else "", []).append(index)
    rest = listed.pop("", [])
    tops = {key: exams[key].highest for key in listed}
    for key in sorted(listed, key=lambda key: -((top.suspicion or 0.0) if (top := tops[key]) else -1.0)):
        first = rows[listed[key][0]].instance
        title = study_title(first) if first is not None else ""
        named = key.partition("\n")[2]
        text = " · ".join(part for part in (title, named) if part)
        exam = exams[key]
        figure = exam.figure if exam.complete else f"{exam.read}/{len(exam.views)}"
        yield Heading(text, len(listed[key]), figure, exam.summary)
        yield from listed[key]
    yield from by_study(rows, rest)


_RANKED: dict[Sort, Callable[[Row], Any]] = {
    Sort.SUSPICION: _suspicion,
    Sort.UNCERTAINTY: _uncertainty,
}
_ORDERED: dict[Sort, Callable[[Sequence[Row], Sequence[int]], Iterator[Line]]] = {
    Sort.ORDER: by_study,
    Sort.DATE: _by_date,
    Sort.NAME: _by_name,
    Sort.STATE: _by_state,
    Sort.EXAM: _by_exam,
}
_BY_SCORE = {Filter.SUSPICIOUS, Filter.ABSTAINED, Filter.GATED, Filter.PROBLEMS,
             Sort.SUSPICION, Sort.UNCERTAINTY, Sort.EXAM}  # fmt: skip


def follows_scores(wanted: Filter, sort: Sort) -> bool:
    """Return whether what the AI says has a say in which rows are listed, or where."""
    return wanted in _BY_SCORE or sort in _BY_SCORE


def lines(
    rows: Sequence[Row], wanted: Filter, search: str, sort: Sort, order: Sequence[int] | None = None
) -> tuple[Line, ...]:
    """Return the lines of the worklist.

    Parameters
    ----------
    rows : sequence of Row
        Everything that was opened, in the order it was found.
    wanted, search, sort
        The reader's choice. Headings stand above each study in reading order and by date, above each state
        and each examination; none where single cases are ranked.
    order : sequence of int, optional
        Indices of all rows in reading order, where they are known.
    """
    if sort in _RANKED:
        rank = _RANKED[sort]
        return tuple(sorted(chosen(rows, range(len(rows)), wanted, search), key=lambda at: rank(rows[at])))
    listed = chosen(rows, in_order(rows) if order is None else order, wanted, search)
    return tuple(_ORDERED[sort](rows, listed))


def cases(rows: Sequence[Row], listed: Sequence[Line]) -> tuple[int, ...]:
    """Return the rows that keys step through: listed cases, or refused files where only those are listed."""
    indices = [line for line in listed if isinstance(line, int)]
    return tuple(index for index in indices if rows[index].instance is not None) or tuple(indices)

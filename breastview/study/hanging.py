"""How mammograms hang, and which earlier pictures belong beside: rules on what files tell, not on pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from breastview.study.exam import exam_key
from breastview.study.instance import Instance, Patient


class Wall(StrEnum):
    """Side of a picture, or of a pane, at which the chest wall lies."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Place:
    """Where one view hangs.

    Attributes
    ----------
    laterality, view : str
        Of the picture that hangs here (``"R"``, ``"CC"``).
    row, column : int
        From the upper left corner.
    wall : Wall
        The side at which the chest wall lies, so that the breasts hang back to back.
    """

    laterality: str
    view: str
    row: int
    column: int
    wall: Wall


PROTOCOL = (
    Place("R", "CC", 0, 0, Wall.RIGHT),
    Place("L", "CC", 0, 1, Wall.LEFT),
    Place("R", "MLO", 1, 0, Wall.RIGHT),
    Place("L", "MLO", 1, 1, Wall.LEFT),
)
"""The four standard views: the patient's right breast on the reader's left, chest walls touching."""


@dataclass(frozen=True)
class Hung:
    """A picture and its place."""

    instance: Instance
    place: Place


def hanging(instances: Iterable[Instance], current: Instance) -> tuple[Hung, ...]:
    """Return how the standard views of the current picture's examination hang, in reading order.

    Parameters
    ----------
    instances : iterable of Instance
        Everything that is open.
    current : Instance
        Hangs itself where several pictures are of one view; else the last one taken does, for a repeated view
        replaces the first.

    Returns
    -------
    tuple of Hung
        Empty rows and columns are left out: two CC views stand side by side. Empty where the current picture
        is no standard view, or the examination has no second one: then nothing hangs.
    """
    key = exam_key(current)
    if not key:
        return ()
    views = [one for one in instances if exam_key(one) == key]
    found: list[Hung] = []
    for place in PROTOCOL:
        fitting = [one for one in views if (one.laterality, one.view) == (place.laterality, place.view)]
        if fitting:
            mine = next((one for one in fitting if one.path == current.path), None)
            found.append(Hung(mine or max(fitting, key=_taken), place))
    if len(found) < 2 or all(one.instance.path != current.path for one in found):
        return ()
    return _closed_up(found)


def _taken(instance: Instance) -> tuple[int, int]:
    return instance.series.number, instance.number


def _closed_up(found: list[Hung]) -> tuple[Hung, ...]:
    rows = sorted({one.place.row for one in found})
    columns = sorted({one.place.column for one in found})
    return tuple(
        Hung(one.instance, Place(
            one.place.laterality, one.place.view, rows.index(one.place.row),
            columns.index(one.place.column), one.place.wall,
        ))
        for one in found
    )  # fmt: skip


def same_patient(one: Patient, other: Patient) -> bool:
    """Return whether two headers mean one person: the same identifier, else the same name and birth date.

    Two identifiers that differ are two people, whatever their names; without identifiers a name alone is not
    enough.
    """
    if one.identifier and other.identifier:
        return one.identifier.strip() == other.identifier.strip()
    named = one.name.casefold().strip(), one.birth_date
    return all(named) and named == (other.name.casefold().strip(), other.birth_date)


def _when(instance: Instance) -> tuple[str, str]:
    return instance.study.date, instance.study.time


def priors(instances: Iterable[Instance], current: Instance) -> tuple[tuple[Instance, ...], ...]:
    """Return the earlier studies of the current picture's patient, the latest first, in the given order.

    A study without a date is neither earlier nor later than another one.
    """
    studies: dict[str, list[Instance]] = {}
    for one in instances:
        earlier = bool(one.study.date) and _when(one) < _when(current)
        other = one.study.uid != current.study.uid
        if earlier and other and same_patient(one.patient, current.patient):
            studies.setdefault(one.study.uid, []).append(one)
    return tuple(tuple(each) for each in sorted(studies.values(), key=lambda s: _when(s[0]), reverse=True))


def counterpart(current: Instance, own: Sequence[Instance], prior: Sequence[Instance]) -> Instance:
    """Return the picture of an earlier study that belongs beside the current one.

    Parameters
    ----------
    current : Instance
    own : sequence of Instance
        Pictures of its study, in order.
    prior : sequence of Instance
        Pictures of the earlier study, in order; at least one.

    Returns
    -------
    Instance
        One of the same view and side, else of the same side, else any of the same modality; among several the
        one as far into its study as the current one is into its own.
    """
    for alike in (_same_view, _same_side, _same_modality):
        there = [one for one in prior if alike(one, current)]
        if there:
            here = [one for one in own if alike(one, current)]
            return there[_as_far(current, here, len(there))]
    return prior[_as_far(current, own, len(prior))]


def _same_modality(one: Instance, other: Instance) -> bool:
    return one.modality == other.modality


def _same_side(one: Instance, other: Instance) -> bool:
    return _same_modality(one, other) and bool(other.laterality) and one.laterality == other.laterality


def _same_view(one: Instance, other: Instance) -> bool:
    return _same_side(one, other) and bool(other.view) and one.view == other.view


def _as_far(current: Instance, own: Sequence[Instance], there: int) -> int:
    position = next((n for n, one in enumerate(own) if one.path == current.path), 0)
    return min(position, there - 1)


def same_moment(frame: int, frames: int, others: int) -> int:
    """Return the frame of a picture of `others` frames as far into it as `frame` is into `frames`."""
    if frames <= 1 or others <= 1:
        return 0
    return min(others - 1, round(frame * (others - 1) / (frames - 1)))

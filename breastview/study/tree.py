"""Patient → study → series: the order in which cases are listed and stepped through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from breastview.study.instance import Instance, Patient, SeriesInfo, StudyInfo


@dataclass(frozen=True)
class Series:
    """The instances of one series, in acquisition order."""

    info: SeriesInfo
    instances: tuple[Instance, ...]


@dataclass(frozen=True)
class Study:
    """The series of one examination."""

    info: StudyInfo
    patient: Patient
    series: tuple[Series, ...]


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sorting key under which "benign (10)" follows "benign (9)"."""
    parts = re.split(r"(\d+)", text.casefold())
    return tuple((0, int(p)) if p.isdecimal() else (1, p) for p in parts if p)


def order(instance: Instance) -> tuple[object, ...]:
    """Return the sorting key of an instance within everything that was opened."""
    study, series = instance.study, instance.series
    return (
        natural(instance.patient.name),
        instance.patient.identifier,
        study.date,
        study.time,
        natural(study.uid),
        series.number,
        natural(series.uid),
        instance.number,
        natural(instance.label),
    )


def grouped(instances: Iterable[Instance]) -> tuple[Study, ...]:
    """Group instances into studies and series, each in reading order."""
    studies: dict[str, dict[str, list[Instance]]] = {}
    for one in sorted(instances, key=order):
        studies.setdefault(one.study.uid, {}).setdefault(one.series.uid, []).append(one)
    return tuple(
        Study(
            info=next(iter(series.values()))[0].study,
            patient=next(iter(series.values()))[0].patient,
            series=tuple(Series(group[0].series, tuple(group)) for group in series.values()),
        )
        for series in studies.values()
    )

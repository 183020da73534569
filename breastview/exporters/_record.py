"""The whole record of a frame as plain values, for files that other programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from breastview.exporters import _measured, _rows, _second_looks
from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import Record
from breastview.study.analysis import Analysis, Finding
from breastview.study.descriptors import chosen
from breastview.study.exam import RULE, Exam, ViewScore
from breastview.study.instance import Refusal
from breastview.study.reading import ALL_CATEGORIES, Assessment, Reading


def whole(record: Record) -> dict[str, Any]:
    """Return everything known about a frame, without the patient's name, number or birth date.

    Returns
    -------
    dict
        The row's columns (see `_rows.row`) and ``label``; for a frame that was read also ``instance``,
        ``model``, ``calibration_set``, ``sentence``, ``classes`` (probability by class name), ``findings``,
        ``mask_source`` (who drew it), ``mask_changed_at``, ``heat_inside_mask`` (share 0..1 by class),
        ``flag_texts``, ``measurements`` (points in px, quantities with unit and source), ``opinions`` (before
        and after the AI was shown), ``pairs`` (lesions found again in another picture), ``exam`` (the views
        of a mammography examination with their figures, None for other pictures) and ``assessment``.
    """
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in _rows.row(record).items()}
    values["label"] = record.label if isinstance(record, Refusal) else record.instance.label
    if isinstance(record, Refusal):
        return values
    values["instance"] = _instance(record)
    if record.analysis is not None:
        values |= _analysis(record, record.analysis)
    values |= _mask(record)
    values["measurements"] = _measured.plain(record)
    values["opinions"] = _second_looks.opinions(record.opinions)
    values["pairs"] = _second_looks.pairs(record.pairs)
    values["exam"] = None if record.exam is None else _exam(record.exam)
    return values | {"assessment": _assessment(record.assessment)}


def _instance(reading: Reading) -> dict[str, Any]:
    instance = reading.instance
    return {
        "study_uid": instance.study.uid, "series_uid": instance.series.uid, "sop_uid": instance.uid,
        "modality": instance.modality, "study_date": instance.study.date, "laterality": instance.laterality,
        "view": instance.view, "rows": instance.rows, "columns": instance.columns, "frames": instance.frames,
        "calibration_source": reading.calibration.source,
    }  # fmt: skip


def _exam(exam: Exam) -> dict[str, Any]:
    return {
        "suspicious": exam.suspicious, "rule": RULE, "complete": exam.complete,
        "experimental": exam.experimental,
        "views": [
            {"name": one.name, "laterality": one.laterality, "view": one.view, "told": one.told.value,
             "p_suspicious": None if one.suspicion is None else float(one.suspicion)}
            for one in exam.views
        ],
        "missing": list(exam.missing),
        "highest": _highest(exam.highest),
        "breasts": {breast.laterality: _highest(breast.highest) for breast in exam.breasts},
        "right_minus_left": None if exam.difference is None else float(exam.difference),
    }  # fmt: skip


def _highest(view: ViewScore | None) -> dict[str, Any] | None:
    return None if view is None or view.suspicion is None else {
        "view": view.name, "p_suspicious": float(view.suspicion), "abstained": view.abstained,
    }  # fmt: skip


def _analysis(reading: Reading, analysis: Analysis) -> dict[str, Any]:
    values: dict[str, Any] = {
        "model": asdict(analysis.bundle), "calibration_set": analysis.calibration_set,
        "device": analysis.device, "made_at": analysis.made_at, "sentence": analysis.sentence,
        "flag_texts": {flag.code: flag.text for flag in reading.flags}, "refused": analysis.refused,
    }  # fmt: skip
    if analysis.refused:
        return values
    return values | {
        "classes": _by_class(analysis, analysis.probabilities),
        "heat_inside_mask": _by_class(analysis, reading.heat_shares),
    }


def _mask(reading: Reading) -> dict[str, Any]:
    """Return the lesions of the mask that counts, and who drew it and when."""
    if not outlined(reading):
        return {}
    return {
        "findings": [_finding(number, finding) for number, finding in enumerate(reading.findings, 1)],
        "mask_source": reading.mask_source.value,
        "mask_changed_at": "" if reading.segmentation is None else reading.segmentation.changed_at,
    }


def _by_class(analysis: Analysis, values: tuple[float, ...] | None) -> dict[str, float] | None:
    if values is None:
        return None
    return {name: float(value) for name, value in zip(analysis.classes, values, strict=True)}


def _finding(place: int, finding: Finding) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in asdict(finding).items()}
    return values | {"number": finding.number or place, "source": str(finding.source)}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    values = asdict(assessment) | {"category_text": ALL_CATEGORIES.get(assessment.category, "")}
    values["state"] = assessment.state.value
    values["descriptors"] = {
        key: ", ".join(chosen(assessment.descriptors, key)) for key, _ in assessment.descriptors
    }
    return values


def _plain(value: Any) -> Any:
    """Return a value of Python's own types: coordinates may come as numpy scalars."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value

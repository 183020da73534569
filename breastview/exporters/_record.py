"""The whole record of a frame as plain values, for files that other programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from breastview.exporters import _rows
from breastview.exporters._protocol import Record
from breastview.study.analysis import Analysis, Finding
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import CATEGORIES, Assessment


def whole(record: Record) -> dict[str, Any]:
    """Return everything known about a frame, without the patient's name, number or birth date.

    Returns
    -------
    dict
        The row's columns (see `_rows.row`) and ``label``; for a frame that was read also ``instance``,
        ``model``, ``calibration_set``, ``sentence``, ``classes`` (probability by class name), ``findings``,
        ``heat_inside_mask`` (share 0..1 by class), ``flag_texts`` and ``assessment``.
    """
    values = {name: list(v) if isinstance(v, tuple) else v for name, v in _rows.row(record).items()}
    values["label"] = record.label if isinstance(record, Refusal) else record.instance.label
    if isinstance(record, Refusal):
        return values
    values["instance"] = _instance(record.instance, record.frame)
    if record.analysis is not None:
        values |= _analysis(record.analysis)
    return values | {"assessment": _assessment(record.assessment)}


def _instance(instance: Instance, frame: int) -> dict[str, Any]:
    return {
        "study_uid": instance.study.uid, "series_uid": instance.series.uid, "sop_uid": instance.uid,
        "modality": instance.modality, "study_date": instance.study.date, "laterality": instance.laterality,
        "view": instance.view, "rows": instance.rows, "columns": instance.columns, "frames": instance.frames,
        "calibration_source": instance.calibration(frame).source,
    }  # fmt: skip


def _analysis(analysis: Analysis) -> dict[str, Any]:
    values: dict[str, Any] = {
        "model": asdict(analysis.bundle), "calibration_set": analysis.calibration_set,
        "device": analysis.device, "made_at": analysis.made_at, "sentence": analysis.sentence,
        "flag_texts": {flag.code: flag.text for flag in analysis.flags}, "refused": analysis.refused,
    }  # fmt: skip
    if analysis.refused:
        return values
    shares = analysis.heat.share_inside
    return values | {
        "classes": _by_class(analysis, analysis.probabilities),
        "findings": [_finding(finding) for finding in analysis.findings],
        "heat_inside_mask": _by_class(analysis, shares),
    }


def _by_class(analysis: Analysis, values: tuple[float, ...] | None) -> dict[str, float] | None:
    if values is None:
        return None
    return {name: float(value) for name, value in zip(analysis.classes, values, strict=True)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(finding).items()}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    values = asdict(assessment) | {"category_text": CATEGORIES.get(assessment.category, "")}
    values["state"] = assessment.state.value
    values["descriptors"] = dict(assessment.descriptors)
    return values


def _plain(value: Any) -> Any:
    """Return a value of Python's own types: coordinates may come as numpy scalars."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value

"""One row a frame: the columns that the table and the record share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from breastview.exporters import _second_looks
from breastview.exporters._measured import text
from breastview.exporters._protocol import Record
from breastview.study.analysis import Analysis
from breastview.study.instance import Refusal
from breastview.study.reading import Reading

COLUMNS = (
    "path", "frame", "p_normal", "p_benign", "p_malignant", "abstained", "lesion_px", "long_mm", "short_mm",
    "flags", "bundle", "error", "calibration", "measured",
    "category", "state", "reader_and_ai", "mask",
    "kind", "suspicious", "p_suspicious", "experimental", "area_share",
    "breast_highest", "breast_highest_view", "exam_highest", "exam_highest_view", "exam_views",
    "ai_area_share",
)  # fmt: skip


def row(record: Record) -> dict[str, Any]:
    """Return the row of a record.

    Parameters
    ----------
    record : Reading or Refusal
        A frame that was read, or a file that could not be.

    Returns
    -------
    dict
        `COLUMNS` in their order; None where there is no value. `path` is absolute, `frame` counts from 0,
        probabilities are calibrated, `lesion_px` is the area of the mask in px of the original, `long_mm` and
        `short_mm` belong to the largest lesion, `flags` is a tuple of codes, `calibration` says where mm come
        from, `measured` holds the reader's measurements in words, `mask` says
        who drew it ("AI", "edited", "reader"). `kind` is the DICOM modality of the kind of picture;
        `p_suspicious` is the probability of the class that `suspicious` names, `area_share` the share (0..1)
        of the tissue inside the mask, which the reader may have changed, and `ai_area_share` that which
        the AI calls so, both in histology alone. `breast_highest` and `exam_highest` are the highest of the
        views' own calibrated probabilities, with the view, for mammograms whose side and view
        are known; `exam_views` says which views were read.
    """
    if isinstance(record, Refusal):
        return _empty(record.path) | {"error": _one_line(record.reason)}
    values = _empty(record.instance.path) | {"frame": record.frame, "error": _one_line(record.failure)}
    values |= {"calibration": record.calibration.source, "measured": text(record)}
    values |= {
        "category": record.assessment.category, "state": record.assessment.state.value,
        "reader_and_ai": _second_looks.sentence(record),
        "kind": None if record.kind is None else record.kind.value,
    }  # fmt: skip
    values |= _examined(record)
    return values | (_analysed(record) if record.analysis else {}) | _outlined(record)


def answered(reading: Reading) -> Analysis | None:
    """Return the analysis of a reading where the input gate let one through, else None."""
    return reading.analysis if reading.analysis and not reading.analysis.refused else None


def _empty(path: Path) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {"path": str(path.absolute()), "flags": (), "error": ""}


def _analysed(reading: Reading) -> dict[str, Any]:
    analysis = reading.analysis
    if analysis is None:
        return {}
    values: dict[str, Any] = {
        "flags": tuple(flag.code for flag in reading.flags),
        "bundle": str(analysis.bundle),
        "experimental": analysis.experimental,
    }
    if analysis.refused:
        # A number about a picture that the gate refused would look like a reading of it.
        return values
    return values | {
        "p_normal": analysis.probability("normal"),
        "p_benign": analysis.probability("benign"),
        "p_malignant": analysis.probability("malignant"),
        "abstained": analysis.abstained,
        "suspicious": analysis.suspicious,
        "p_suspicious": analysis.suspicion,
        "ai_area_share": analysis.area_share,
    }


def _examined(reading: Reading) -> dict[str, Any]:
    """Return the figures of the breast and of the examination that a mammogram belongs to."""
    exam, side = reading.exam, reading.instance.laterality
    if exam is None:
        return {}
    breast = next((one.highest for one in exam.breasts if one.laterality == side), None)
    missing = f"; missing: {', '.join(exam.missing)}" if exam.missing else ""
    found: dict[str, Any] = {"exam_views": f"{exam.read}/{len(exam.views)}{missing}"}
    for name, top in (("breast", breast), ("exam", exam.highest)):
        if top is not None:
            found |= {f"{name}_highest": top.suspicion, f"{name}_highest_view": top.name}
    return found


def _outlined(reading: Reading) -> dict[str, Any]:
    """Return what the mask that counts holds: the reader's, or the AI's where it answered."""
    mask = reading.mask
    if mask is None or (reading.segmentation is None and answered(reading) is None):
        return {}
    largest = reading.findings[0] if reading.findings else None
    return {
        "lesion_px": int(mask.sum()),
        "long_mm": largest.long_mm if largest else None,
        "short_mm": largest.short_mm if largest else None,
        "mask": reading.mask_source.value,
        "area_share": reading.area_share,
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())

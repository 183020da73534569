"""One row a frame: the columns that the table and the record share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from breastview.exporters._protocol import Record
from breastview.study.analysis import Analysis
from breastview.study.instance import Refusal
from breastview.study.reading import Reading

COLUMNS = (
    "path", "frame", "p_normal", "p_benign", "p_malignant", "abstained", "lesion_px", "long_mm", "short_mm",
    "flags", "bundle", "error",
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
        `short_mm` belong to the largest lesion, `flags` is a tuple of codes.
    """
    if isinstance(record, Refusal):
        return _empty(record.path) | {"error": _one_line(record.reason)}
    values = _empty(record.instance.path) | {"frame": record.frame, "error": _one_line(record.failure)}
    return values | (_analysed(record.analysis) if record.analysis else {})


def answered(reading: Reading) -> Analysis | None:
    """Return the analysis of a reading where the input gate let one through, else None."""
    return reading.analysis if reading.analysis and not reading.analysis.refused else None


def _empty(path: Path) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | {"path": str(path.absolute()), "flags": (), "error": ""}


def _analysed(analysis: Analysis) -> dict[str, Any]:
    values: dict[str, Any] = {
        "flags": tuple(flag.code for flag in analysis.flags),
        "bundle": str(analysis.bundle),
    }
    if analysis.refused:
        # A number about a picture that the gate refused would look like a reading of it.
        return values
    largest = analysis.findings[0] if analysis.findings else None
    return values | {
        "p_normal": analysis.probability("normal"),
        "p_benign": analysis.probability("benign"),
        "p_malignant": analysis.probability("malignant"),
        "abstained": analysis.abstained,
        "lesion_px": int(analysis.mask.sum()),
        "long_mm": largest.long_mm if largest else None,
        "short_mm": largest.short_mm if largest else None,
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""Values in the words of a report; empty in, empty out."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

from breastview.language import mark, tr
from breastview.study.analysis import Finding
from breastview.study.calibration import Calibration
from breastview.study.kind import Kind
from breastview.study.reading import Assessment

_SIDES = {"R": mark("Right breast"), "L": mark("Left breast"), "B": mark("Both breasts")}
_SEXES = {"F": mark("Female"), "M": mark("Male"), "O": mark("Other")}
_TITLES = {
    Kind.ULTRASOUND: mark("Breast ultrasound report"),
    Kind.MAMMOGRAM: mark("Mammography report"),
    Kind.HISTOLOGY: mark("Breast histology report"),
}


def clean(text: str, lines: bool = False) -> str:
    """Return text without control characters (nor newlines, unless `lines`) and lone surrogates."""
    kept = [
        c if unicodedata.category(c) not in {"Cc", "Cs"} or (lines and c == "\n") else " "
        for c in text.replace("\r\n", "\n")
    ]
    joined = "".join(kept)
    return joined.strip() if lines else " ".join(joined.split())


def day(text: str) -> str:
    """Return a DICOM date (``"20261118"``) as ``"2026-11-18"``; anything else as it is."""
    found = _parsed(text)
    return found.isoformat() if found else clean(text)


def time(text: str) -> str:
    """Return a DICOM time (``"091502.12"``) as ``"09:15"``; anything else as it is."""
    digits = text.partition(".")[0]
    return f"{digits[:2]}:{digits[2:4]}" if digits.isdecimal() and len(digits) >= 4 else clean(text)


def moment(text: str) -> str:
    """Return an ISO time stamp as ``"2026-11-20 20:10 UTC"``; anything else as it is."""
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        return clean(text)
    if stamp.tzinfo is None:
        return f"{stamp:%Y-%m-%d %H:%M}"
    return f"{stamp.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def born(birth: str, examined: str) -> str:
    """Return the birth date, with the age on the day of the examination where both are known."""
    first, second = _parsed(birth), _parsed(examined)
    if not first or not second or second < first:
        return day(birth)
    years = second.year - first.year - ((second.month, second.day) < (first.month, first.day))
    return tr("{date} ({years} y)").format(date=first.isoformat(), years=years)


def _parsed(text: str) -> date | None:
    digits = text.replace("-", "").replace(".", "").strip()
    try:
        return datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None
    except ValueError:
        return None


def sex(code: str) -> str:
    """Return the patient's sex in a word."""
    return tr(_SEXES.get(code.strip().upper(), clean(code)))


def side(code: str) -> str:
    """Return ``"Right breast"`` for ``"R"``."""
    return tr(_SIDES.get(code.strip().upper(), ""))


def examination(kind: Kind | None, modality: str) -> str:
    """Return what was done, for the title."""
    if kind is None:
        return tr(mark("Breast MRI report") if modality == "MR" else mark("Breast imaging report"))
    return tr(_TITLES[kind])


def location(assessment: Assessment) -> str:
    """Return the place of the lesion: side, clock face, distance from the nipple."""
    parts = [
        side(assessment.laterality),
        tr("{hour} o’clock").format(hour=assessment.clock) if assessment.clock else "",
        tr("{distance:g} mm from the nipple").format(distance=assessment.nipple_mm)
        if assessment.nipple_mm is not None
        else "",
    ]
    return ", ".join(part for part in parts if part)


def axes(finding: Finding) -> str:
    """Return long and short axis, in mm where they are true."""
    if finding.long_mm is None or finding.short_mm is None:
        return f"{finding.long_px:.0f} × {finding.short_px:.0f} px"
    return f"{finding.long_mm:.1f} × {finding.short_mm:.1f} mm"


def extent(finding: Finding, calibration: Calibration) -> str:
    """Return width and depth (height), in mm where the finding has mm at all."""
    (x0, y0), (x1, y1) = finding.long_ends
    region = calibration.at((x0 + x1) / 2, (y0 + y1) / 2)
    if finding.long_mm is None or region is None:
        return f"{finding.width_px:.0f} × {finding.depth_px:.0f} px"
    return f"{finding.width_px * region.dx:.1f} × {finding.depth_px * region.dy:.1f} mm"


def area(finding: Finding) -> str:
    """Return the area, in mm² where it is true."""
    return f"{finding.area_px} px" if finding.area_mm2 is None else f"{finding.area_mm2:.0f} mm²"

"""Times between examinations, in words."""

from __future__ import annotations

from datetime import date

from breastview.language import tr


def parsed(stored: str) -> date | None:
    """Return a DICOM date (YYYYMMDD), None for anything else."""
    try:
        return date(int(stored[:4]), int(stored[4:6]), int(stored[6:8])) if len(stored) == 8 else None
    except ValueError:
        return None


def earlier_by(stored: str, later: str) -> str:
    """Return how much earlier a date is than another, both as DICOM stores them: "2 years 3 months earlier".

    Empty where a date is missing or the first is not the earlier one.
    """
    first, last = parsed(stored), parsed(later)
    if first is None or last is None or first >= last:
        return ""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    if months < 2:
        return tr("{count} days earlier").format(count=(last - first).days)
    if months < 12:
        return tr("{count} months earlier").format(count=months)
    years, rest = divmod(months, 12)
    return (
        tr("{years} y {months} m earlier").format(years=years, months=rest)
        if rest
        else tr("{years} y earlier").format(years=years)
    )

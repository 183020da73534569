"""What the reader thought before and after the AI, and lesions found again elsewhere, for outputs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from breastview.language import tr
from breastview.study.opinions import Opinions
from breastview.study.pair import LesionView, PairedLesion
from breastview.study.reading import Reading


def sentence(reading: Reading) -> str:
    """Return both opinions ("before AI: 3, AI: malignant 87%, after AI: 4A"), empty where there are none."""
    return reading.opinions.sentence if reading.opinions is not None else ""


def opinions(found: Opinions | None) -> dict[str, Any] | None:
    """Return both opinions with their readers and times as plain values."""
    if found is None:
        return None
    ai = found.ai
    return {
        "frame": found.frame,
        "before": asdict(found.before),
        "ai": None if ai is None else {
            "classes": None if ai.probabilities is None else dict(ai.probabilities),
            "abstained": ai.abstained, "model": ai.bundle, "at": ai.at,
        },
        "after": None if found.after is None else asdict(found.after),
        "sentence": found.sentence,
    }  # fmt: skip


def pairs(found: tuple[PairedLesion, ...]) -> list[dict[str, Any]]:
    """Return pairs of lesions as plain values."""
    return [
        {
            "pair": one.pair.identifier, "reader": one.pair.reader, "made_at": one.pair.made_at,
            "here": _view(one.here), "there": _view(one.there),
            "comparison": [text for text, _ in one.sentences],
        }
        for one in found
    ]  # fmt: skip


def _view(view: LesionView) -> dict[str, Any]:
    finding = view.finding
    return {
        "picture": view.label, "frame": view.frame, "mask": view.source or None,
        "long_mm": finding.long_mm if finding else None, "short_mm": finding.short_mm if finding else None,
        "long_px": float(finding.long_px) if finding else None,
        "short_px": float(finding.short_px) if finding else None,
        "classes": None if view.probabilities is None else dict(view.probabilities),
        "abstained": view.abstained,
    }  # fmt: skip


def in_words(found: PairedLesion) -> str:
    """Return a pair as a report says it: which picture, what it says, how the two agree."""
    there = found.there
    parts = [tr("The same lesion is seen in {picture}.").format(picture=there.label or tr("another picture"))]
    size = _size(there)
    if size:
        parts.append(tr("There it measures {size}.").format(size=size))
    return " ".join([*parts, *(text for text, _ in found.sentences)])


def _size(view: LesionView) -> str:
    finding = view.finding
    if finding is None:
        return ""
    if finding.long_mm is not None and finding.short_mm is not None:
        return f"{finding.long_mm:.1f} × {finding.short_mm:.1f} mm"
    return tr("{long} × {short} px, uncalibrated").format(
        long=f"{finding.long_px:.0f}", short=f"{finding.short_px:.0f}"
    )

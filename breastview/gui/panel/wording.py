"""Sentences of the side panel, made from an analysis: pure functions, so every number's wording is tested."""

from __future__ import annotations

import re

from breastview.language import said, tr
from breastview.study import ai_words, shipped
from breastview.study.analysis import Analysis, Finding
from breastview.study.instance import Instance
from breastview.study.measured_words import orientation

_ZERO_WIDTH_SPACE = "\u200b"


def breakable(name: str) -> str:
    """Return a file name that may be broken after its dots, dashes and underscores."""
    return re.sub(r"([._\-])(?=\S)", rf"\1{_ZERO_WIDTH_SPACE}", name)


def size(finding: Finding) -> str:
    """Return a lesion's diameters in mm with the source of the scale, or in px, said to be uncalibrated."""
    if finding.long_mm is not None and finding.short_mm is not None:
        source = f" ({said(finding.calibration_source)})" if finding.calibration_source else ""
        return f"{finding.long_mm:.1f} × {finding.short_mm:.1f} mm{source}"
    return tr("{long_px:.0f} × {short_px:.0f} px, uncalibrated").format(
        long_px=finding.long_px, short_px=finding.short_px
    )


def area(finding: Finding) -> str:
    """Return a lesion's area in mm² where true, else in px."""
    return (
        f"{finding.area_mm2:.0f} mm²"
        if finding.area_mm2 is not None
        else tr("{area_px:,} px").format(area_px=finding.area_px).replace(",", " ")
    )


def shape(finding: Finding) -> str:
    """Return whether the lesion is taller than wide, by its depth over its width as everywhere."""
    if finding.depth_px <= 0 or finding.width_px <= 0:
        return ""
    ratio = finding.depth_px / finding.width_px
    return f"{orientation(ratio)} ({ratio:.2f})"


def no_score() -> str:
    """Return what stands in the place of a score that the input gate does not allow."""
    return tr("No score: this is no picture for the model.")


def abstention(analysis: Analysis) -> str:
    """Return that the model does not commit itself, and where it would; empty where it does."""
    if not analysis.abstained or analysis.refused:
        return ""
    if analysis.abstains_below is None:
        return tr("The AI abstains: it does not commit itself at these probabilities.")
    return tr("The AI abstains: no class reaches {below:.0%}, below which it does not commit itself.").format(
        below=analysis.abstains_below
    )


def experimental(analysis: Analysis) -> str:
    """Return that too little is known of the model to rely on it; empty where enough is."""
    return ai_words.experimental(analysis)


def model(analysis: Analysis) -> str:
    """Return which model spoke, where and how fast."""
    if analysis.kind is None:
        return tr("No model was asked.")
    timing = duration(analysis.milliseconds) if analysis.milliseconds else ""
    own = "" if shipped.known(analysis.bundle) else tr(shipped.OWN)
    return " · ".join(filter(None, (str(analysis.bundle), own, analysis.device, timing)))


def duration(milliseconds: float) -> str:
    """Return a time in ms, in whole seconds where it took longer than ten of them."""
    return f"{milliseconds:.0f} ms" if milliseconds < 10_000 else f"{milliseconds / 1000:.0f} s"


def picture(instance: Instance, frame: int) -> str:
    """Return what the file is: modality, size, frame, compression."""
    parts = (
        instance.modality,
        f"{instance.columns} × {instance.rows} px",
        tr("frame {number} of {frames}").format(number=frame + 1, frames=instance.frames)
        if instance.frames > 1
        else "",
        instance.view,
        _lossy(instance.lossy),
    )
    return " · ".join(part for part in parts if part)


def _lossy(known: str) -> str:
    """Return what is known of a lossy compression; that may be no more than that it was one."""
    if not known or known.casefold().startswith("lossy"):
        return known
    return tr("lossy: {lossy}").format(lossy=known)

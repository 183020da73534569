"""Sentences of the side panel, made from an analysis: pure functions, so every number's wording is tested."""

from __future__ import annotations

import re

from breastview.study.analysis import Analysis, Finding
from breastview.study.instance import Instance

_ZERO_WIDTH_SPACE = "\u200b"


def breakable(name: str) -> str:
    """Return a file name that may be broken after its dots, dashes and underscores."""
    return re.sub(r"([._\-])(?=\S)", rf"\1{_ZERO_WIDTH_SPACE}", name)


def size(finding: Finding) -> str:
    """Return a lesion's diameters in mm with the source of the scale, or in px, said to be uncalibrated."""
    if finding.long_mm is not None and finding.short_mm is not None:
        source = f" ({finding.calibration_source})" if finding.calibration_source else ""
        return f"{finding.long_mm:.1f} × {finding.short_mm:.1f} mm{source}"
    return f"{finding.long_px:.0f} × {finding.short_px:.0f} px, uncalibrated"


def area(finding: Finding) -> str:
    """Return a lesion's area in mm² where true, else in px."""
    return (
        f"{finding.area_mm2:.0f} mm²"
        if finding.area_mm2 is not None
        else f"{finding.area_px:,} px".replace(",", " ")
    )


def shape(finding: Finding) -> str:
    """Return whether the lesion is wider than tall: its extent along and across the skin."""
    if finding.depth_px <= 0:
        return ""
    ratio = finding.width_px / finding.depth_px
    return f"{'wider than tall' if ratio > 1 else 'taller than wide'} ({ratio:.2f})"


def lesions(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return (title, text) for each lesion of the mask, largest first."""
    many = len(analysis.findings) > 1
    return tuple(
        (f"Lesion {n}" if many else "Lesion", ", ".join(filter(None, (size(f), area(f), shape(f)))))
        for n, f in enumerate(analysis.findings, 1)
    )


def heat_share(analysis: Analysis, heat_class: int | None) -> str:
    """Return how much of a class's Grad-CAM lies inside the mask, or nothing where there is no mask."""
    if heat_class is None or analysis.heat.share_inside is None:
        return ""
    share = analysis.heat.share_inside[heat_class]
    return f"{share:.0%} of this Grad-CAM lies inside the mask."


def model(analysis: Analysis) -> str:
    """Return which model spoke, where and how fast."""
    timing = f"{analysis.milliseconds:.0f} ms" if analysis.milliseconds else ""
    return " · ".join(filter(None, (str(analysis.bundle), analysis.device, timing)))


def picture(instance: Instance, frame: int) -> str:
    """Return what the file is: modality, size, frame, compression."""
    parts = (
        instance.modality,
        f"{instance.columns} × {instance.rows} px",
        f"frame {frame + 1} of {instance.frames}" if instance.frames > 1 else "",
        instance.view,
        instance.lossy and f"lossy: {instance.lossy}",
    )
    return " · ".join(part for part in parts if part)

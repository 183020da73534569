"""The mask that counts, and who drew it: the same words in every output."""

from __future__ import annotations

from breastview.exporters._rows import answered
from breastview.language import mark, tr
from breastview.study.analysis import Finding
from breastview.study.kind import Kind
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource

_WHO = {
    MaskSource.AI: mark("AI"), MaskSource.EDITED: mark("AI, edited by reader"),
    MaskSource.READER: mark("drawn by reader"),
}  # fmt: skip

SAID = {
    MaskSource.AI: "drawn by the AI", MaskSource.EDITED: "the AI's, edited by the reader",
    MaskSource.READER: "drawn by the reader",
}  # fmt: skip
"""Who drew an outline, in objects and records of every language: a record's words."""


def outlined(reading: Reading) -> bool:
    """Return whether there is a mask to show: the reader's, or the AI's where the gate let it answer."""
    if reading.segmentation is not None:
        return True
    return answered(reading) is not None and reading.mask is not None


def part(kind: Kind | None) -> str:
    """Return what one part of a mask is called in objects and tables of every language: a record's word."""
    return "Area" if kind is Kind.HISTOLOGY else "Lesion"


def sizes(finding: Finding) -> list[tuple[str, float, str]]:
    """Return axes and area of a lesion as name, value and unit: in mm where they are true, else in px."""
    values: list[tuple[str, float | None, str]] = [
        ("long axis", finding.long_mm, "mm"), ("short axis", finding.short_mm, "mm"),
        ("area", finding.area_mm2, "mm2"),
    ]  # fmt: skip
    if finding.long_mm is None:
        values = [
            ("long axis", finding.long_px, "px"), ("short axis", finding.short_px, "px"),
            ("area", finding.area_px, "px2"),
        ]  # fmt: skip
    return [(name, float(value), unit) for name, value, unit in values if value is not None]


def heat_shares(reading: Reading) -> dict[str, float]:
    """Return by class the share (0..1) of its Grad-CAM inside the mask that counts; empty without one."""
    analysis = answered(reading)
    if analysis is None or reading.heat_shares is None:
        return {}
    return {name: float(share) for name, share in zip(analysis.classes, reading.heat_shares, strict=True)}


def tissue_shares(reading: Reading) -> list[tuple[str, str, float]]:
    """Return code, name and value (0..1) of the shares of the tissue's area; histology alone has them.

    The AI's own stands beside that of the mask that counts, which the reader may have changed.
    """
    analysis = answered(reading)
    if analysis is None:
        return []
    values = [
        ("ai-area-share", f"Share of the tissue's area called {analysis.suspicious}", analysis.area_share),
        ("area-share", "Share of the tissue's area outlined", reading.area_share),
    ]
    return [(key, name, float(value)) for key, name, value in values if value is not None]


def who(source: MaskSource) -> str:
    """Return who drew a mask or a lesion."""
    return tr(_WHO[MaskSource(source)])


def title(reading: Reading) -> str:
    """Return what the picture with the mask is called."""
    return tr("Segmentation ({who})").format(who=who(reading.mask_source))

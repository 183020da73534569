"""Measurements in words, the same on screen and in every output: value, unit, and where its mm come from."""

from __future__ import annotations

from collections.abc import Sequence

from breastview.language import mark, said, tr
from breastview.study.measurement import NAMES, Quantity, Tool

CROSSED = mark("the outline crosses itself: no area")
TALLER, WIDER = mark("taller than wide"), mark("wider than tall")

_MAIN = {Tool.DISTANCE: "length", Tool.ANGLE: "angle", Tool.AXES: "long axis"}


def basis(quantity: Quantity) -> str:
    """Return what follows a number: ``" (PixelSpacing)"`` or ``", uncalibrated"``."""
    if quantity.source:
        return f" ({said(quantity.source)})"
    return f", {tr(quantity.note)}" if quantity.note else ""


def value(tool: Tool, quantities: Sequence[Quantity]) -> str:
    """Return the number that a measurement was drawn for, with its source; empty for a note."""
    found = {one.name: one for one in quantities}
    if tool is Tool.TEXT:
        return ""
    main = found.get(_MAIN.get(tool, "area"))
    if main is None:
        return tr(CROSSED) if tool is Tool.FREEHAND else ""
    if tool is Tool.AXES:
        return f"{main.value:.1f} × {found['short axis'].number}{basis(main)}"
    return main.text


def details(tool: Tool, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """Return the other numbers of a measurement, a line each kind: lengths, grey levels, shape."""
    found = {one.name: one for one in quantities}
    lengths = [one for name in ("width", "height", "long axis", "short axis", "perimeter")
               if (one := found.get(name)) is not None]  # fmt: skip
    lines = []
    if lengths and tool is not Tool.AXES:
        lines.append(", ".join(_named(one) for one in lengths) + basis(lengths[0]))
    if "depth/width" in found:
        lines.append(f"{_named(found['depth/width'])}, {orientation(found['depth/width'].value)}")
    greys = [found[name] for name in ("mean", "sd", "min", "max", "n") if name in found]
    if greys:
        lines.append(", ".join(_named(one) for one in greys))
    return tuple(lines)


def orientation(ratio: float) -> str:
    """Return what a ratio of depth to width says."""
    return tr(TALLER) if ratio > 1 else tr(WIDER)


def name(quantity: Quantity) -> str:
    """Return the name of a quantity as it is shown."""
    return tr(NAMES.get(quantity.name, quantity.name))


def _named(one: Quantity) -> str:
    return f"{name(one)} {one.number}"

"""The line under each pane: what was found, how it compares with the truth, how honest the heat is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from breastview.gui import theme
from breastview.gui.panes.calipers import lengths
from breastview.gui.panes.content import Content, Overlays
from breastview.gui.panes.look import SEGMENTER, Look
from breastview.imaging import colour_maps

HEAT_OUTSIDE = "heat-outside"
"""Code of the flag that says that most of the heat lies outside the mask."""

TRUTH = "#{:02x}{:02x}{:02x}".format(*colour_maps.TRUTH_COLOUR)


@dataclass(frozen=True)
class Caption:
    """A short text and its colour."""

    text: str
    colour: str = theme.MUTED


def _tr(text: str) -> str:
    return QCoreApplication.translate("Captions", text)


def of_original(content: Content) -> tuple[Caption, ...]:
    """Return which file is shown."""
    return (Caption(content.instance.label),) if content.instance else ()


def of_ai(content: Content) -> tuple[Caption, ...]:
    """Return that the AI is at work, or why it has nothing to say."""
    note = content.note
    return (Caption(note.text, theme.WARNING if note.failed else theme.MUTED),) if note.text else ()


def of_mask(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return what the mask holds, and the Dice where the truth is shown."""
    captions = [] if content.overlays is None else [_lesions(content.overlays)]
    if content.truth is not None and look.truth_visible:
        agreement = content.dice
        text = _tr("Truth") if agreement is None else _tr("Truth · Dice {0}").format(f"{agreement:.2f}")
        captions.append(Caption(text, TRUTH))
    return tuple(captions)


def _lesions(overlays: Overlays) -> Caption:
    refusal = _refusal(overlays)
    if refusal:
        return refusal
    findings = overlays.analysis.findings
    if not findings:
        return Caption(_tr("No lesion outlined"))
    if len(findings) == 1:
        return Caption(_tr("1 lesion · {0}").format(lengths(findings[0])), theme.TEXT)
    return Caption(_tr("{0} lesions · largest {1}").format(len(findings), lengths(findings[0])), theme.TEXT)


def _refusal(overlays: Overlays) -> Caption | None:
    refusing = [flag.text for flag in overlays.analysis.flags if flag.refuses]
    return Caption(refusing[0], theme.WARNING) if refusing else None


def of_heat(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return how much of the heat lies inside the mask."""
    overlays = content.overlays
    if overlays is None or not look.heat_visible:
        return ()
    source = overlays.source(look.heat_source)
    share = overlays.share_inside(source)
    if share is not None:
        outside = any(flag.code == HEAT_OUTSIDE for flag in overlays.analysis.flags)
        text = _tr("{0}% of the heat lies inside the mask").format(f"{100 * share:.0f}")
        return (Caption(text, theme.WARNING if outside else theme.TEXT),)
    refusal = _refusal(overlays)
    if refusal:
        return (refusal,)
    text = _tr("What drove the mask") if source == SEGMENTER else _tr("No mask to compare the heat with")
    return (Caption(text),)


def heat_title(content: Content, look: Look) -> str:
    """Return the heat's title with whose heat it is."""
    source = content.overlays.source(look.heat_source) if content.overlays else ""
    return _tr("Grad-CAM · {0}").format(source_name(source)) if source else _tr("Grad-CAM")


def short_heat_title(content: Content, look: Look) -> str:
    """Return the heat's title for a narrow pane."""
    source = content.overlays.source(look.heat_source) if content.overlays else ""
    return _tr("CAM · {0}").format(source_name(source)) if source else ""


def source_name(source: str) -> str:
    """Return a source of heat as it is written on the screen."""
    return _tr("segmenter") if source == SEGMENTER else source

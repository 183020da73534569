"""The line under each pane: what was found, how it compares with the truth, how honest the heat is."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.gui import theme
from breastview.gui.panes.calipers import lengths
from breastview.gui.panes.content import Content, Overlays
from breastview.gui.panes.foreign_layer import origin
from breastview.gui.panes.look import SEGMENTER, Look
from breastview.gui.panes.outlines_lesions import Lesions
from breastview.gui.worklist.listing import called
from breastview.imaging import colour_maps
from breastview.imaging.doubts import HEAT_OUTSIDE
from breastview.language import said, tr
from breastview.study.ai_words import class_name
from breastview.study.kind import Kind
from breastview.study.segmentation import MaskSource
from breastview.study.shares import percent

TRUTH = "#{:02x}{:02x}{:02x}".format(*colour_maps.TRUTH_COLOUR)


@dataclass(frozen=True)
class Caption:
    """A short text and its colour."""

    text: str
    colour: str = theme.MUTED


def of_original(content: Content) -> tuple[Caption, ...]:
    """Return which file is shown."""
    return (Caption(called(content.instance)),) if content.instance else ()


def of_foreign(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return whose drawings lie over the picture, each in its colour."""
    shown = content.foreign.layers if look.foreign_visible else ()
    if len(shown) == 1:
        return (Caption(origin(shown[0].overlay.companion), shown[0].colour),)
    named = (Caption(one.overlay.companion.short_name, one.colour) for one in shown)
    return (Caption(tr("Other systems:")), *named) if shown else ()


def also_foreign(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return that there are such drawings, where there is no room for more."""
    shown = bool(content.foreign.layers) and look.foreign_visible
    return (Caption(tr("+ other systems"), content.foreign.layers[0].colour),) if shown else ()


def of_ai(content: Content) -> tuple[Caption, ...]:
    """Return that the AI is at work, or why it has nothing to say."""
    note = content.note
    return (Caption(note.text, theme.WARNING if note.failed else theme.MUTED),) if note.text else ()


def of_mask(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return what the mask holds, and the Dice where the truth is shown."""
    captions = [_lesions(content, content.lesions)] if content.lesions is not None else []
    if content.truth is not None and look.truth_visible:
        agreement = content.dice
        text = tr("Truth") if agreement is None else tr("Truth · Dice {0}").format(f"{agreement:.2f}")
        captions.append(Caption(text, TRUTH))
    return tuple(captions)


def _lesions(content: Content, lesions: Lesions) -> Caption:
    refusal = _refusal(content.overlays) if content.overlays and content.edited is None else None
    if refusal:
        return refusal
    found, by = lesions.findings, drawn_by(lesions.source)
    areas = content.overlays is not None and content.overlays.analysis.kind is Kind.HISTOLOGY
    if not found:
        mute = content.overlays and content.edited is None and not content.overlays.analysis.draws_mask
        nothing = tr("No area outlined") if areas else tr("No lesion outlined")
        text = tr("This model draws no mask") if mute else nothing
    else:
        text = _counted(len(found), lengths(found[0]), areas)
    return Caption(f"{text} · {by}" if by else text, theme.TEXT if found else theme.MUTED)


def _counted(count: int, size: str, areas: bool) -> str:
    """Return how many lesions, or areas of tissue, are outlined and how large the largest is."""
    if count == 1:
        return (tr("1 area · {size}") if areas else tr("1 lesion · {size}")).format(size=size)
    many = tr("{count} areas · largest {size}") if areas else tr("{count} lesions · largest {size}")
    return many.format(count=count, size=size)


def drawn_by(source: MaskSource) -> str:
    """Return who drew a mask, nothing where it is the AI's as it came."""
    if source == MaskSource.AI:
        return ""
    return tr("edited by reader") if source == MaskSource.EDITED else tr("drawn by reader")


def _refusal(overlays: Overlays) -> Caption | None:
    refusing = [said(flag.text) for flag in overlays.analysis.flags if flag.refuses]
    return Caption(refusing[0], theme.WARNING) if refusing else None


def of_heat(content: Content, look: Look) -> tuple[Caption, ...]:
    """Return how much of the heat lies inside the mask."""
    overlays = content.overlays
    if overlays is None or not look.heat_visible:
        return ()
    source = overlays.source(look.heat_source)
    share = content.share_inside(source)
    if share is not None:
        outside = content.lesions is not None and any(f.code == HEAT_OUTSIDE for f in content.lesions.flags)
        text = tr("{share} of the heat lies inside the mask").format(share=percent(share))
        return (Caption(text, theme.WARNING if outside else theme.TEXT),)
    refusal = _refusal(overlays)
    if refusal:
        return (refusal,)
    if source == SEGMENTER and not overlays.analysis.draws_mask:
        return (Caption(tr("This model draws no mask"), theme.MUTED),)
    text = tr("What drove the mask") if source == SEGMENTER else tr("No mask to compare the heat with")
    if overlays.analysis.maps_patches and source != SEGMENTER:
        text = tr("Each patch’s own probability")
    return (Caption(text),)


def heat_title(content: Content, look: Look) -> str:
    """Return the heat's title with whose heat it is."""
    overlays = content.overlays
    source = overlays.source(look.heat_source) if overlays else ""
    if not source or overlays is None:
        return tr("Grad-CAM")
    template = tr("Map of patches · {0}") if overlays.analysis.maps_patches else tr("Grad-CAM · {0}")
    return template.format(source_name(source))


def short_heat_titles(content: Content, look: Look) -> tuple[str, ...]:
    """Return the heat's titles for a narrow pane and for a still narrower one, which names whose it is."""
    source = content.overlays.source(look.heat_source) if content.overlays else ""
    if not source or content.overlays is None:
        return ()
    template = tr("Map · {0}") if content.overlays.analysis.maps_patches else tr("CAM · {0}")
    return template.format(source_name(source)), source_name(source)


def source_name(source: str) -> str:
    """Return a source of heat as it is written on the screen."""
    return tr("segmenter") if source == SEGMENTER else class_name(source)

"""What is said of the AI's reading in words, the same on screen and in every output."""

from __future__ import annotations

from breastview.language import mark, tr
from breastview.study.analysis import Analysis
from breastview.study.shares import percent

EXPERIMENTAL = mark("Experimental: this model was tested on too few pictures to rely on what it says.")

_CLASSES = {
    "normal": mark("normal"), "benign": mark("benign"), "malignant": mark("malignant"),
    "idc": mark("IDC"), "non-idc": mark("no IDC"),
}  # fmt: skip


def class_name(name: str) -> str:
    """Return what a class is called (IDC: invasive ductal carcinoma)."""
    return tr(_CLASSES.get(name, name))


def heat_title(analysis: Analysis, source: str) -> str:
    """Return what the heat of a class (or of the segmenter) is called."""
    template = tr("Map of patches: {name}") if analysis.maps_patches else tr("Grad-CAM: {name}")
    return template.format(name=class_name(source))


def experimental(analysis: Analysis) -> str:
    """Return that too little is known of the model to rely on it; empty where enough is."""
    return tr(EXPERIMENTAL) if analysis.experimental and not analysis.refused else ""


def edited_area(share: float | None) -> str:
    """Return which share of the tissue the reader's mask covers, empty where there is none."""
    if share is None:
        return ""
    return tr("The reader’s outlines cover {share} of it.").format(share=percent(share))


def area_share(analysis: Analysis) -> str:
    """Return which share of the tissue the AI calls suspicious, empty where it does not say."""
    if analysis.area_share is None or analysis.refused:
        return ""
    said = tr("The AI calls {share} of the tissue’s area {name}.")
    return said.format(share=percent(analysis.area_share), name=class_name(analysis.suspicious))

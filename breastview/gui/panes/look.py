"""How the panes draw: one frozen value that the reader changes and the panes follow."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.gui.panes.orientation import UPRIGHT, Orientation
from breastview.imaging import colour_maps
from breastview.study.instance import Window
from breastview.study.reading import SEGMENTER

LOUPE_LEAST, LOUPE_MOST = 2.0, 4.0
"""How much the magnifier enlarges what is seen."""


@dataclass(frozen=True)
class Look:
    """Everything about the drawing of a picture and its overlays that the reader can choose.

    Attributes
    ----------
    window : Window or None
        Window in modality values; None: the file's first VOI window or VOI LUT.
    invert : bool
        Black and white swapped.
    orientation : Orientation
        How the picture was flipped and turned; belongs to its picture, like the window.
    smooth : bool
        Pixels interpolated when enlarged; False shows each as a square.
    mask_visible, contour_visible, calipers_visible, truth_visible, heat_visible : bool
        `mask_visible` rules fill, contour and calipers together; the others one thing each.
    fill_opacity, heat_opacity : float
        0..1.
    contour_width : float
        In device-independent px, whatever the zoom.
    mask_colour, heat_map : str
        A key of `imaging.colour_maps.MASK_COLOURS`, one of `imaging.colour_maps.names()`.
    heat_threshold : float
        Heat below it is not drawn, 0..1.
    segmenter_opacity, segmenter_map, segmenter_threshold
        The same of the segmenter's Grad-CAM.
    contour_opacity : float
        Of the outline, 0..1.
    probability_visible : bool
        The segmenter's output shown instead of the mask's fill.
    places_visible : bool
        What the input gate found is marked.
    heat_source : str
        A class name, `SEGMENTER`, or empty for the most probable class.
    layout : int
        Number of panes, see `layouts.LAYOUTS`: 4 stand two by two.
    contents : tuple of str
        What each pane of the layout shows, values of `layouts.Shows`; empty: the layout's own.
    linked : bool
        Zoom, position, window and steps of one pane act on all.
    maximised : int or None
        The one pane shown, whatever the layout; counted from 0 in reading order.
    annotation_level : int
        Corner text: 0 none, 1 short, 2 full.
    patient_text : str
        What of the patient the corner text tells: "name" (with the number), "number" or "none".
    screens : tuple of (str, float)
        Device px per mm of the screens that were measured, by `gui.screens.name`.
    measurements_visible : bool
        What the reader measured.
    histogram : bool
        The active pane shows its grey levels.
    presets : tuple of Window
        The user's own windows.
    loupe : float
        How much the magnifier enlarges.
    foreign_visible : bool
        What other systems drew over the picture.
    foreign_hidden : tuple of str
        Files of theirs that are hidden all the same.
    tool : str
        Name of the tool that the left button drives (see `panes.tools`); empty: window and level.
    """

    window: Window | None = None
    invert: bool = False
    orientation: Orientation = UPRIGHT
    smooth: bool = True
    mask_visible: bool = True
    fill_opacity: float = 0.35
    contour_visible: bool = True
    contour_width: float = 2.0
    calipers_visible: bool = True
    mask_colour: str = "cyan"
    truth_visible: bool = False
    heat_visible: bool = True
    heat_opacity: float = 0.45
    heat_map: str = "inferno"
    heat_threshold: float = 0.15
    segmenter_opacity: float = 0.45
    segmenter_map: str = "cividis"
    segmenter_threshold: float = 0.15
    contour_opacity: float = 1.0
    probability_visible: bool = False
    places_visible: bool = False
    heat_source: str = ""
    layout: int = 3
    contents: tuple[str, ...] = ()
    linked: bool = True
    maximised: int | None = None
    annotation_level: int = 2
    patient_text: str = "name"
    screens: tuple[tuple[str, float], ...] = ()
    measurements_visible: bool = True
    histogram: bool = False
    presets: tuple[Window, ...] = ()
    loupe: float = 3.0
    foreign_visible: bool = True
    foreign_hidden: tuple[str, ...] = ()
    tool: str = ""


@dataclass(frozen=True)
class HeatStyle:
    """How one heat map is drawn: values, and the look's fields that hold them."""

    opacity: float
    colour_map: str
    threshold: float
    fields: tuple[str, str, str]


def heat_style(look: Look, source: str) -> HeatStyle:
    """Return how the heat of a class, or of the `SEGMENTER`, is drawn; the first map for an unknown name."""
    of = "segmenter" if source == SEGMENTER else "heat"
    fields = (f"{of}_opacity", f"{of}_map", f"{of}_threshold")
    opacity, name, threshold = (getattr(look, field) for field in fields)
    known = colour_maps.names()
    return HeatStyle(opacity, name if name in known else known[0], threshold, fields)

"""How the panes draw: one frozen value that the reader changes and the panes follow."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.study.instance import Window

SEGMENTER = "segmenter"
"""`Look.heat_source` that shows what drove the mask instead of a class."""

PANES = ("original", "mask", "heat")
"""The panes from left to right; `Look.maximised` counts them from 0."""


@dataclass(frozen=True)
class Look:
    """Everything about the drawing of a picture and its overlays that the reader can choose.

    Attributes
    ----------
    window : Window or None
        Window in modality values; None: the file's first VOI window or VOI LUT.
    invert : bool
        Black and white swapped.
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
    heat_source : str
        A class name, `SEGMENTER`, or empty for the most probable class.
    layout : int
        3: original, mask and Grad-CAM; 2: original beside both overlays; 1: one picture with both overlays.
    maximised : int or None
        The one pane shown, whatever the layout; an index of `PANES`.
    annotation_level : int
        Corner text: 0 none, 1 short, 2 full.
    """

    window: Window | None = None
    invert: bool = False
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
    heat_source: str = ""
    layout: int = 3
    maximised: int | None = None
    annotation_level: int = 2

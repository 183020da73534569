"""What the reader wants to see: one frozen value; widgets follow it and never hold it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from breastview.gui import screens
from breastview.gui.panes.look import Look
from breastview.gui.panes.orientation import UPRIGHT
from breastview.gui.worklist.listing import Filter, Sort
from breastview.imaging import window
from breastview.settings import Settings


class Overlay(StrEnum):
    """The overlay that the opacity keys act on."""

    MASK = "mask"
    HEAT = "heat"


@dataclass(frozen=True)
class ViewState:
    """Everything about the view that the reader chose.

    Attributes
    ----------
    case : int or None
        Index of the shown row of the worklist; None where nothing is shown.
    frame : int
        Shown frame, counted from 0.
    look : Look
        How the panes draw.
    overlay : Overlay
        Which overlay the opacity keys act on.
    filter, search, sort
        What the worklist shows.
    playing : bool
        The shown cine moves.
    cine_speed : float
        Factor of the file's own frame rate.
    cine_sweep : bool
        A cine goes forwards and backwards by turns instead of beginning again.
    hanging : bool
        The views of a mammography study hang together.
    compared : (int, int) or None
        Row and frame of a picture shown beside the current one.
    pinned : bool
        It stays what it is when the current picture changes; else it goes along, as a prior does.
    folded : tuple of str
        Parts of the side panel that are closed.
    """

    case: int | None = None
    frame: int = 0
    look: Look = field(default_factory=Look)
    overlay: Overlay = Overlay.MASK
    filter: Filter = Filter.ALL
    search: str = ""
    sort: Sort = Sort.ORDER
    playing: bool = False
    cine_speed: float = 1.0
    cine_sweep: bool = False
    hanging: bool = True
    compared: tuple[int, int] | None = None
    pinned: bool = False
    folded: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[int, int] | None:
        """The shown row and frame."""
        return None if self.case is None else (self.case, self.frame)


KEPT_LOOK = (
    "smooth",
    "mask_visible",
    "fill_opacity",
    "contour_visible",
    "contour_width",
    "mask_colour",
    "truth_visible",
    "heat_visible",
    "heat_opacity",
    "heat_map",
    "heat_threshold",
    "segmenter_opacity",
    "segmenter_map",
    "segmenter_threshold",
    "contour_opacity",
    "probability_visible",
    "places_visible",
    "layout",
    "linked",
    "annotation_level",
)
"""What of the look outlives a case and the application; a window level belongs to its picture."""


def initial(settings: Settings) -> ViewState:
    """Return the state of a first start."""
    return ViewState(look=looked(Look(), settings))


def looked(look: Look, settings: Settings) -> Look:
    """Return a look with what the settings say of it."""
    return replace(
        look,
        smooth=settings.smooth,
        fill_opacity=settings.mask_opacity,
        mask_colour=settings.mask_colour,
        contour_width=settings.contour_width,
        heat_opacity=settings.heat_opacity,
        heat_map=settings.heat_map,
        heat_threshold=settings.heat_threshold,
        annotation_level=settings.annotation_level,
        patient_text=settings.patient_text,
        screens=screens.densities(settings.screens),
        presets=window.own(settings.window_presets),
    )


def moved(state: ViewState, case: int | None, frame: int) -> ViewState:
    """Return the state after a step; window, inversion, orientation and Grad-CAM class start afresh."""
    if case == state.case:
        return replace(state, frame=frame)
    return replace(
        state,
        case=case,
        frame=frame,
        look=replace(state.look, window=None, invert=False, orientation=UPRIGHT, heat_source=""),
    )


def remembered(state: ViewState) -> dict[str, Any]:
    """Return the part of the state that the next start restores, as plain JSON values."""
    look = asdict(state.look)
    return {
        "look": {name: look[name] for name in KEPT_LOOK},
        "overlay": state.overlay.value,
        "filter": state.filter.value,
        "search": state.search,
        "sort": state.sort.value,
        "hanging": state.hanging,
        "cine_sweep": state.cine_sweep,
        "folded": list(state.folded),
    }


def _choice(kind: type[StrEnum], value: object, fallback: Any) -> Any:
    return kind(value) if value in {member.value for member in kind} else fallback


def restored(state: ViewState, values: dict[str, Any]) -> ViewState:
    """Return the state with remembered values; unknown or unusable ones are left out."""
    now = {item.name: getattr(state.look, item.name) for item in fields(Look)}
    given = values.get("look")
    look = {
        name: given[name]
        for name in KEPT_LOOK
        if isinstance(given, dict) and name in given and type(given[name]) is type(now[name])
    }
    search, folded = values.get("search"), values.get("folded")
    return replace(
        state,
        look=replace(state.look, **look),
        overlay=_choice(Overlay, values.get("overlay"), state.overlay),
        filter=_choice(Filter, values.get("filter"), state.filter),
        sort=_choice(Sort, values.get("sort"), state.sort),
        search=search if isinstance(search, str) else state.search,
        hanging=values.get("hanging") is not False,
        cine_sweep=values.get("cine_sweep") is True,
        folded=tuple(one for one in folded if isinstance(one, str)) if isinstance(folded, list) else (),
    )

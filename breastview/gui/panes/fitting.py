"""How a picture fits its pane: whole and in the middle, or hung with its chest wall at the pane's side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breastview.gui.panes import view
from breastview.gui.panes.layouts import Hung
from breastview.gui.panes.view import View
from breastview.study.hanging import Wall


@dataclass(frozen=True)
class Frame:
    """A picture and the pane it stands in.

    Attributes
    ----------
    columns, rows : int
        Of the picture, px.
    width, height : int
        Of the pane, device px.
    spacing : float
        Height of a px of the picture in mm, 0 where it is not known.
    hung : Hung or None
        How a mammogram hangs here.
    """

    columns: int
    rows: int
    width: int
    height: int
    spacing: float = 0.0
    hung: Hung | None = None


def fitting(frame: Frame, like: View, zoom: float | None = None) -> View:
    """Return the view that shows the whole picture.

    Parameters
    ----------
    frame : Frame
    like : View
        Its orientation and aspect are kept.
    zoom : float, optional
        One to use instead, see `common_zoom`.
    """
    whole = view.fitted(
        frame.columns, frame.rows, max(frame.width, 1), max(frame.height, 1), like.orientation, like.aspect
    )
    whole = whole if zoom is None else replace(whole, zoom=zoom)
    if frame.hung is None or whole.orientation.swaps:
        return whole
    return _at_wall(whole, frame, frame.hung)


def _at_wall(whole: View, frame: Frame, hung: Hung) -> View:
    """Move a whole picture sideways until its chest wall touches the pane's side."""
    across = view.project(whole, frame.width, frame.height).zooms[0]
    away = frame.width / 2 / across
    first_column = (hung.wall is Wall.LEFT) == (whole.orientation.matrix[0] > 0)
    x = hung.margin + away if first_column else frame.columns - hung.margin - away
    return replace(whole, x=x)


def common_zooms(frames: list[Frame], views: list[View]) -> list[float]:
    """Return a zoom for each hung picture at which all are whole and a millimetre is as long in each.

    Where a spacing is not known each is as large as it goes.
    """
    zooms = [fitting(replace(f, hung=None), v).zoom for f, v in zip(frames, views, strict=True)]
    if not frames or not all(frame.spacing > 0 for frame in frames):
        return zooms
    longest = min(zoom / frame.spacing for zoom, frame in zip(zooms, frames, strict=True))
    return [longest * frame.spacing for frame in frames]

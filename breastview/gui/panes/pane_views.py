"""Which part of its picture each pane shows; what is done in one is done in all while they are linked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from breastview.gui.panes import view
from breastview.gui.panes.content import Content
from breastview.gui.panes.fitting import Frame, common_zooms, fitting
from breastview.gui.panes.layouts import Hung, Slot
from breastview.gui.panes.orientation import UPRIGHT, Orientation
from breastview.gui.panes.pane import Pane
from breastview.gui.panes.view import View

STEP = 1.25
"""Factor of one step of zooming."""


class PaneViews(QObject):
    """The views of all panes.

    Parameters
    ----------
    of : callable
        The content of a picture by its number.

    Attributes
    ----------
    changed : Signal(int, View)
        A pane shows another part of its picture.
    linked : bool
        Whether what is done in one pane is done in all.
    """

    changed = Signal(int, object)

    def __init__(self, of: Callable[[int], Content], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._of = of
        self._panes: dict[int, tuple[Pane, Slot]] = {}
        self._views: dict[int, View] = {}
        self._left: dict[tuple[int, Path], View] = {}
        self._orientation = UPRIGHT
        self.linked = True

    def __getitem__(self, index: int) -> View:
        return self._views.get(index, View())

    # What is done to them ----------------------------------------------------------------------------------

    def zoom(self, index: int, factor: float, dx: float = 0.0, dy: float = 0.0) -> None:
        """Enlarge about a point that stays, in device px from the middle of the pane."""
        self._each(index, lambda seen, each: view.zoomed(seen, factor, self._facing(index, each) * dx, dy))

    def actual(self, index: int) -> None:
        """Show one px of the picture on one device px."""
        self._each(index, lambda seen, _each: view.actual(seen))

    def spacing(self, index: int) -> float | None:
        """Return the height in mm of the px in the middle of a pane, None where it is not known."""
        region = self._content(index).calibration.at(self[index].x, self[index].y)
        return None if region is None else region.dy

    def life_size(self, index: int) -> bool:
        """Show pictures as large as life where millimetres and screen are known; return whether one's are."""

        def sized(seen: View, each: int) -> View:
            density, spacing = self._panes[each][0].canvas.density, self.spacing(each)
            return seen if density is None or spacing is None else view.lifelike(seen, density, spacing)

        self._each(index, sized)
        return self._panes[index][0].canvas.density is not None and self.spacing(index) is not None

    def pan(self, index: int, dx: float, dy: float) -> None:
        """Pull the picture by device px; a breast that hangs the other way round goes against it."""

        def pulled(seen: View, each: int) -> View:
            rows, columns = self._content(each).size or (1, 1)
            return view.panned(seen, self._facing(index, each) * dx, dy, columns, rows)

        self._each(index, pulled)

    def lie(self, orientation: Orientation) -> None:
        """Turn the current picture as the reader wants it."""
        self._orientation = orientation
        turned = [index for index in self._panes if self._lying(index) != self[index]]
        for index in turned:
            self._see(index, self._lying(index))
        self._fit(index for index in turned if self[index].fitted)

    def _lying(self, index: int) -> View:
        """Return a pane's view turned as the reader and the hanging want it, in the picture's true shape."""
        _, slot = self._panes[index]
        lies = self._orientation if slot.picture == 0 else UPRIGHT
        if slot.hung is not None and slot.hung.mirrored:
            lies = replace(lies, mirrored=not lies.mirrored)
        return replace(self[index], orientation=lies, aspect=self._content(index).aspect)

    def fit(self, index: int) -> None:
        """Show the whole picture as large as it goes."""
        self._fit(self._panes if self.linked else [index])

    def reset(self) -> None:
        """Show all pictures whole."""
        self._left.clear()
        self._start(list(self._panes))

    def _each(self, index: int, change: Callable[[View, int], View]) -> None:
        for each in list(self._panes) if self.linked else [index]:
            if self._content(each).picture is not None:
                self._see(each, change(self[each], each))

    def _facing(self, index: int, other: int) -> int:
        """Return -1 where two hung pictures have their chest walls at opposite sides, else 1."""
        here, there = self._hung(index), self._hung(other)
        return -1 if here is not None and there is not None and here.wall is not there.wall else 1

    # What stands in the panes ------------------------------------------------------------------------------

    def settle(self, picture: int, same: bool) -> None:
        """Show a picture that came into its panes.

        Parameters
        ----------
        picture : int
        same : bool
            Another frame of the same file: zoom and position stay. Otherwise a hung picture is shown as it
            was left, any other one as a whole.
        """
        mine = [index for index, (_, slot) in self._panes.items() if slot.picture == picture]
        stays = [index for index in mine if same and index in self._views]
        self._fit(index for index in stays if self[index].fitted)
        self._start([index for index in mine if index not in stays])

    def arrange(self, panes: dict[int, tuple[Pane, Slot]], lay_out: Callable[[], None]) -> None:
        """Take other panes; what was seen stays as large in proportion to its pane.

        Parameters
        ----------
        panes : mapping of int to (Pane, Slot)
            Those shown from now on.
        lay_out : callable
            Gives them their places; called once.
        """
        seen: dict[tuple[int, Hung | None], tuple[View, float]] = {}
        for index, (_, slot) in self._panes.items():
            fit = self._fitting(index)
            if fit is not None:
                seen.setdefault((slot.picture, slot.hung), (self[index], fit.zoom))
        self._panes = panes
        lay_out()
        fresh = []
        for index, (_, slot) in panes.items():
            fit = self._fitting(index)
            was, zoom = seen.get((slot.picture, slot.hung), (View(), 0.0))
            if fit is None or not zoom:
                fresh.append(index)
            elif was.fitted:
                self._see(index, fit)
            else:
                self._see(index, view.zoomed(was, fit.zoom / zoom))
        self._start(fresh)
        self._fit(index for index in panes if self[index].fitted)

    def refit(self, index: int) -> None:
        """Follow the size of a pane whose picture is shown as a whole."""
        if index in self._panes and self[index].fitted:
            self._fit(each for each in self._panes if self[each].fitted)

    def forget(self) -> None:
        """Other pictures hang: none was left anyhow."""
        self._left.clear()

    def _start(self, indices: list[int]) -> None:
        """Show hung pictures as they were left, all else as a whole."""
        for index in indices:
            content, hung = self._content(index), self._hung(index)
            path = content.instance.path if content.instance is not None else None
            kept = self._left.get((index, path)) if path is not None and hung is not None else None
            self._views[index] = kept or View()
            if kept is not None:
                self._see(index, kept)
        self._fit(index for index in indices if self[index].fitted)

    def _fit(self, indices: Iterable[int]) -> None:
        """Fit panes; hung pictures all to one scale."""
        frames = {each: frame for each in self._panes if (frame := self._frame(each)) is not None}
        hung = [each for each, frame in frames.items() if frame.hung is not None]
        zooms = common_zooms([frames[each] for each in hung], [self._lying(each) for each in hung])
        scales = dict(zip(hung, zooms, strict=True))
        for index in list(indices):
            if index in frames:
                self._see(index, fitting(frames[index], self._lying(index), scales.get(index)))

    def _fitting(self, index: int) -> View | None:
        frame = self._frame(index)
        return None if frame is None else fitting(frame, self._lying(index))

    def _frame(self, index: int) -> Frame | None:
        pane, slot = self._panes[index]
        content = self._content(index)
        if content.size is None:
            return None
        rows, columns = content.size
        region = content.calibration.at(columns / 2, rows / 2)
        spacing = region.dy if region is not None else 0.0
        return Frame(columns, rows, *pane.canvas.device_size(), spacing, slot.hung)

    def _content(self, index: int) -> Content:
        return self._of(self._panes[index][1].picture)

    def _hung(self, index: int) -> Hung | None:
        return self._panes[index][1].hung if index in self._panes else None

    def _see(self, index: int, seen: View) -> None:
        self._views[index] = seen
        content = self._content(index)
        if self._hung(index) is not None and content.instance is not None:
            self._left[index, content.instance.path] = seen
        self._panes[index][0].canvas.show_view(seen)
        self.changed.emit(index, seen)

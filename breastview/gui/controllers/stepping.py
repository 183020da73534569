"""Going from image to image."""

from __future__ import annotations

from breastview.gui import navigation
from breastview.gui.desk import Desk
from breastview.gui.navigation import Place
from breastview.gui.state import moved
from breastview.gui.worklist.model import WorklistModel


class Stepping:
    """Changes which case and frame is shown."""

    def __init__(self, desk: Desk, model: WorklistModel) -> None:
        self._desk, self._model = desk, model

    def to(self, place: Place | None) -> bool:
        """Show a place; return whether there is one."""
        if place is None:
            return False
        self._desk.become(moved(self._desk.state, *place))
        return True

    def row(self, row: int) -> None:
        """Show a row of the list; the shown one keeps its frame."""
        if row != self._desk.state.case:
            self.to((row, 0))

    def image(self, by: int) -> None:
        """Step `by` images."""
        self.to(navigation.step(self._model.rows, self._model.cases, self._desk.state.place, by))

    def frame(self, frame: int) -> None:
        """Show a frame of the shown case."""
        case = self._desk.state.case
        if case is not None:
            self.to((case, frame))

    def case(self, by: int) -> None:
        """Step `by` cases, whatever the number of frames."""
        cases, here = self._model.cases, self._desk.state.case
        if not cases:
            return
        position = cases.index(here) + by if here in cases else 0
        self.row(cases[min(max(position, 0), len(cases) - 1)])

    def end(self, last: bool) -> None:
        """Go to the first or the last image."""
        self.to(navigation.end(self._model.rows, self._model.cases, self._desk.state.place, last))

    def series(self, by: int) -> None:
        """Go to the next or the previous series."""
        self.to(navigation.series(self._model.rows, self._model.cases, self._desk.state.place, by))

    def study(self, by: int) -> None:
        """Go to the next or the previous study."""
        self.to(navigation.study(self._model.rows, self._model.cases, self._desk.state.place, by))

    def unread(self) -> bool:
        """Go to the next unread case; return whether there is one."""
        return self.to(navigation.unread(self._model.rows, self._model.cases, self._desk.state.place))

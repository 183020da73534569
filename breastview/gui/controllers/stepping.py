"""Going from image to image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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

    def picture(self, path: Path, frame: int) -> bool:
        """Show a frame of a file; return whether the list has it."""
        row = next((row for row, listed in enumerate(self._model.rows) if listed.entry.path == path), None)
        return row is not None and self.to((row, frame))

    def hung(self, place: Place) -> None:
        """Make a picture that hangs with the current one the current one; how they are drawn stays."""
        look = self._desk.state.look
        self._desk.change(case=place[0], frame=place[1], look=replace(look, heat_source=""))

    def within_study(self, place: Place, by: int) -> Place:
        """Return the place `by` images on from another one, within its study and in the listed order."""
        rows, here = self._model.rows, self._model.rows[place[0]].instance
        uid = here.study.uid if here is not None else ""
        own = [n for n, row in enumerate(rows) if row.instance and row.instance.study.uid == uid]
        own.sort(key=lambda n: rows[n].key)
        return navigation.step(rows, own, place, by) or place

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

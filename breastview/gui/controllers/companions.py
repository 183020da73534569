"""The pictures beside the current one: a prior, a pinned one, or the other views of a mammography study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.gui.panes import content
from breastview.gui.panes.content import Content, Note
from breastview.gui.panes.layouts import Beside, Hung
from breastview.gui.panes.outlines_lesions import of_reader
from breastview.gui.worklist.row import day
from breastview.language import tr
from breastview.study import hanging
from breastview.study.dates import earlier_by
from breastview.study.exam import exam_key
from breastview.study.hanging import Wall

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.desk import Desk
    from breastview.gui.navigation import Place
    from breastview.gui.panes.pane_row import PaneRow
    from breastview.gui.state import ViewState
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.gui.workers.pictures import PictureLoader, Shown
    from breastview.gui.worklist.model import WorklistModel
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance


class Companions(QObject):
    """Finds them, has them fetched and shown, and keeps them in step.

    Attributes
    ----------
    changed : Signal()
        Others stand beside the current picture than before.
    unfound : Signal(str)
        Why nothing can be compared.
    """

    changed = Signal()
    unfound = Signal(str)

    def __init__(
        self, desk: Desk, model: WorklistModel, showing: Showing, stepping: Stepping, panes: PaneRow,
        loader: PictureLoader, inference: InferenceQueue, session: Session,
    ) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._model, self._showing, self._stepping = desk, model, showing, stepping
        self._panes, self._loader, self._session = panes, loader, session
        self._places: tuple[Place, ...] = ()
        self._hung: tuple[hanging.Hung, ...] = ()
        self._contents: dict[Place, Content] = {}
        self._walls: dict[Path, tuple[Wall | None, float]] = {}
        self._frames: dict[Path, int] = {}
        self._early: dict[Place, Analysis | None] = {}
        self._listed = 0
        desk.changed.connect(self._follow)
        model.counted.connect(self._more_listed)
        loader.beside_loaded.connect(self._arrived)
        inference.analysed.connect(self._analysed)
        inference.failed.connect(self._failed)
        inference.trouble.connect(lambda _sentence: self._renew_notes())
        inference.ready.connect(self._renew_notes)
        panes.picture_chosen.connect(self._choose)
        panes.beside_step_requested.connect(self._step)

    def begin(self) -> None:
        """Follow what is shown from now on: after everyone who shows the current picture itself."""
        self._showing.picture_changed.connect(lambda _same: self.refresh())
        self._showing.analysis_changed.connect(self._look_again)

    # What the reader does ----------------------------------------------------------------------------------

    def prior(self) -> None:
        """Compare with the latest earlier study, then with the one before it, at last with none."""
        current, state = self._showing.instance, self._desk.state
        if current is None:
            return
        found = hanging.priors(self._instances(), current)
        if not found:
            self._desk.change(compared=None, pinned=False)
            self.unfound.emit(tr("No earlier study of this patient is open."))
            return
        uids = [study[0].study.uid for study in found]
        here = self._compared_study() if not state.pinned else ""
        following = uids.index(here) + 1 if here in uids else 0
        if following == len(found):
            self._desk.change(compared=None, pinned=False)
            return
        row = self._row(found[following][0])
        self._desk.change(compared=None if row is None else (row, 0), pinned=False)

    def pin(self) -> None:
        """Keep the current picture beside whatever comes next; pressed again, let it go."""
        state = self._desk.state
        if state.pinned:
            self._desk.change(compared=None, pinned=False)
        else:
            self._desk.change(compared=state.place, pinned=True)

    def hang(self) -> None:
        """Hang the views of a mammography study together, or show each alone."""
        self._desk.change(hanging=not self._desk.state.hanging)

    def forget(self) -> None:
        """Rows mean other files now."""
        self._contents.clear()
        self._frames.clear()
        self._desk.change(compared=None, pinned=False)

    @property
    def hangs(self) -> bool:
        """Whether views hang together."""
        return bool(self._hung)

    @property
    def compares(self) -> bool:
        """Whether a picture is compared."""
        return bool(self._places) and not self._hung

    # Which pictures ----------------------------------------------------------------------------------------

    def _instances(self) -> list[Instance]:
        rows = sorted((row.key, n) for n, row in enumerate(self._model.rows) if row.instance is not None)
        return [one for _, n in rows if (one := self._model.rows[n].instance) is not None]

    def _row(self, instance: Instance) -> int | None:
        return self._showing.row_of(instance)

    def _compared_study(self) -> str:
        compared = self._desk.state.compared
        instance = self._model.rows[compared[0]].instance if compared is not None else None
        return instance.study.uid if instance is not None else ""

    def _follow(self, before: ViewState, after: ViewState) -> None:
        names = ("hanging", "compared", "pinned")
        if any(getattr(before, name) != getattr(after, name) for name in names):
            self.refresh()
        elif before.playing != after.playing and self.compares:
            self._show()

    def _more_listed(self) -> None:
        """Hang views of the current examination that were listed after the picture was shown."""
        fresh = self._model.rows[self._listed :]
        self._listed = len(self._model.rows)
        current = self._showing.instance
        exam = exam_key(current) if current is not None and self._desk.state.hanging else ""
        if exam and any(row.instance is not None and exam_key(row.instance) == exam for row in fresh):
            self.refresh()

    def refresh(self) -> None:
        """Find what belongs beside the current picture, show what is there of it and fetch the rest."""
        current, shown = self._showing.instance, self._showing.shown
        places: tuple[Place, ...] = ()
        self._hung = ()
        if current is not None and shown is not None:
            places = self._compared(current, shown.place)
            if not places and self._desk.state.hanging and exam_key(current):
                self._hung = hanging.hanging(self._instances(), current)
                places = tuple(
                    (row, self._frames.get(one.instance.path, 0))
                    for one in self._hung
                    if one.instance.path != current.path and (row := self._row(one.instance)) is not None
                )
        self._take(places, shown.place if shown is not None else None)

    def _compared(self, current: Instance, at: Place) -> tuple[Place, ...]:
        state = self._desk.state
        if state.compared is None:
            return ()
        if state.pinned:
            return () if state.compared == at else (state.compared,)
        instances, uid = self._instances(), self._compared_study()
        earlier = [one for one in instances if one.study.uid == uid]
        if not earlier or not hanging.same_patient(earlier[0].patient, current.patient):
            return ()
        own = [one for one in instances if one.study.uid == current.study.uid]
        found = hanging.counterpart(current, own, earlier)
        row = self._row(found)
        return () if row is None else ((row, hanging.same_moment(at[1], current.frames, found.frames)),)

    def _take(self, places: tuple[Place, ...], at: Place | None) -> None:
        before, self._places = self._places, places
        self._contents = {place: self._contents[place] for place in places if place in self._contents}
        self._early = {place: self._early[place] for place in places if place in self._early}
        known = (*places, *((at,) if at is not None and self._hung else ()))
        missing = [
            (place, instance) for place in known
            if (instance := self._model.rows[place[0]].instance) is not None and self._wanted(place, instance)
        ]  # fmt: skip
        self._showing.beside = tuple(
            (instance, place[1]) for place in places
            if (instance := self._model.rows[place[0]].instance) is not None
        )  # fmt: skip
        if missing:
            self._loader.show_beside(missing)
        if places or before:
            self._show()
        if places != before:
            if places:
                self._showing.plan()
            self.changed.emit()

    def _wanted(self, place: Place, instance: Instance) -> bool:
        wall = bool(self._hung) and instance.path not in self._walls
        return wall or (place in self._places and place not in self._contents)

    # What is shown of them ---------------------------------------------------------------------------------

    def _arrived(self, shown: Shown, wall: tuple[Wall | None, float]) -> None:
        rows, row = self._model.rows, shown.place[0]
        instance = rows[row].instance if row < len(rows) else None
        if instance is None:
            return
        self._walls[instance.path] = wall
        if shown.place in self._places:
            self._contents[shown.place] = self._made(shown, instance).with_message(shown.failure)
        self._show()

    def _made(self, shown: Shown, instance: Instance) -> Content:
        """Return what is known of a picture; the AI's answer may have overtaken it, as looked up before."""
        made, answered = content.opened(shown.pixels, instance, shown.place[1]), shown.place in self._early
        if shown.record is not None:
            made = replace(made, ruler=shown.record.ruler).with_lesions(of_reader(shown.record))
        early = self._early.pop(shown.place, None)
        read = self._read(made, shown.analysis or early)
        return read.with_note(_no_reading()) if answered and early is None and read.note.text else read

    def _read(self, made: Content, analysis: Analysis | None) -> Content:
        """Return a content with the AI's reading, unless that is kept back."""
        instance = made.instance
        hidden = instance is not None and self._session.blinding.hides(instance)
        waiting = Note() if hidden else self._waiting()
        if instance is not None and analysis is not None and made.ruler is not None:
            analysis = self._session.measuring.measured(instance, made.frame, analysis)
        return made.with_note(waiting).with_analysis(None if hidden else analysis)

    def _waiting(self) -> Note:
        return Note(tr("The AI reads…")) if self._showing.ai_works else _no_reading()

    def _failed(self, instance: Instance, frame: int, _sentence: str) -> None:
        self._answered(instance, frame, None)
        self._note(instance, frame, _no_reading())

    def _answered(self, instance: Instance, frame: int, analysis: Analysis | None) -> None:
        """Keep an answer, None for a failure, about a picture that is still on its way."""
        for place in self._places:
            there = self._model.rows[place[0]].instance
            same = there is not None and (there.path, place[1]) == (instance.path, frame)
            if same and place not in self._contents:
                self._early[place] = analysis

    def _note(self, instance: Instance, frame: int, note: Note) -> None:
        """Say something about the AI under a picture that it has not read."""
        for number, place in enumerate(self._places, start=1):
            made = self._contents.get(place)
            there = made.instance if made is not None else None
            same = there is not None and (there.path, place[1]) == (instance.path, frame)
            if made is not None and same and made.overlays is None and made.note.text:
                self._contents[place] = made.with_note(note)
                self._panes.set_beside_analysis(number, None, note)

    def _renew_notes(self) -> None:
        """The AI is ready, or it is certain that there is none."""
        for place, made in list(self._contents.items()):
            if made.instance is not None:
                self._note(made.instance, place[1], self._waiting())

    def _show(self) -> None:
        """Give the panes what there is, with titles that tell the pictures apart."""
        hung = {one.instance.path: one for one in self._hung}
        current = self._showing.instance
        contents = []
        for place in self._places:
            instance = self._model.rows[place[0]].instance
            made = self._contents.get(place) or Content(instance=instance, message=tr("Loading…"))
            contents.append(made.with_title(self._title(instance)))
        order = [current, *(one.instance for one in contents)] if hung else []
        places = tuple(self._place(hung[one.path]) for one in order if one is not None and one.path in hung)
        self._panes.set_beside(contents, Beside(bool(contents) and not hung, places))
        self._panes.set_title(self._own_title() if contents else "")

    def _place(self, one: hanging.Hung) -> Hung:
        place = one.place
        side, margin = self._walls.get(one.instance.path, (None, 0.0))
        mirrored = side is not None and side is not place.wall
        return Hung(place.row, place.column, place.wall, mirrored, margin)

    def _own_title(self) -> str:
        current = self._showing.instance
        if current is None:
            return ""
        if self._hung:
            return _view(current)
        return " · ".join(part for part in (tr("Current"), day(current.study.date), _view(current)) if part)

    def _title(self, instance: Instance | None) -> str:
        current = self._showing.instance
        if instance is None or current is None:
            return ""
        if self._hung:
            return _view(instance)
        name = tr("Pinned") if self._desk.state.pinned else tr("Prior")
        apart = earlier_by(instance.study.date, current.study.date)
        still = tr("stands still") if self._desk.state.playing else ""
        parts = (name, day(instance.study.date), apart, still, _view(instance) or instance.label)
        return " · ".join(part for part in parts if part)

    def _analysed(self, instance: Instance, frame: int, analysis: Analysis) -> None:
        if not self._session.is_current(instance, analysis):
            return
        self._answered(instance, frame, analysis)
        drawn = [
            place for place, made in self._contents.items()
            if made.edited is not None and made.overlays is None and made.instance is not None
            and (made.instance.path, made.frame) == (instance.path, frame)
        ]  # fmt: skip
        if drawn:  # which lesions are the reader's alone shows beside those of the AI
            self._contents = {place: made for place, made in self._contents.items() if place not in drawn}
            self.refresh()
            return
        for number, place in enumerate(self._places, start=1):
            made = self._contents.get(place)
            there = made.instance if made is not None else None
            if made is not None and there is not None and (there.path, place[1]) == (instance.path, frame):
                self._contents[place] = read = self._read(made, analysis)
                overlays = read.overlays
                self._panes.set_beside_analysis(number, overlays.analysis if overlays else None, read.note)

    def _look_again(self) -> None:
        """Take back, or fetch again, what may have changed: whether the AI is shown, and the millimetres."""
        known = {place: made for place, made in self._contents.items() if self._holds(made)}
        if len(known) < len(self._contents):
            self._contents = known
            self.refresh()

    def _holds(self, made: Content) -> bool:
        """Return whether a content still is what may be shown of its picture."""
        if made.instance is None:
            return made.overlays is not None or bool(made.note.text)
        hidden = self._session.blinding.hides(made.instance)
        ruler = self._session.measuring.by_ruler(made.instance)
        return hidden == (made.overlays is None and not made.note.text) and made.ruler == ruler

    def read_again(self) -> None:
        """Fetch what stands beside afresh: another model is to read it."""
        self._contents.clear()
        self._early.clear()
        self.refresh()

    # What is done in their panes ---------------------------------------------------------------------------

    def _choose(self, picture: int) -> None:
        """Make a hung picture the current one."""
        if self._hung and picture <= len(self._places):
            self._stepping.hung(self._places[picture - 1])

    def _step(self, picture: int, by: int) -> None:
        """Step through a picture beside the current one, on its own."""
        if not 0 < picture <= len(self._places):
            return
        row, frame = self._places[picture - 1]
        instance = self._model.rows[row].instance
        if instance is None:
            return
        if self._hung:
            self._frames[instance.path] = min(max(frame + by, 0), instance.frames - 1)
            self.refresh()
        else:
            self._desk.change(compared=self._stepping.within_study((row, frame), by), pinned=True)


def _no_reading() -> Note:
    return Note(tr("No AI reading"), failed=True)


def _view(instance: Instance) -> str:
    return " ".join(part for part in (instance.laterality, instance.view) if part)

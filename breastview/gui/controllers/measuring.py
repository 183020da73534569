"""The reader's measurements on the shown frame, and the depth ruler that gives its millimetres."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from breastview.gui.controllers.showing import Showing
from breastview.gui.desk import Desk
from breastview.gui.panes.measuring_sheet import Paper, Sheet
from breastview.gui.state import ViewState
from breastview.gui.undoing import Undoing
from breastview.gui.workers.lane import Lane
from breastview.language import mark, tr
from breastview.study.calibration import UNCALIBRATED, Calibration, Ruler
from breastview.study.instance import Instance
from breastview.study.measurement import TITLES, Measurement, Quantity, titles

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.session.measuring import Rulers

Frame = tuple[Path, int]

LOCKED = mark("The assessment is final and locked. Reopen it to change the measurements (Ctrl+D).")

ADDED, CHANGED, DELETED, NAMED = (
    mark("{title} drawn"), mark("{title} changed"), mark("{title} deleted"), mark("{title} named"),
)  # fmt: skip


class Measuring(QObject):
    """Holds what is measured on the shown frame, has it saved in order, and keeps the sheet in step.

    Attributes
    ----------
    changed : Signal()
        Measurements, the chosen one or the calibration differ from what was on screen.
    recalibrated : Signal()
        The depth ruler of the shown frame is another one: everything in mm is another.
    trouble : Signal(str)
        Something could not be saved or measured, with the reason.
    """

    changed = Signal()
    recalibrated = Signal()
    trouble = Signal(str)
    _ruled = Signal()

    def __init__(
        self,
        desk: Desk,
        showing: Showing,
        undoing: Undoing,
        session: Session,
        writing: Lane,
        sheet: Sheet,
        locked: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._locked = locked
        self._desk, self._showing, self._undoing = desk, showing, undoing
        self._session, self._writing, self.sheet = session, writing, sheet
        self.measurements: tuple[Measurement, ...] = ()
        self.chosen = ""
        self._of: Frame | None = None
        self.by_ruler: Calibration | None = None
        self.for_folder = False
        self._newest: dict[Frame, tuple[Measurement, ...]] = {}
        self._unsaved: dict[Frame, tuple[Instance, tuple[Measurement, ...]]] = {}
        self._unwritten: Rulers = {}
        self._waiting_rulers = 0
        self._lock = threading.Lock()
        showing.picture_changed.connect(lambda _same: self._take())
        desk.changed.connect(self._follow)
        sheet.drawn.connect(self.add)
        sheet.edited.connect(self.change)
        sheet.chosen.connect(self.choose)
        sheet.measured.connect(self.changed)
        self._ruled.connect(self._recalibrate)

    # What is measured

    @property
    def frame(self) -> Frame | None:
        """The shown frame."""
        instance, place = self._showing.instance, self._showing.place
        return None if instance is None or place is None else (instance.path, place[1])

    @property
    def calibration(self) -> Calibration:
        """Where the shown frame's millimetres come from."""
        instance, frame = self._showing.instance, self.frame
        if instance is None or frame is None:
            return UNCALIBRATED
        return self.by_ruler or instance.calibration(frame[1])

    @property
    def selected(self) -> Measurement | None:
        """The chosen measurement."""
        return self.find(self.chosen)

    def find(self, identifier: str) -> Measurement | None:
        """Return a measurement of the shown frame by its identifier."""
        return next((one for one in self.measurements if one.identifier == identifier), None)

    def title(self, measurement: Measurement) -> str:
        """Return what a measurement is called: its words, or its kind and its number among those alike."""
        return titles(self.measurements).get(measurement.identifier, tr(TITLES[measurement.tool]))

    def quantities(self, measurement: Measurement) -> tuple[Quantity, ...]:
        """Return what a measurement measures."""
        return self.sheet.quantities(measurement)

    def _take(self) -> None:
        """Take over what is measured on the frame that came up."""
        instance, frame = self._showing.instance, self.frame
        self._of = frame
        self.chosen, self.measurements = "", ()
        self.by_ruler, self.for_folder = None, False
        if instance is not None and frame is not None:
            known = self._newest.get(frame)
            self.measurements = self._session.measurements(instance, frame[1]) if known is None else known
            self._look_up_ruler(instance)
        self._tell()

    def _look_up_ruler(self, instance: Instance) -> None:
        self.by_ruler = self._session.measuring.by_ruler(instance)
        self.for_folder = self.by_ruler is not None and self._session.measuring.for_folder(instance)

    def _tell(self) -> None:
        shown, instance = self._showing.shown, self._showing.instance
        pixels = shown.pixels if shown is not None and not self._showing.message else None
        kind = self._showing.kind
        modality = kind.value if kind is not None else instance.modality if instance is not None else ""
        visible = self._desk.state.look.measurements_visible
        self.sheet.show(Paper(pixels, self.calibration, modality), self.measurements, self.chosen, visible)
        self.changed.emit()

    def _follow(self, before: ViewState, after: ViewState) -> None:
        if before.look.measurements_visible != after.look.measurements_visible:
            self._tell()

    # What the reader does

    def tool(self, name: str) -> None:
        """Take a tool, or put it away again."""
        self._desk.look(tool="" if self._desk.state.look.tool == name else name, measurements_visible=True)

    def toggle(self) -> None:
        """Show or hide all measurements."""
        self._desk.look(measurements_visible=not self._desk.state.look.measurements_visible)

    def choose(self, identifier: str) -> None:
        """Choose a measurement; empty: none."""
        if identifier != self.chosen:
            self.chosen = identifier
            self._tell()

    def next(self, by: int) -> None:
        """Choose the next measurement."""
        if not self.measurements:
            return
        identifiers = [one.identifier for one in self.measurements]
        here = identifiers.index(self.chosen) + by if self.chosen in identifiers else (0 if by > 0 else -1)
        self.choose(identifiers[here % len(identifiers)])

    def add(self, measurement: Measurement) -> None:
        """Take a new measurement and choose it."""
        after = (*self.measurements, measurement)
        self._do(ADDED, measurement, after, chosen=measurement.identifier)

    def change(self, measurement: Measurement) -> None:
        """Take a measurement in another form; one that is not known yet is added."""
        before = self.find(measurement.identifier)
        if before is None:
            self.add(measurement)
        elif before != measurement:
            after = tuple(
                measurement if one.identifier == measurement.identifier else one for one in self.measurements
            )
            text = NAMED if before.points == measurement.points else CHANGED
            self._do(text, measurement, after, chosen=measurement.identifier)

    def rename(self, identifier: str, text: str) -> None:
        """Give a measurement other words."""
        if (found := self.find(identifier)) is not None:
            self.change(replace(found, text=" ".join(text.split())))

    def delete(self, identifier: str = "") -> None:
        """Delete a measurement, by default the chosen one."""
        found = self.find(identifier or self.chosen)
        if found is not None:
            after = tuple(one for one in self.measurements if one.identifier != found.identifier)
            self._do(DELETED, found, after)

    def clear(self) -> None:
        """Delete all measurements of the frame."""
        if self.measurements:
            self._do("", self.measurements[0], ())

    def copy(self, identifier: str = "") -> None:
        """Copy a measurement's numbers with their sources, by default the chosen one's, else all."""
        one = self.find(identifier or self.chosen)
        texts = [self.text(each) for each in ((one,) if one is not None else self.measurements)]
        if texts:
            QGuiApplication.clipboard().setText("\n".join(texts))

    def text(self, measurement: Measurement) -> str:
        """Return a measurement as text: ``"Distance 1: 12.3 mm (PixelSpacing)"``."""
        numbers = "; ".join(
            one.text if one.name in ("length", "angle") else f"{one.name} {one.text}"
            for one in self.quantities(measurement)
        )
        return ": ".join(part for part in (self.title(measurement), numbers) if part)

    def _do(self, text: str, about: Measurement, after: tuple[Measurement, ...], chosen: str = "") -> None:
        instance, frame = self._showing.instance, self.frame
        # A cine may show another frame by now than the one whose measurements are held.
        if instance is None or frame is None or frame != self._of or self._refuses():
            return
        before, was = self.measurements, self.chosen
        named = tr(text).format(title=tr(TITLES[about.tool])) if text else tr("all measurements deleted")
        self._undoing.do(
            named,
            redo=lambda: self._put(instance, frame, after, chosen),
            undo=lambda: self._put(instance, frame, before, was),
            place=frame,
        )

    def _refuses(self) -> bool:
        """Return whether nothing may be changed, and say why; what is shown is again what counts."""
        if self._locked():
            self.trouble.emit(tr(LOCKED))
            self._tell()
        return self._locked()

    def _put(
        self, instance: Instance, frame: Frame, measurements: tuple[Measurement, ...], chosen: str
    ) -> None:
        self._newest[frame] = measurements
        with self._lock:
            self._unsaved[frame] = (instance, measurements)
        if frame == self.frame:
            self.measurements, self.chosen = measurements, chosen
            self._tell()
        self._writing.start(self._save)

    def _save(self) -> None:
        """Save everything that waits (on the writer's thread); what fails waits for the next time."""
        with self._lock:
            waiting = dict(self._unsaved)
        for frame, (instance, measurements) in waiting.items():
            self._session.measure(instance, frame[1], measurements)
            with self._lock:
                if self._unsaved.get(frame, (None, ()))[1] is measurements:
                    del self._unsaved[frame]

    def forget(self) -> None:
        """Forget what was saved: another workspace is open."""
        with self._lock:
            self._newest.clear()
            self._unsaved.clear()

    def settle(self) -> bool:
        """Save what waits and return whether nothing is left unsaved."""
        self._writing.start(self._save)
        self._writing.settle()
        with self._lock:
            return not self._unsaved

    # The depth ruler

    def calibrate(self, ruler: Ruler, folder: bool) -> None:
        """Take a depth ruler for the shown file, or for its folder's pictures of its size."""
        if not ruler.sound:
            self.trouble.emit(
                tr("The line is too short to be a ruler: draw it over as much of the depth scale as is seen.")
            )
            return
        self._rule(tr("depth ruler"), ruler, folder)

    def uncalibrate(self) -> None:
        """Take the depth ruler away that holds for the shown file."""
        if self.by_ruler is not None:
            self._rule(tr("depth ruler removed"), None, False)

    def _rulers(self, instance: Instance) -> Rulers:
        """Return the rulers of both scopes of a file; those not yet written are newer than the record."""
        recorded = self._session.measuring.rulers(instance)
        with self._lock:
            return {scope: self._unwritten.get(scope, ruler) for scope, ruler in recorded.items()}

    def _rule(self, text: str, ruler: Ruler | None, folder: bool) -> None:
        instance, frame = self._showing.instance, self.frame
        if instance is None or frame is None or self._refuses():
            return
        before = self._rulers(instance)
        after = self._session.measuring.with_ruler(instance, ruler, folder, before)
        self._undoing.do(
            text,
            redo=lambda: self._keep_rulers(instance, after),
            undo=lambda: self._keep_rulers(instance, before),
            place=frame,
        )

    def _keep_rulers(self, instance: Instance, rulers: Rulers) -> None:
        def keep() -> None:
            try:
                self._session.measuring.set_rulers(instance, rulers)
            finally:
                with self._lock:
                    self._waiting_rulers -= 1
                    if not self._waiting_rulers:
                        self._unwritten.clear()
            self._ruled.emit()

        with self._lock:
            self._waiting_rulers += 1
            self._unwritten |= rulers
        self._writing.start(keep)

    def _recalibrate(self) -> None:
        instance = self._showing.instance
        if instance is not None:
            self._look_up_ruler(instance)
        self._tell()
        self.recalibrated.emit()

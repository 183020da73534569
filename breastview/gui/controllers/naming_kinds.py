"""As what kind of picture a file is read: what the application found, and the reader's word against it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.undoing import Undoing
from breastview.language import mark, tr
from breastview.study.kind import Kind, KindOf

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.workers.lane import Lane
    from breastview.gui.worklist.model import WorklistModel
    from breastview.session import Session
    from breastview.study.instance import Instance

CHANGES: dict[Kind | None, str] = {
    None: mark("kind left to BreastView"),
    Kind.ULTRASOUND: mark("reading as ultrasound"),
    Kind.MAMMOGRAM: mark("reading as a mammogram"),
    Kind.HISTOLOGY: mark("reading as histology"),
}
"""What is undone, as it follows "Undo"."""


class NamingKinds(QObject):
    """Knows the kind of the shown file, takes the reader's word for it and has the file read again.

    Attributes
    ----------
    changed : Signal()
        `told` or `chosen` is another.
    told : KindOf or None
        What kind the shown file is and who says so; None where that is not known yet.
    chosen : Kind or None
        What the reader chose for it, None where nothing was.
    """

    changed = Signal()
    _kept = Signal(object)

    def __init__(
        self, model: WorklistModel, showing: Showing, undoing: Undoing, session: Session, writing: Lane
    ) -> None:
        super().__init__()
        self._model, self._showing, self._undoing = model, showing, undoing
        self._session, self._writing = session, writing
        self.told: KindOf | None = None
        self.chosen: Kind | None = None
        self._kept.connect(self._read_again)
        showing.analysis_changed.connect(self._look)

    def choose(self, kind: Kind | None) -> None:
        """Have the shown file read as a kind; None leaves it to the application."""
        instance, place = self._showing.instance, self._showing.place
        if instance is None or place is None or kind is self.chosen:
            return
        before = self.chosen
        self._undoing.do(
            tr(CHANGES[kind]),
            redo=lambda: self._keep(instance, kind),
            undo=lambda: self._keep(instance, before),
            place=(instance.path, place[1]),
        )

    def stop(self) -> None:
        """Tell nothing any more."""
        self.blockSignals(True)

    def _keep(self, instance: Instance, kind: Kind | None) -> None:
        def keep() -> None:
            self._session.kinds.choose(instance, kind)
            self._kept.emit(instance)

        self._writing.start(keep)

    def _read_again(self, instance: Instance) -> None:
        """Let go of what another model said of a file, and have it read afresh where it is shown."""
        row = self._showing.row_of(instance)
        if row is None:
            return
        self._model.update(row, score=None)
        if self._showing.instance is instance:
            self._showing.again()

    def _look(self) -> None:
        """Look up the kind of the shown file once the AI has answered: then it is known without reading."""
        instance, told, chosen = self._showing.instance, None, None
        if instance is not None and (self._showing.analysis is not None or self._showing.ai_failed):
            with suppress(BreastViewError):  # a file that has gone is of no kind
                told, chosen = self._session.kinds.known(instance), self._session.kinds.chosen(instance)
        if (told, chosen) != (self.told, self.chosen):
            self.told, self.chosen = told, chosen
            self.changed.emit()

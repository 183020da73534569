"""What other systems said of the shown picture: gathered beside the window, late answers dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.showing import Showing
from breastview.gui.workers.lane import Lane

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.foreign import Companion, Overlay
    from breastview.study.instance import Instance


class Foreign(QObject):
    """Holds the overlays of other systems for the shown frame.

    Attributes
    ----------
    changed : Signal()
        The overlays are others.
    opened : Signal(Companion, Page)
        A document was read and can be shown.
    file_ready : Signal(Path)
        A document was laid into a private file for another program.
    trouble : Signal(str)
        A document cannot be read.
    """

    changed = Signal()
    opened = Signal(object, object)
    file_ready = Signal(object)
    trouble = Signal(str)
    _found = Signal(object, int, object)

    def __init__(self, showing: Showing, session: Session) -> None:
        super().__init__()
        self._showing, self._session, self._lane = showing, session, Lane(after_painting=True)
        self._lane.trouble.connect(self.trouble)
        self.overlays: tuple[Overlay, ...] = ()
        self._found.connect(self._take)
        showing.picture_changed.connect(lambda _same: self._turn())
        showing.analysis_changed.connect(self._turn_if_uncovered)
        showing.frame_played.connect(self._forget)

    @property
    def _here(self) -> tuple[Instance, int] | None:
        instance, place = self._showing.instance, self._showing.place
        return None if instance is None or place is None else (instance, place[1])

    def _turn(self) -> None:
        """Forget the picture that was left and gather what belongs to the new one."""
        self._forget()
        self.look()

    def look(self) -> None:
        """Gather what belongs to the shown picture; more of it may have been found meanwhile."""
        here = self._here
        # What another system said would be seen before the reader's own opinion, like the AI's.
        if here is not None and not self._showing.hidden and self._session.foreign.of(here[0]):
            self._lane.start(lambda: self._gather(here))

    def _turn_if_uncovered(self) -> None:
        if self._showing.hidden and self.overlays:
            self._forget()
        elif not self._showing.hidden and not self.overlays:
            self._turn()

    def _forget(self) -> None:
        if self.overlays:
            self.overlays = ()
            self.changed.emit()

    def _gather(self, here: tuple[Instance, int]) -> None:
        if here == self._here:
            self._found.emit(*here, self._session.foreign.overlays(*here))

    def _take(self, instance: Instance, frame: int, overlays: tuple[Overlay, ...]) -> None:
        if self._here == (instance, frame) and not self._showing.hidden:
            self.overlays = overlays
            self.changed.emit()

    def open(self, companion: Companion) -> None:
        """Read a document and hand it over, beside the window."""
        self._lane.start(lambda: self._open(companion))

    def _open(self, companion: Companion) -> None:
        try:
            page = self._session.foreign.page(companion)
            if page is not None and page.content:
                self.file_ready.emit(self._session.foreign.lay_out(page))
            elif page is not None:
                self.opened.emit(companion, page)
        except (BreastViewError, OSError) as error:
            self.trouble.emit(str(error))

    def stop(self) -> None:
        """Wait for what is being gathered."""
        self.blockSignals(True)
        self._lane.settle()

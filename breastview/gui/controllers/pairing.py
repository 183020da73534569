"""One lesion in two pictures: pinned in one, paired in the other, and what both say of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.showing import Showing
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.undoing import Undoing
from breastview.gui.workers.lane import Lane
from breastview.language import tr

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.instance import Instance
    from breastview.study.pair import LesionPlace, Pair, PairedLesion


class Pairing(QObject):
    """Holds the pinned lesion and the pairs of the shown picture.

    Attributes
    ----------
    changed : Signal()
        Another lesion is pinned, or the shown picture's pairs are others.
    trouble : Signal(str)
        A pair could not be made, with the reason.

    Parameters
    ----------
    lesion : callable
        () -> number of the shown picture's chosen lesion, 0 for none.
    """

    changed = Signal()
    trouble = Signal(str)
    _found = Signal(object, int, object)
    _written = Signal()
    _reached = Signal(object, object)

    def __init__(
        self,
        showing: Showing,
        stepping: Stepping,
        undoing: Undoing,
        session: Session,
        writing: Lane,
        lesion: Callable[[], int],
    ) -> None:
        super().__init__()
        self._showing, self._stepping, self._undoing = showing, stepping, undoing
        self._session, self._writing, self._looking = session, writing, Lane(after_painting=True)
        self._lesion = lesion
        self.pinned: tuple[Instance, int, LesionPlace] | None = None
        self.pairs: tuple[PairedLesion, ...] = ()
        self._looking.trouble.connect(self.trouble)
        self._found.connect(self._take)
        self._written.connect(self.look)
        self._reached.connect(self._go)
        showing.picture_changed.connect(lambda _same: self._turn())
        showing.analysis_changed.connect(self.look)

    @property
    def _here(self) -> tuple[Instance, int] | None:
        instance, place = self._showing.instance, self._showing.place
        return None if instance is None or place is None else (instance, place[1])

    @property
    def pinned_here(self) -> bool:
        """Whether the shown picture's lesion is the pinned one."""
        return self.pinned is not None and self._here == self.pinned[:2]

    @property
    def can_pair(self) -> bool:
        """Whether the shown lesion can be paired with the pinned one."""
        return self.pinned is not None and self._here is not None and not self.pinned_here

    def pin(self) -> None:
        """Pin the shown picture's chosen lesion, or let the pinned one go."""
        here = self._here
        if self.pinned_here or here is None:
            self.pinned = None
        else:
            place = self._place(*here)
            self.pinned = None if place is None else (*here, place)
        self.changed.emit()

    def pair(self) -> None:
        """Say that the shown lesion is the pinned one; the pin stays for further pictures."""
        here, pinned = self._here, self.pinned
        place = None if here is None else self._place(*here)
        if here is None or place is None or pinned is None or self.pinned_here:
            return
        if any({one.pair.one, one.pair.other} == {place, pinned[2]} for one in self.pairs):
            self.trouble.emit(tr("These two are paired already."))
            return
        pair = self._session.pairing.made(pinned[2], place)
        self._undoing.do(
            tr("pairing of two lesions"), redo=lambda: self._keep(pair), undo=lambda: self._drop(pair),
            place=(here[0].path, here[1]),
        )  # fmt: skip

    def remove(self, pair: Pair) -> None:
        """Take a pair apart."""
        here = self._here
        if here is not None:
            self._undoing.do(
                tr("separation of two lesions"), redo=lambda: self._drop(pair),
                undo=lambda: self._keep(pair), place=(here[0].path, here[1]),
            )  # fmt: skip

    def show(self, pair: Pair) -> None:
        """Go to the other picture of a pair, once it is found beside the window: it may be any open file."""
        here = self._here
        if here is not None:
            self._looking.start(lambda: self._reached.emit(here, self._session.pairing.other(pair, *here)))

    def _go(self, here: tuple[Instance, int], other: tuple[Instance, int] | None) -> None:
        if here != self._here:
            return
        if other is None:
            self.trouble.emit(tr("The other picture of this pair is not open."))
        else:
            self._stepping.picture(other[0].path, other[1])

    def forget(self) -> None:
        """Forget what is pinned: another list was opened."""
        self.pinned, self.pairs = None, ()
        self.changed.emit()

    def _place(self, instance: Instance, frame: int) -> LesionPlace | None:
        try:
            return self._session.pairing.place(instance, frame, self._lesion() or 1)
        except BreastViewError as error:
            self.trouble.emit(str(error))
            return None

    def _keep(self, pair: Pair) -> None:
        who = self._session.settings.reader
        self._write(lambda: self._session.pairing.put(pair, who))

    def _drop(self, pair: Pair) -> None:
        who = self._session.settings.reader
        self._write(lambda: self._session.pairing.remove(pair, who))

    def _write(self, work: Callable[[], object]) -> None:
        def written() -> None:
            work()
            self._written.emit()  # Gathered in the one lane that gathers: what was read before comes before.

        self._writing.start(written)

    def _turn(self) -> None:
        """Another picture is shown; what it says of its lesions is told next, and then is looked."""
        self.pairs = ()
        self.changed.emit()

    def look(self) -> None:
        """Gather what is known of both ends of the shown picture's pairs, beside the window."""
        here = self._here
        if here is not None:
            self._looking.start(lambda: self._gather(here))

    def _gather(self, here: tuple[Instance, int]) -> None:
        if here == self._here:
            self._found.emit(*here, self._session.pairing.of(*here))

    def _take(self, instance: Instance, frame: int, pairs: tuple[PairedLesion, ...]) -> None:
        if self._here == (instance, frame):
            self.pairs = pairs
            self.changed.emit()

    def stop(self) -> None:
        """Wait for what is being gathered."""
        self._looking.settle()

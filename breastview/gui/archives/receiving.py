"""The listener behind the window: started and stopped on a thread of its own; what comes is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.workers.lane import Lane
from breastview.language import said, tr
from breastview.pacs.configuration import FolderSettings
from breastview.store import Event

if TYPE_CHECKING:
    from breastview.pacs.configuration import Archives
    from breastview.pacs.listener import Listener, Received
    from breastview.pacs.watching import Watcher
    from breastview.session import Session


class Receiving(QObject):
    """Listens while the settings say so.

    Attributes
    ----------
    arrived : Signal(Path)
        The folder of a study of which something has come.
    listening : Signal(str)
        What the listener listens on, in a sentence; empty: it does not.
    trouble : Signal(str)
        The listener could not be started.
    """

    arrived = Signal(object)
    listening = Signal(str)
    trouble = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._lane = Lane()
        self._open: list[Listener | Watcher] = []

    def follow(self, known: Archives) -> None:
        """Listen as the settings say from now on."""
        self._lane.start(lambda: self._listen(known))

    def stop(self) -> None:
        """Stop listening and wait for it: the port is free afterwards."""
        self._lane.start(self._silence)
        self._lane.settle()

    def _listen(self, known: Archives) -> None:
        self._silence()
        self.listening.emit(" · ".join(text for one in self._wanted(known) if (text := self._begun(*one))))

    def _wanted(self, known: Archives) -> Iterator[tuple[str, Callable[[], Listener | Watcher]]]:
        """Yield what is to be listened to: what is said of it, and how it is made."""
        root, listener = known.studies(), known.listener
        if listener.enabled:
            from breastview.pacs.listener import Listener

            where = f"{listener.title}@{listener.address}:{listener.port}"
            text = tr("Listening on {where}").format(where=where)
            yield text, lambda: Listener(listener, root, self._received)
        for folder in (one for one in known.known if isinstance(one, FolderSettings) and one.watched):
            from breastview.pacs.watching import Watcher

            text = tr("Watching {folder}").format(folder=folder.name)
            yield text, partial(Watcher, folder, root, self._received)

    def _begun(self, sentence: str, make: Callable[[], Listener | Watcher]) -> str:
        """Begin to listen; return the sentence, empty where that cannot be."""
        try:
            one = make()
            one.start()
        except (BreastViewError, OSError) as error:
            self.trouble.emit(tr("Nothing can be received: {reason}").format(reason=said(str(error))))
            return ""
        self._open.append(one)
        return sentence

    def _silence(self) -> None:
        while self._open:
            self._open.pop().stop()

    def _received(self, received: Received) -> None:
        self._session.archiving.noted(Event.RECEIVED, received.files)
        self.arrived.emit(received.folder)

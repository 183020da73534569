"""Everything about archives in one place: the dialogs, the work behind them, and what the window is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from breastview.gui.archives import page
from breastview.gui.archives.querying import Querying, Retrieving
from breastview.gui.archives.receiving import Receiving
from breastview.gui.archives.send_dialog import Order
from breastview.gui.archives.sending import Sending
from breastview.gui.workers.lane import Lane
from breastview.language import tr
from breastview.pacs import configuration, credentials

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from breastview.exporters._protocol import ExportOptions
    from breastview.gui.archives.page import Secrets
    from breastview.gui.archives.query_dialog import QueryDialog
    from breastview.gui.archives.queue_window import QueueWindow
    from breastview.gui.archives.settings_pages import SettingsPages
    from breastview.pacs.configuration import Archives
    from breastview.session import Session
    from breastview.study.instance import Instance


@dataclass(frozen=True)
class AtHand:
    """What the archives need to know of the desk, asked when it is needed.

    Attributes
    ----------
    shown : callable
        The shown case and frame, None where there is none.
    assessed : callable
        The listed cases that have a category.
    options : callable
        (of one picture alone) -> how outputs look.
    settle : callable
        Saves what the reader has changed.
    study_named : callable
        What a study of a UID is called on screen, empty where it is not open.
    """

    shown: Callable[[], tuple[Instance, int] | None]
    assessed: Callable[[], Sequence[Instance]]
    options: Callable[[bool], ExportOptions]
    settle: Callable[[], object]
    study_named: Callable[[str], str]


class ArchiveDesk(QObject):
    """Opens the dialogs and connects them with what works beside the window.

    Attributes
    ----------
    settings_wanted : Signal(str)
        The reader wants to change the archives: the page's name.
    trouble, note : Signal(str)
        What went wrong, or well, in a sentence.
    """

    settings_wanted = Signal(str)
    trouble = Signal(str)
    note = Signal(str)

    def __init__(self, session: Session, window: QWidget, at_hand: AtHand) -> None:
        super().__init__(window)
        self._window, self._at_hand = window, at_hand
        self.known: Archives = configuration.load()
        self.querying = Querying(session, lambda: self.known)
        self.retrieving = Retrieving(session, lambda: self.known)
        self.receiving = Receiving(session)
        self._keyring = Lane()
        self._keyring.trouble.connect(self.trouble)
        self.dialog: QueryDialog | None = None
        self.sending = Sending(session, at_hand.settle)
        self.queue_window: QueueWindow | None = None
        self._order = Order()
        self.sending.done.connect(self.note)
        self.sending.trouble.connect(self.trouble)
        self.retrieving.done.connect(self._say_done)
        self.retrieving.trouble.connect(self._say_trouble)

    # Asking and fetching

    def query(self) -> None:
        """Show the dialog that asks an archive; one is enough."""
        if self.dialog is None:
            self.dialog = self._made()
        self.dialog.set_archives([one.name for one in self.known.known])
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.begin()

    def _made(self) -> QueryDialog:
        from breastview.gui.archives.query_dialog import QueryDialog

        dialog = QueryDialog(self._here, self._window)
        querying, retrieving = self.querying, self.retrieving
        dialog.asked.connect(querying.ask)
        dialog.abandoned.connect(querying.cancel)
        dialog.wanted.connect(retrieving.fetch)
        dialog.stop_wanted.connect(retrieving.cancel)
        dialog.settings_wanted.connect(lambda: self.settings_wanted.emit(page.TITLE))
        querying.found.connect(dialog.take)
        querying.ended.connect(dialog.answered)
        retrieving.began.connect(dialog.fetching)
        retrieving.progressed.connect(dialog.advance)
        retrieving.ended.connect(dialog.fetched)
        return dialog

    def _here(self, study: str) -> bool:
        """Return whether a study was fetched already."""
        return bool(study) and (self.known.studies() / study).is_dir()

    def _say_done(self, sentence: str) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.say(sentence)
        self.note.emit(sentence)

    def _say_trouble(self, sentence: str) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.say(sentence, trouble=True)
        else:
            self.trouble.emit(sentence)

    # Sending

    def send(self) -> None:
        """Ask what is to be sent to which archive."""
        from breastview.gui.archives.send_dialog import SendDialog
        from breastview.session.parcels import KINDS

        shown, assessed = self._at_hand.shown(), self._at_hand.assessed()
        names = [one.name for one in self.known.known]
        dialog = SendDialog(names, KINDS, shown is not None, len(assessed), self._order, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.settings_wanted.connect(lambda: self.settings_wanted.emit(page.TITLE))
        dialog.wanted.connect(lambda order: self.take_order(order, shown, assessed))
        dialog.open()

    def take_order(
        self, order: Order, shown: tuple[Instance, int] | None, assessed: Sequence[Instance]
    ) -> None:
        """Send what the reader wants of the cases that were there when the dialog was opened."""
        from breastview.session.parcels import Wanted

        self._order = order
        cases: tuple[tuple[Instance, int | None], ...] = tuple((case, None) for case in assessed)
        if not order.everything:
            cases = () if shown is None else (shown,)
        wanted = Wanted(cases, order.kinds, order.deidentified)
        self.sending.send(order.archive, wanted, self._at_hand.options(not order.everything))

    def queue(self) -> None:
        """Show what is on its way; one window is enough."""
        if self.queue_window is None:
            from breastview.gui.archives.queue_window import QueueWindow

            window = self.queue_window = QueueWindow(self._at_hand.study_named, self._window)
            window.look_wanted.connect(self.sending.look)
            window.again_wanted.connect(self.sending.again)
            window.remove_wanted.connect(self.sending.remove)
            self.sending.listed.connect(window.take)
        self.queue_window.show()
        self.queue_window.raise_()
        self.queue_window.activateWindow()

    # Settings

    def settings(self) -> SettingsPages:
        """Return the settings' pages of archives."""
        from breastview.gui.archives.settings_pages import SettingsPages

        return SettingsPages(self.known, self.take)

    def take(self, known: Archives, secrets: Secrets) -> None:
        """Keep and follow other archives."""
        self.known = known
        try:
            configuration.save(known)
        except OSError as error:
            text = tr("The settings could not be saved: {reason}.")
            self.trouble.emit(text.format(reason=error.strerror or error))
        self._keyring.start(lambda: _put_away(secrets))
        self.receiving.follow(known)
        if self.dialog is not None:
            self.dialog.set_archives([one.name for one in known.known])

    # From start to end

    def start(self) -> None:
        """Listen, if the settings say so, and go on with what is still to be sent."""
        self.receiving.follow(self.known)
        self.sending.start()

    def stop(self, seconds: float) -> None:
        """Let the threads end."""
        self.querying.stop(seconds)
        self.retrieving.stop(seconds)
        self.receiving.stop()
        self.sending.stop(seconds)
        self._keyring.settle()


def _put_away(secrets: Secrets) -> None:
    """Change the keyring, which may ask the reader to unlock it."""
    # All are read before any is written: two archives may have exchanged their names.
    kept = {before: secret for before in secrets.moved if (secret := credentials.secret(before))}
    moved = {secrets.moved[before]: secret for before, secret in kept.items() if secrets.moved[before]}
    for name, secret in moved.items():
        credentials.keep(name, secret)
    for name in kept.keys() - moved.keys():
        credentials.keep(name, "")
    for name, secret in secrets.typed.items():
        credentials.keep(name, secret)

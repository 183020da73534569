"""Joins what other systems said of a picture with panes, panel and document windows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from breastview.gui.dialogs.document import DocumentWindow
from breastview.gui.message_bar import Kind
from breastview.gui.panes.foreign_layer import layers, origin
from breastview.language import tr

if TYPE_CHECKING:
    from breastview.gui.controllers.foreign import Foreign
    from breastview.gui.desk import Desk
    from breastview.gui.main_window import MainWindow
    from breastview.gui.state import ViewState
    from breastview.study.foreign import Companion, Page
    from breastview.study.instance import Window


class ForeignBinding:
    """Shows the controller's overlays, and tells the desk what the reader switches."""

    def __init__(self, window: MainWindow, desk: Desk, foreign: Foreign) -> None:
        self._window, self._desk, self._foreign = window, desk, foreign
        panel = window.panel.foreign
        panel.shown_wanted.connect(self._switch)
        panel.open_wanted.connect(foreign.open)
        panel.window_wanted.connect(self._take_window)
        foreign.changed.connect(self.show)
        foreign.opened.connect(self._open)
        foreign.file_ready.connect(self._hand_on)
        foreign.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        desk.changed.connect(self._follow)
        self.show()

    def show(self) -> None:
        """Show what belongs to the picture."""
        look, overlays = self._desk.state.look, self._foreign.overlays
        self._window.panes.set_foreign(layers(overlays, look.foreign_hidden))
        self._window.panel.foreign.show_overlays(overlays, look.foreign_hidden, look.foreign_visible)

    def _follow(self, before: ViewState, after: ViewState) -> None:
        one, other = before.look, after.look
        if (one.foreign_visible, one.foreign_hidden) != (other.foreign_visible, other.foreign_hidden):
            self.show()

    def _switch(self, file: str, on: bool) -> None:
        """Show or hide one object; showing one while all are hidden shows it alone."""
        look = self._desk.state.look
        drawn = [str(one.companion.path) for one in self._foreign.overlays if one.draws]
        hidden = set(look.foreign_hidden) if look.foreign_visible else set(drawn) | set(look.foreign_hidden)
        (hidden.discard if on else hidden.add)(file)
        self._desk.look(foreign_visible=look.foreign_visible or on, foreign_hidden=tuple(sorted(hidden)))

    def _take_window(self, window: Window) -> None:
        self._desk.look(window=window)

    def _open(self, companion: Companion, page: Page) -> None:
        DocumentWindow(page, origin(companion), self._window).show()

    def _hand_on(self, file: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(file))):
            sentence = tr("No program on this machine opens PDF files. The document was not shown.")
            self._window.messages.say(sentence, Kind.WARNING)

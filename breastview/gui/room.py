"""The reading room: makes state, controllers, workers and window, and connects them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from breastview import settings as settings_file
from breastview.errors import BreastViewError
from breastview.gui import state as states
from breastview.gui.action_bar import ActionBar
from breastview.gui.binding import Binding
from breastview.gui.commands import Commands
from breastview.gui.controllers.assessing import Assessing
from breastview.gui.controllers.exporting import Exporting
from breastview.gui.controllers.looking import Looking
from breastview.gui.controllers.opening import Goal, Opening
from breastview.gui.controllers.showing import Showing
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.desk import Desk
from breastview.gui.doings import Doings
from breastview.gui.main_window import MainWindow
from breastview.gui.message_bar import Kind
from breastview.gui.recent_menu import RecentMenu
from breastview.gui.typing_guard import TypingGuard
from breastview.gui.workers.inference import InferenceQueue
from breastview.gui.workers.pictures import PictureLoader
from breastview.gui.worklist.listing import Sort
from breastview.gui.worklist.model import WorklistModel
from breastview.session import Session
from breastview.settings import Settings
from breastview.study.reading import Reading

log = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""How long closing waits for each thread; a decoder or TensorFlow's import cannot be interrupted."""


class Room(QObject):
    """One window with everything behind it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.desk = Desk(states.initial(session.settings))
        self.model = WorklistModel()
        self.window = MainWindow(self.model)
        self.loader = PictureLoader(session)
        self.inference = InferenceQueue(session.analysis, session.prepare)
        self.stepping = Stepping(self.desk, self.model)
        self.showing = Showing(self.desk, self.model, self.loader, self.inference, session)
        self.looking = Looking(self.desk, self.showing)
        self.assessing = Assessing(self.model, self.showing, self.stepping, session)
        self.opening = Opening(self.desk, self.model, self.stepping, session, self.loader, self.inference)
        self.doings = Doings(self.window, self.desk, self.stepping, self.showing, lambda: session.settings)
        self.exporting = Exporting(
            self.desk, self.model, self.showing, session, self.doings.ask_destination, self.assessing.settle
        )
        commands = Commands(
            self.stepping,
            self.looking,
            self.opening,
            self.assessing,
            self.exporting,
            self.window.panes,
            self.doings,
        )
        self.bar = ActionBar(self.window, commands, before=self.window.panel.form.flush)
        self.bar.set_keys(session.settings.shortcuts)
        self.binding = Binding(self.window, self.desk, self.model, self.showing, self.assessing, self.bar)
        self.recent = RecentMenu(self.bar.menus["File"], self.bar.actions["list.close"], self.opening.open)
        self.window.panes.drag_up_brightens = session.settings.drag_up_brightens
        self._guard = TypingGuard()
        self._closed = False
        self._connect_window()
        self._connect_work()

    def _connect_window(self) -> None:
        window, desk, panel = self.window, self.desk, self.window.panel
        window.dropped.connect(self.opening.open)
        window.closing.connect(self.close)
        window.empty.folder_wanted.connect(self.doings.ask_folder)
        window.empty.files_wanted.connect(self.doings.ask_files)
        window.empty.demo_wanted.connect(self.opening.demo)
        window.empty.recent_wanted.connect(lambda path: self.opening.open([path]))
        window.worklist.chosen.connect(self.stepping.row)
        window.worklist.filtered.connect(lambda wanted: desk.change(filter=wanted))
        window.worklist.searched.connect(lambda text: desk.change(search=text))
        window.worklist.sorted.connect(lambda sort: desk.change(sort=sort))
        window.panes.look_changed.connect(lambda look: desk.change(look=look))
        window.panes.step_requested.connect(self.stepping.image)
        window.panes.files_dropped.connect(self.opening.open)
        window.panes.frame_requested.connect(self.stepping.frame)
        window.panes.active_changed.connect(self.looking.active_pane)
        window.panes.pointed.connect(window.status.set_pointer)
        panel.ai.heat_wanted.connect(self.looking.source)
        panel.form.edited.connect(self.assessing.edit)
        panel.form.left.connect(self.doings.focus_pictures)
        self.showing.leaving.connect(panel.form.flush)
        self.doings.chosen.connect(self.opening.open)
        self.doings.settings_changed.connect(self.take_settings)
        self.doings.shown_parts_changed.connect(self.binding.facts)

    def _connect_work(self) -> None:
        window, status = self.window, self.window.status
        self.opening.began.connect(lambda text: status.begin(text, self.opening.cancel))
        self.exporting.began.connect(lambda text: status.begin(text, self.exporting.cancel))
        for work in (self.opening, self.exporting):
            work.progressed.connect(status.advance)
            work.ended.connect(status.end)
            work.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        self.opening.emptied.connect(self.assessing.forget)
        self.opening.recent_changed.connect(self.show_recent)
        self.exporting.done.connect(self.doings.written)
        self.exporting.preview_wanted.connect(self.preview)
        self.model.thumbnail_wanted.connect(self._want_thumbnail)
        self.loader.thumbnail.connect(self.model.set_thumbnail)
        self.loader.dropped.connect(self.model.forget_wish)
        self.inference.waiting.connect(status.set_queue)
        self.inference.waiting.connect(self._arrange_anew)
        self.inference.trouble.connect(lambda _sentence: status.set_no_ai())
        self.inference.analysed.connect(lambda *_: self._show_device())
        self.inference.ready.connect(self._show_device)
        self.inference.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.WARNING))

    def _arrange_anew(self, waiting: int, busy: bool) -> None:
        """Sort by suspicion afresh once all is read; a list that jumps meanwhile would be no help."""
        state = self.desk.state
        if state.sort is Sort.SUSPICION and not waiting and not busy:
            self.model.arrange(state.filter, state.search, state.sort)

    def _want_thumbnail(self, row: int) -> None:
        instance = self.model.rows[row].instance
        if instance is not None:
            self.loader.want_thumbnail(row, instance)

    def _show_device(self) -> None:
        self.window.status.set_device(self.session.device)
        if self.session.notice and self.session.notice != self.window.messages.text.text():
            self.window.messages.say(self.session.notice, Kind.WARNING)

    def show_recent(self) -> None:
        """Show what was opened before."""
        recent = self.session.store.recent()
        self.window.empty.set_recent(recent)
        self.recent.show(recent)

    def start(self, sources: Sequence[Path] = (), demo: bool = False) -> None:
        """Show the window as it was left, and only then start to read and to load models."""
        QApplication.instance().installEventFilter(self._guard)  # type: ignore[union-attr]
        last = self.session.last()
        view = (last.view if last is not None else None) or {}
        self.desk.become(states.restored(self.desk.state, view))
        self.window.resize(1280, 800)
        self.window.arrange(view.get("window") or {})
        self.binding.facts()
        self.show_recent()
        if self.session.store.notice:
            self.window.messages.say(self.session.store.notice, Kind.WARNING)
        self.window.painted.connect(lambda: QTimer.singleShot(0, lambda: self._begin(sources, demo)))
        self.window.show()

    def _begin(self, sources: Sequence[Path], demo: bool) -> None:
        last = self.session.last()
        if demo:
            self.opening.demo()
        elif sources:
            self.opening.open(sources)
        elif last is not None and last.sources:
            self.opening.open(last.sources, Goal(str(last.path or ""), last.label, last.frame))
        self.inference.start()
        self.doings.focus_pictures()

    def take_settings(self, settings: Settings) -> None:
        """Keep and follow new settings."""
        try:
            settings_file.save(settings)
        except OSError as error:
            self.window.messages.say(f"The settings could not be saved: {error.strerror}.", Kind.ERROR)
        before = self.session.settings
        self.session.settings = settings
        self.bar.set_keys(settings.shortcuts)
        self.window.panes.drag_up_brightens = settings.drag_up_brightens
        self.desk.change(look=states.looked(self.desk.state.look, settings))
        if (before.bundle, before.device) != (settings.bundle, settings.device):
            self.window.status.set_device("")
            self.inference.reload()
            self.showing.again()
        self.opening.plan_background()

    def preview(self, readings: list[Reading]) -> None:
        """Show the report of readings."""
        from breastview.gui.report_preview import ReportPreview

        dialog = ReportPreview(readings, self.exporting.options(alone=len(readings) == 1), self.window)
        dialog.exec()
        dialog.deleteLater()

    def keep(self) -> None:
        """Save what the reader did and what is on screen."""
        self.window.panel.form.flush()
        self.assessing.settle()
        state = self.desk.state
        instance = None if state.case is None else self.model.rows[state.case].instance
        view = states.remembered(state) | {"window": self.window.arrangement()}
        try:
            self.session.save_view(instance, state.frame, view)
        except BreastViewError as error:
            log.error("the view could not be kept: %s", error.what)

    def close(self) -> None:
        """Keep everything, then let the threads end."""
        if self._closed:
            return
        self._closed = True
        self.keep()
        QApplication.instance().removeEventFilter(self._guard)  # type: ignore[union-attr]
        self.opening.stop(PATIENCE_S)
        self.exporting.stop(PATIENCE_S)
        self.loader.stop()
        if self.inference.stop(PATIENCE_S):
            self.session.close()
        else:
            self.session.store.close()

"""The reading room: makes state, controllers, workers and window, and connects them."""

from __future__ import annotations

import gc
import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from breastview import settings as settings_file
from breastview.errors import BreastViewError
from breastview.gui import state as states
from breastview.gui.action_bar import ActionBar
from breastview.gui.actions.action import KINDS
from breastview.gui.archives.desk import ArchiveDesk, AtHand
from breastview.gui.assessment_binding import AssessmentBinding
from breastview.gui.auditing import Auditing
from breastview.gui.binding import Binding
from breastview.gui.cine.cine import Cine
from breastview.gui.commands import Commands
from breastview.gui.controllers.assessing import Assessing
from breastview.gui.controllers.companions import Companions
from breastview.gui.controllers.editing import Editing
from breastview.gui.controllers.examining import Examining
from breastview.gui.controllers.exporting import Exporting, file_name
from breastview.gui.controllers.foreign import Foreign
from breastview.gui.controllers.looking import Looking
from breastview.gui.controllers.measuring import Measuring
from breastview.gui.controllers.naming_kinds import NamingKinds
from breastview.gui.controllers.opening import Goal, Opening
from breastview.gui.controllers.pairing import Pairing
from breastview.gui.controllers.revealing import Revealing
from breastview.gui.controllers.showing import Showing
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.controllers.workspaces import Workspaces
from breastview.gui.deidentifying.writing import Deidentifying
from breastview.gui.desk import Desk
from breastview.gui.detached import Detached
from breastview.gui.dialogs.destination import DestinationDialogs
from breastview.gui.doings import Doings
from breastview.gui.export_menu import ExportMenu
from breastview.gui.finding import Finding
from breastview.gui.foreign_binding import ForeignBinding
from breastview.gui.main_window import MainWindow
from breastview.gui.mask_bench import MaskBench
from breastview.gui.measuring_bench import MeasuringBench
from breastview.gui.message_bar import Kind
from breastview.gui.panes.measuring_sheet import Sheet
from breastview.gui.preset_menu import PresetMenu
from breastview.gui.recent_menu import RecentMenu
from breastview.gui.supporting import Supporting
from breastview.gui.typing_guard import TypingGuard
from breastview.gui.undoing import Undoing
from breastview.gui.workers.inference import InferenceQueue
from breastview.gui.workers.lane import Lane
from breastview.gui.workers.pictures import PictureLoader
from breastview.gui.worklist.context_menu import show_menu
from breastview.gui.worklist.listing import Sort, study_title
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.workspace_menu import WorkspaceMenu
from breastview.language import tr
from breastview.session import Session
from breastview.settings import Settings
from breastview.study.instance import Instance
from breastview.study.reading import Reading

log = logging.getLogger(__name__)

PATIENCE_S = 3.0
"""How long closing waits for each thread; a decoder or TensorFlow's import cannot be interrupted."""

REST_MS = 1500
"""Pause after which what is on screen is kept."""


class Room(QObject):
    """One window with everything behind it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.blinding.on = session.settings.commit_first
        self.desk = Desk(states.initial(session.settings))
        self.model = WorklistModel()
        self.window = MainWindow(self.model)
        self.loader = PictureLoader(session)
        self.inference = InferenceQueue(session.analysis, session.prepare, session.start_over)
        self.stepping = Stepping(self.desk, self.model)
        self.showing = Showing(self.desk, self.model, self.loader, self.inference, session)
        self.looking = Looking(self.desk, self.showing)
        self.undoing = Undoing(lambda spot: self.stepping.picture(*spot))
        self.writing = Lane()
        self.assessing = Assessing(self.model, self.showing, self.undoing, session, self.writing)
        self.revealing = Revealing(self.model, self.showing, self.assessing, session, self.writing)
        self.pairing = Pairing(
            self.showing, self.stepping, self.undoing, session, self.writing, lambda: self.editing.chosen
        )
        self.measuring = Measuring(
            self.desk,
            self.showing,
            self.undoing,
            session,
            self.writing,
            Sheet(self),
            lambda: self.assessing.locked,
        )
        self.editing = Editing(
            self.showing,
            self.desk,
            self.undoing,
            session,
            self.writing,
            lambda: self.assessing.locked,
            lambda: self.measuring.by_ruler,
        )
        self.measuring.recalibrated.connect(self.editing.measure)
        self.editing.kept.connect(self.pairing.look)
        self.opening = Opening(
            self.desk, self.model, self.stepping, session, self.loader, self.inference, self.settle
        )
        self.archives = ArchiveDesk(session, self.window, self._at_hand())
        self.destinations = DestinationDialogs(self.window)
        self.doings = Doings(
            self.window,
            self.desk,
            self.stepping,
            self.showing,
            lambda: session.settings,
            self.archives.settings,
            self.destinations,
        )
        self.exporting = Exporting(
            self.desk,
            self.model,
            self.showing,
            session,
            self.destinations,
            self.settle,
        )
        self.parting = Deidentifying(session, self.exporting, self.destinations, self.settle, self.window)
        panes = self.window.panes
        self.cine = Cine(
            self.desk, self.showing, self.stepping, panes, self.inference, session, lambda: session.settings
        )
        self.companions = Companions(
            self.desk, self.model, self.showing, self.stepping, panes, self.loader, self.inference, session
        )
        self.detached = Detached(self.window, lambda: list(self.bar.actions.values()))
        self.workspaces = Workspaces(
            session, self.opening, self.writing, self.keep, self.settle, self._forget
        )
        self.kinds = NamingKinds(self.model, self.showing, self.undoing, session, self.writing)
        self.auditing = Auditing(session, self.writing, self.window, self.destinations.file)
        self.supporting = Supporting(session, self.window, self.destinations.file)
        commands = Commands(
            step=self.stepping,
            look=self.looking,
            files=self.opening,
            assess=self.assessing,
            export=self.exporting,
            parting=self.parting,
            panes=self.window.panes,
            window=self.doings,
            cine=self.cine,
            beside=self.companions,
            detached=self.detached,
            undoing=self.undoing,
            measure=self.measuring,
            reveal=self.revealing,
            pair=self.pairing,
            audit=self.auditing,
            edit=self.editing,
            archives=self.archives,
            kinds=self.kinds,
            show=self.showing,
            support=self.supporting,
        )
        self.bar = ActionBar(self.window, commands, before=self.window.panel.form.flush)
        self.bar.set_keys(session.settings.shortcuts)
        self.binding = Binding(
            self.window, self.desk, self.model, self.showing, self.assessing, self.bar, self.undoing
        )
        self.binding.assessment = AssessmentBinding(
            self.window, self.assessing, self.revealing, self.pairing, self.writing, self.binding.facts
        )
        self.binding.follow_measuring(self.measuring)
        self.bench = MeasuringBench(
            self.window, self.measuring, self.showing, lambda: session.settings.keep_measuring
        )
        self.mask_bench = MaskBench(
            self.window, self.desk, self.showing, self.editing, self.assessing, self.bar
        )
        self.binding.follow_editing(self.editing)
        self.binding.follow_kinds(self.kinds)
        self.binding.follow_layout(self.cine, self.companions, self.detached)
        self.examining = Examining(self.showing, self.inference, session)
        self.examining.changed.connect(lambda: self.window.panel.exam.show_exam(self.examining.exam))
        self.foreign = Foreign(self.showing, session)
        self.foreign_binding = ForeignBinding(self.window, self.desk, self.foreign)
        self.binding.follow_foreign(self.foreign)
        self.companions.begin()
        self.window.panel.kind.set_menu(self.bar.menus[KINDS])
        self.recent = RecentMenu(
            self.bar.menus["File"],
            self.bar.actions["list.close"],
            self.opening.open,
            self.forget_recent,
        )
        self.preset_menu = PresetMenu(
            self.bar.menus["Window presets"], self.bar.actions, self.looking.preset_names
        )
        self.workspace_menu = WorkspaceMenu(
            self.bar.menus["File"], self.bar.actions["list.close"], self.workspaces, self.window
        )
        self.export_menu = ExportMenu(
            self.bar.menus["File"],
            self.bar.actions["report.preview"],
            self.exporting.ask,
            lambda scope: len(self.exporting.frames(scope)),
        )
        self.finding = Finding(
            self.window,
            self.bar,
            self.exporting,
            self.model,
            self.stepping,
            self.doings.settings_dialog,
        )
        self.window.panes.drag_up_brightens = session.settings.drag_up_brightens
        self._guard = TypingGuard()
        self._closed = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._remember)
        self.desk.changed.connect(lambda *_: self._rest.start())
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
        window.worklist.entered.connect(self._first_found)
        window.worklist.menu_wanted.connect(
            lambda row, at: show_menu(self.model.rows[row], at, self.bar.actions, window)
        )
        window.panes.look_changed.connect(lambda look: desk.change(look=look))
        window.panes.step_requested.connect(self.stepping.image)
        window.panes.files_dropped.connect(self.opening.open)
        window.panes.frame_requested.connect(self.stepping.frame)
        window.panes.active_changed.connect(lambda _: self.looking.active_pane(window.panes.active_shows))
        window.panes.pointed.connect(window.status.set_pointer)
        panel.ai.heat_wanted.connect(self.looking.source)
        panel.ai.again.clicked.connect(self.showing.try_again)
        panel.ai.flags.pointed.connect(window.panes.show_places)
        panel.ai.flags.places_wanted.connect(lambda on: desk.look(places_visible=on))
        panel.form.left.connect(self.doings.focus_pictures)
        self.showing.leaving.connect(panel.form.flush)
        self.doings.chosen.connect(self.opening.open)
        self.doings.settings_changed.connect(self.take_settings)
        self.doings.shown_parts_changed.connect(self.binding.facts)
        self.doings.palette_wanted.connect(self.finding.open)

    def _connect_work(self) -> None:
        window, status = self.window, self.window.status
        self.opening.began.connect(lambda text: status.begin(text, self.opening.cancel))
        self.exporting.began.connect(lambda text: status.begin(text, self.exporting.cancel))
        self.parting.began.connect(lambda text: status.begin(text, self.parting.cancel))
        self.cine.scoring.began.connect(lambda text: status.begin(text, self.cine.scoring.cancel))
        self.companions.unfound.connect(lambda sentence: window.messages.say(sentence, Kind.NOTE))
        self.opening.emptied.connect(self.companions.forget)
        for work in (self.opening, self.exporting, self.parting, self.cine.scoring):
            work.progressed.connect(status.advance)
            work.ended.connect(status.end)
            work.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        self._connect_archives()
        self.opening.emptied.connect(self.undoing.clear)
        self.opening.emptied.connect(gc.unfreeze)
        self.opening.ended.connect(self._spare)
        self.opening.ended.connect(self.foreign.look)
        self.opening.ended.connect(self.examining.look)
        self.revealing.changed.connect(self.examining.look)
        self.opening.emptied.connect(self.pairing.forget)
        self.workspaces.changed.connect(self._enter_workspace)
        self.editing.changed.connect(self._list_edited)
        for kept in (self.workspaces, self.auditing):
            kept.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        self.auditing.written.connect(self.doings.written)
        self.supporting.written.connect(self.doings.written)
        self.opening.recent_changed.connect(self.show_recent)
        self.exporting.done.connect(self.doings.written)
        self.parting.done.connect(self.doings.written)
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

    def _at_hand(self) -> AtHand:
        def shown() -> tuple[Instance, int] | None:
            instance, place = self.showing.instance, self.showing.place
            return None if instance is None or place is None else (instance, place[1])

        def cases() -> list[Instance]:
            return [row.instance for row in self.model.rows if row.instance is not None]

        def assessed() -> list[Instance]:
            listed = (self.model.rows[row] for row in self.model.cases)
            return [row.instance for row in listed if row.instance is not None and row.category]

        def study_named(uid: str) -> str:
            return next((study_title(case) for case in cases() if case.study.uid == uid), "")

        return AtHand(shown, assessed, lambda alone: self.exporting.options(alone), self.settle, study_named)

    def _connect_archives(self) -> None:
        archives, window = self.archives, self.window
        for work in (archives.retrieving, archives.sending):
            work.began.connect(lambda text, work=work: window.status.begin(text, work.cancel))
            work.progressed.connect(window.status.advance)
            work.ended.connect(window.status.end)
        archives.sending.counted.connect(window.status.set_outgoing)
        window.status.outgoing.clicked.connect(archives.queue)
        archives.retrieving.arrived.connect(lambda folder: self.opening.add(folder, show=True))
        archives.receiving.arrived.connect(self.opening.add)
        archives.receiving.listening.connect(window.status.set_listening)
        archives.receiving.trouble.connect(archives.trouble)
        archives.settings_wanted.connect(self.doings.settings_dialog)
        archives.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        archives.note.connect(lambda sentence: window.messages.say(sentence, Kind.NOTE))

    def _arrange_anew(self, waiting: int, busy: bool) -> None:
        """Sort by suspicion afresh once all is read; a list that jumps meanwhile would be no help."""
        state = self.desk.state
        if state.sort in (Sort.SUSPICION, Sort.UNCERTAINTY, Sort.EXAM) and not waiting and not busy:
            self.model.arrange(state.filter, state.search, state.sort)

    def _list_edited(self) -> None:
        """Let the list say at once that a mask is the reader's; of a cine another frame's may be, too."""
        instance = self.showing.instance
        row = None if instance is None else self.showing.row_of(instance)
        if instance is not None and row is not None:
            own = self.editing.segmentation is not None
            if own or instance.frames == 1:
                self.model.update(row, edited=own)

    def _first_found(self) -> None:
        """Go to the first case the search has found."""
        if self.model.cases:
            self.stepping.row(self.model.cases[0])
            self.doings.focus_pictures()

    def _want_thumbnail(self, row: int) -> None:
        instance = self.model.rows[row].instance
        if instance is not None:
            self.loader.want_thumbnail(row, instance)

    def _show_device(self) -> None:
        if self._closed:
            return  # An answer that was on its way when the window went.
        self.window.status.set_device(self.session.device)
        if self.session.notice and self.session.notice != self.window.messages.text.text():
            self.window.messages.say(self.session.notice, Kind.WARNING)

    def show_recent(self) -> None:
        """Show what was opened before."""
        recent = self.session.store.recent()
        self.window.empty.set_recent(recent)
        self.recent.show(recent)

    def forget_recent(self) -> None:
        """Forget what was opened before."""
        self.session.store.forget_recent()
        self.show_recent()

    def start(self, sources: Sequence[Path] = (), demo: bool = False) -> None:
        """Show the window as it was left, and only then start to read and to load models."""
        self._guard.begin(QApplication.instance())  # type: ignore[arg-type]
        last = self.session.last()
        view = (last.view if last is not None else None) or {}
        self.desk.become(states.restored(self.desk.state, view))
        self.window.resize(1280, 800)
        self.window.arrange(view.get("window") or {})
        self.binding.facts()
        self.show_recent()
        if self.session.store.notice:
            self.window.messages.say(self.session.store.notice, Kind.WARNING)
        else:
            self.supporting.look_back()
        self.window.painted.connect(lambda: QTimer.singleShot(0, lambda: self._begin(sources, demo)))
        self.window.show()
        self.detached.restore(view.get("detached"))

    def _enter_workspace(self) -> None:
        """Show what was open in the workspace that was entered."""
        last, current = self.session.last(), self.workspaces.current
        self.desk.become(states.restored(self.desk.state, (last.view if last is not None else None) or {}))
        self.show_recent()
        if last is not None and last.sources:
            self.opening.open(last.sources, Goal(str(last.path or ""), last.label, last.frame))
        text = tr("Workspace “{name}” is open.").format(name=current.title if current else "")
        self.window.messages.say(self.session.store.notice or text, Kind.NOTE)

    def _begin(self, sources: Sequence[Path], demo: bool) -> None:
        if self._closed:
            return
        last = self.session.last()
        if demo:
            self.opening.demo()
        elif sources:
            self.opening.open(sources)
        elif last is not None and last.sources:
            self.opening.open(last.sources, Goal(str(last.path or ""), last.label, last.frame))
        self.loader.get_ready()
        self.inference.start()
        self.archives.start()
        self.doings.focus_pictures()
        self._spare()

    def _spare(self) -> None:
        """Spare what stays as long as the list does from the search for garbage.

        To look through all of it takes a tenth of a second with thousands of cases, in which no thread runs.
        """
        if not self._closed:
            gc.freeze()

    def take_settings(self, settings: Settings) -> None:
        """Keep and follow new settings."""
        try:
            settings_file.save(settings)
        except OSError as error:
            sentence = tr("The settings could not be saved: {reason}.").format(reason=error.strerror)
            self.window.messages.say(sentence, Kind.ERROR)
        before = self.session.settings
        self.session.settings = settings
        self.bar.set_keys(settings.shortcuts)
        self.window.panes.drag_up_brightens = settings.drag_up_brightens
        if before.commit_first != settings.commit_first:
            self.revealing.set_on(settings.commit_first)
        self.desk.change(look=states.looked(self.desk.state.look, settings))
        if before.models != settings.models:
            self.window.status.set_device("")
            self.inference.reload()
            self.cine.player.stop()
            self.showing.again()
            self.cine.scoring.read_again()
            self.companions.read_again()
        if (before.models, before.analyse_in_background) != (settings.models, settings.analyse_in_background):
            self.opening.plan_background()

    def preview(self, readings: list[Reading]) -> None:
        """Show the report of readings."""
        from breastview.gui.report_preview import ReportPreview

        alone = len(readings) == 1
        name = file_name(readings[0].instance.label if alone else f"BreastView {tr('Report (PDF)')}", ".pdf")
        dialog = ReportPreview(
            readings,
            self.exporting.options(alone=alone),
            lambda: self.destinations.file(tr("Report (PDF)"), name, ".pdf"),
            self.window,
        )
        dialog.exec()
        dialog.deleteLater()

    def settle(self) -> bool:
        """Keep what waits and return whether nothing of the reader's work is left unsaved."""
        return all([self.assessing.settle(), self.measuring.settle(), self.editing.settle()])

    def _forget(self) -> None:
        """Forget what was saved in a workspace that is left."""
        for work in (self.assessing, self.measuring, self.editing):
            work.forget()

    def keep(self) -> bool:
        """Save what the reader did and what is on screen; return whether all the reader did is saved."""
        self.window.panel.form.flush()
        saved = self.settle()
        try:
            self.session.save_view(*self._view())
        except BreastViewError as error:
            log.error("the view could not be kept: %s", error.what)
        return saved and self.session.store.path is not None

    def _view(self) -> tuple[Instance | None, int, dict[str, object]]:
        """Return what is on screen, as the next start shows it again."""
        state = self.desk.state
        instance = None if state.case is None else self.model.rows[state.case].instance
        view = states.remembered(state) | {
            "window": self.window.arrangement(),
            "detached": self.detached.remembered(),
        }
        return instance, state.frame, view

    def _remember(self) -> None:
        """Keep what is on screen now and then, so that a crash leaves the reader where the work stopped."""
        if self.desk.state.case is not None and not self.opening.reading and not self._closed:
            view, sources = self._view(), self.session.sources
            self.writing.start(lambda: self.session.save_view(*view, sources))

    def close(self) -> None:
        """Keep everything, then let the threads end."""
        if self._closed:
            return
        self._closed = True
        gc.unfreeze()
        self._rest.stop()
        if self.binding.assessment is not None:
            self.binding.assessment.stop()
        self.keep()
        for one in (
            self.showing, self.assessing, self.revealing, self.pairing, self.measuring, self.editing,
            self.inference, self.loader, self.opening, self.exporting, self.parting, self.auditing,
            self.kinds,
        ):  # fmt: skip
            one.blockSignals(True)  # what is still on its way comes after the record is closed
        self._guard.end(QApplication.instance())  # type: ignore[arg-type]
        self.cine.stop(PATIENCE_S)
        self.detached.close()
        self.opening.stop(PATIENCE_S)
        self.exporting.stop(PATIENCE_S)
        self.parting.stop(PATIENCE_S)
        self.archives.stop(PATIENCE_S)
        self.workspaces.stop()
        self.pairing.stop()
        self.revealing.stop()
        self.foreign.stop()
        self.examining.stop()
        self.supporting.stop(PATIENCE_S)
        self.editing.stop()
        self.measuring.sheet.stop()
        self.loader.stop()
        if self.inference.stop(PATIENCE_S):
            self.session.close()
        else:
            self.session.endings.close()  # the reader closed the window; nothing broke down
            self.session.store.close()

"""Keeps the widgets in step with state and controllers, one way only: from what is to what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.gui.commands import Facts
from breastview.gui.message_bar import Kind
from breastview.gui.state import ViewState
from breastview.gui.worklist.listing import called
from breastview.language import said, tr
from breastview.study.instance import Refusal
from breastview.study.reading import ReadState

if TYPE_CHECKING:
    from breastview.gui.action_bar import ActionBar
    from breastview.gui.assessment_binding import AssessmentBinding
    from breastview.gui.cine.cine import Cine
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.companions import Companions
    from breastview.gui.controllers.editing import Editing
    from breastview.gui.controllers.foreign import Foreign
    from breastview.gui.controllers.measuring import Measuring
    from breastview.gui.controllers.naming_kinds import NamingKinds
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.desk import Desk
    from breastview.gui.detached import Detached
    from breastview.gui.main_window import MainWindow
    from breastview.gui.undoing import Undoing
    from breastview.gui.worklist.model import WorklistModel


class Binding:
    """Shows the state; never changes it."""

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        model: WorklistModel,
        showing: Showing,
        assessing: Assessing,
        bar: ActionBar,
        undoing: Undoing,
    ) -> None:
        self._window, self._desk, self._model = window, desk, model
        self.assessment: AssessmentBinding | None = None
        self._showing, self._assessing, self._bar = showing, assessing, bar
        self._undoing = undoing
        self._waits = False
        showing.telling.connect(self._gather)
        desk.changed.connect(self._follow)
        showing.picture_changed.connect(self._picture)
        showing.analysis_changed.connect(self._analysis)
        assessing.changed.connect(self._assessment)
        window.panel.fold_wanted.connect(self._fold)
        undoing.changed.connect(self.facts)
        assessing.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        model.counted.connect(self._counted)
        model.arranged.connect(lambda: window.worklist.set_current(desk.state.case))
        self._measuring: Measuring | None = None
        self._editing: Editing | None = None
        self._foreign: Foreign | None = None
        self._kinds: NamingKinds | None = None
        self._layout: tuple[Cine, Companions, Detached] | None = None
        self.all()

    def follow_layout(self, cine: Cine, companions: Companions, detached: Detached) -> None:
        """Follow also what moves, what is compared and what stands in a window of its own."""
        self._layout = cine, companions, detached
        for signal in (cine.scoring.changed, companions.changed, detached.changed):
            signal.connect(self.facts)

    def follow_foreign(self, foreign: Foreign) -> None:
        """Follow also what other systems said."""
        self._foreign = foreign
        foreign.changed.connect(self.facts)

    def follow_kinds(self, kinds: NamingKinds) -> None:
        """Follow also as what kind of picture the file is read."""
        self._kinds = kinds
        kinds.changed.connect(self._kind)

    def _kind(self) -> None:
        self._window.panel.kind.show_kind(self._kinds.told if self._kinds is not None else None)
        self.facts()

    def follow_measuring(self, measuring: Measuring) -> None:
        """Follow also what is measured."""
        self._measuring = measuring
        measuring.changed.connect(self.facts)

    def all(self) -> None:
        """Show everything afresh."""
        state = self._desk.state
        self._window.worklist.set_choice(state.filter, state.search, state.sort)
        self._model.arrange(state.filter, state.search, state.sort)
        self._window.panes.set_look(state.look)
        self._counted()
        self._picture(keep_view=False)
        self._analysis()
        self._assessment()

    def _follow(self, before: ViewState, after: ViewState) -> None:
        window = self._window
        if (before.filter, before.search, before.sort) != (after.filter, after.search, after.sort):
            window.worklist.set_choice(after.filter, after.search, after.sort)
            self._model.arrange(after.filter, after.search, after.sort)
        if before.look != after.look:
            window.panes.set_look(after.look)
            window.panel.ai.set_heat(after.look.heat_source, after.look.heat_visible)
            window.panel.ai.flags.show_places(after.look.places_visible)
        if before.folded != after.folded:
            window.panel.set_folded(after.folded)
        if before.playing != after.playing:
            window.panel.setEnabled(not after.playing)  # what it says and takes is of one frame
        if before.case != after.case:
            window.worklist.set_current(after.case)
        self.facts()

    def _fold(self, name: str, away: bool) -> None:
        others = tuple(one for one in self._desk.state.folded if one != name)
        self._desk.change(folded=(*others, name) if away else others)

    def _picture(self, keep_view: bool) -> None:
        showing, window = self._showing, self._window
        shown = showing.shown
        frame = shown.place[1] if shown is not None else self._desk.state.frame
        window.show_pictures(showing.entry is not None)
        pixels = shown.pixels if shown is not None else None
        window.panes.set_picture(pixels, showing.instance, frame, keep_view=keep_view)
        window.panes.set_truth(shown.truth if shown is not None else None)
        window.panes.set_message(said(showing.message))
        window.panel.set_entry(showing.entry, frame)
        window.panel.form.set_kind(showing.kind)
        window.setWindowTitle(
            f"{called(showing.entry)} · BreastView" if showing.entry is not None else "BreastView"
        )
        self.facts()

    def _analysis(self) -> None:
        showing, window = self._showing, self._window
        window.panes.set_analysis(showing.analysis)
        waiting = said(showing.ai_message)
        if isinstance(showing.entry, Refusal) or (
            showing.entry is not None and not waiting and not showing.analysis
        ):
            waiting = waiting or tr("There is no picture to read.")
        if showing.entry is None:
            waiting = tr("Nothing is open.")
        window.panel.ai.set_analysis(showing.analysis, waiting, again=showing.ai_failed)
        if showing.analysis is None:
            window.panes.set_ai_note(
                tr("No AI reading") if showing.ai_failed else said(showing.ai_message), showing.ai_failed
            )
        look = self._desk.state.look
        window.panel.ai.flags.show_places(look.places_visible)
        window.panel.ai.set_heat(look.heat_source, look.heat_visible)
        window.status.set_timing(showing.analysis.milliseconds if showing.analysis else None)
        self.facts()

    def _assessment(self) -> None:
        self._window.panel.form.set_assessment(self._assessing.assessment)
        self.facts()

    def _counted(self) -> None:
        cases = self._model.case_count
        self._window.status.set_cases(cases, len(self._model.rows) - cases)
        self.facts()

    def _gather(self, telling: bool) -> None:
        """Let panes and actions follow once when all is told, not after each part of it."""
        self._waits = telling
        self._window.panes.gather(telling)
        if not telling:
            self.facts()

    def facts(self) -> None:
        """Switch the actions."""
        if self._waits:
            return
        showing, assessment, window = self._showing, self._assessing.assessment, self._window
        shown = showing.shown
        self._bar.update(
            Facts(
                listed=bool(self._model.rows),
                case=showing.instance is not None,
                picture=shown is not None and shown.pixels is not None,
                analysis=showing.analysis is not None,
                unread=showing.ai_failed,
                truth=shown is not None and shown.truth is not None,
                marked=assessment is not None and assessment.marked,
                any_marked=self._model.any_marked,
                final=assessment is not None and assessment.state is ReadState.FINAL,
                can_undo=self._undoing.can_undo,
                can_redo=self._undoing.can_redo,
                undo_text=self._undoing.undo_text,
                redo_text=self._undoing.redo_text,
                worklist=not window.worklist.isHidden(),
                panel=not window.panel.isHidden(),
                look=self._desk.state.look,
                kind=self._kinds.chosen if self._kinds is not None else None,
                foreign=any(one.draws for one in self._foreign.overlays) if self._foreign else False,
                **self._facts_of_layout(),
                **self._facts_of_measuring(),
                **self._facts_of_editing(),
                **(self.assessment.facts() if self.assessment is not None else {}),
            )
        )

    def follow_editing(self, editing: Editing) -> None:
        """Follow also the mask."""
        self._editing = editing
        editing.changed.connect(self.facts)

    def _facts_of_editing(self) -> dict[str, bool]:
        editing = self._editing
        if editing is None:
            return {}
        return {
            "lesions": bool(editing.findings),
            "edited": editing.segmentation is not None,
            "suggested": bool(editing.words),
        }

    def _facts_of_measuring(self) -> dict[str, bool]:
        measuring = self._measuring
        if measuring is None:
            return {}
        return {
            "measured": bool(measuring.measurements),
            "measurement": measuring.selected is not None,
            "ruler": measuring.by_ruler is not None,
        }

    def _facts_of_layout(self) -> dict[str, bool]:
        if self._layout is None:
            return {}
        (cine, companions, detached), state = self._layout, self._desk.state
        instance = self._showing.instance
        return {
            "cine": instance is not None and instance.frames > 1,
            "playing": state.playing,
            "sweep": state.cine_sweep,
            "scoring": cine.scoring.busy,
            "scored": any(score is not None for score in cine.scoring.scores),
            "compared": companions.compares,
            "pinned": state.pinned,
            "hanging": state.hanging,
            "detached": detached.pictures_out,
            "pane_detached": detached.panes_out,
        }

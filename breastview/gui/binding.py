"""Keeps the widgets in step with state and controllers, one way only: from what is to what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.gui.commands import Facts
from breastview.gui.message_bar import Kind
from breastview.gui.state import ViewState
from breastview.study.instance import Refusal
from breastview.study.reading import ReadState

if TYPE_CHECKING:
    from breastview.gui.action_bar import ActionBar
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.desk import Desk
    from breastview.gui.main_window import MainWindow
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
    ) -> None:
        self._window, self._desk, self._model = window, desk, model
        self._showing, self._assessing, self._bar = showing, assessing, bar
        desk.changed.connect(self._follow)
        showing.picture_changed.connect(self._picture)
        showing.analysis_changed.connect(self._analysis)
        assessing.changed.connect(self._assessment)
        assessing.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        model.counted.connect(self._counted)
        model.arranged.connect(lambda: window.worklist.set_current(desk.state.case))
        self.all()

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
        if before.case != after.case:
            window.worklist.set_current(after.case)
        self.facts()

    def _picture(self, keep_view: bool) -> None:
        showing, window = self._showing, self._window
        shown = showing.shown
        frame = shown.place[1] if shown is not None else self._desk.state.frame
        window.show_pictures(showing.entry is not None)
        pixels = shown.pixels if shown is not None else None
        window.panes.set_picture(pixels, showing.instance, frame, keep_view=keep_view)
        window.panes.set_truth(shown.truth if shown is not None else None)
        window.panes.set_message(showing.message)
        window.panel.set_entry(showing.entry, frame)
        window.setWindowTitle(
            f"{showing.entry.label} · BreastView" if showing.entry is not None else "BreastView"
        )
        self.facts()

    def _analysis(self) -> None:
        showing, window = self._showing, self._window
        window.panes.set_analysis(showing.analysis)
        waiting = showing.ai_message
        if isinstance(showing.entry, Refusal) or (
            showing.entry is not None and not waiting and not showing.analysis
        ):
            waiting = waiting or "There is no picture to read."
        if showing.entry is None:
            waiting = "Nothing is open."
        window.panel.ai.set_analysis(showing.analysis, waiting)
        if showing.analysis is None:
            window.panes.set_ai_note(
                "No AI reading" if showing.ai_failed else showing.ai_message, showing.ai_failed
            )
        look = self._desk.state.look
        window.panel.ai.set_heat(look.heat_source, look.heat_visible)
        window.status.set_timing(showing.analysis.milliseconds if showing.analysis else None)
        self.facts()

    def _assessment(self) -> None:
        self._window.panel.form.set_assessment(self._assessing.assessment)
        self.facts()

    def _counted(self) -> None:
        cases = sum(row.instance is not None for row in self._model.rows)
        self._window.status.set_cases(cases, len(self._model.rows) - cases)
        self.facts()

    def facts(self) -> None:
        """Switch the actions."""
        showing, assessment, window = self._showing, self._assessing.assessment, self._window
        shown = showing.shown
        self._bar.update(
            Facts(
                listed=bool(self._model.rows),
                case=showing.instance is not None,
                picture=shown is not None and shown.pixels is not None,
                analysis=showing.analysis is not None,
                truth=shown is not None and shown.truth is not None,
                marked=assessment is not None and assessment.marked,
                any_marked=any(row.marked for row in self._model.rows),
                final=assessment is not None and assessment.state is ReadState.FINAL,
                can_undo=self._assessing.can_undo,
                can_redo=self._assessing.can_redo,
                worklist=not window.worklist.isHidden(),
                panel=not window.panel.isHidden(),
                look=self._desk.state.look,
            )
        )

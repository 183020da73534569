"""What the command palette finds: every action, every output, every setting, every listed case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from breastview.gui.actions import ACTIONS, SUBMENUS
from breastview.gui.archives import page, receiving_page
from breastview.gui.controllers.exporting import Scope
from breastview.gui.dialogs.palette import Offer, Palette
from breastview.gui.export_menu import offered
from breastview.language import said, tr
from breastview.settings import Settings

if TYPE_CHECKING:
    from breastview.gui.action_bar import ActionBar
    from breastview.gui.controllers.exporting import Exporting
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.main_window import MainWindow
    from breastview.gui.worklist.model import WorklistModel

PALETTE = "palette"
PAGES = (page.TITLE, receiving_page.TITLE)
_NATIVE = QKeySequence.SequenceFormat.NativeText


class Finding:
    """Opens the palette on what there is at that moment."""

    def __init__(
        self,
        window: MainWindow,
        bar: ActionBar,
        exporting: Exporting,
        model: WorklistModel,
        stepping: Stepping,
        show_setting: Callable[[str], object],
    ) -> None:
        self._window, self._bar, self._exporting = window, bar, exporting
        self._model, self._stepping, self._show_setting = model, stepping, show_setting

    def open(self) -> None:
        """Show the palette."""
        Palette(self.offers(), self._window).open()

    def offers(self) -> Iterator[Offer]:
        """Yield everything that can be found, actions first."""
        yield from self._actions()
        yield from self._outputs()
        yield from self._settings()
        yield from self._cases()

    def _actions(self) -> Iterator[Offer]:
        for action in ACTIONS:
            if action.id == PALETTE:
                continue
            made = self._bar.actions[action.id]
            keys = "   ".join(
                key.toString(QKeySequence.SequenceFormat.NativeText) for key in made.shortcuts()
            )
            where = tr(action.menu)
            if parent := SUBMENUS.get(action.menu):
                where = f"{tr(parent)} › {where}"
            yield Offer(
                made.text().removesuffix("…"), where, keys, made.trigger, made.isEnabled(),
                f"{said(action.tip)} {action.text} {action.tip}",
            )  # fmt: skip

    def _outputs(self) -> Iterator[Offer]:
        counts = {scope: len(self._exporting.frames(scope)) for scope in Scope}
        for name, title in offered():
            for scope, count in counts.items():
                yield Offer(
                    tr(title), f"{tr('Export')} › {tr(scope)}", "",
                    partial(self._exporting.ask, name, scope), bool(count), f"{name} export", False,
                )  # fmt: skip

    def _settings(self) -> Iterator[Offer]:
        for item in fields(Settings):
            if "group" in item.metadata:
                where = f"{tr('Settings')} › {tr(item.metadata['group'])}"
                yield Offer(
                    tr(item.metadata["title"]), where, "", partial(self._show_setting, item.name),
                    also=tr(item.metadata["tip"]), unasked=False,
                )  # fmt: skip

        for name in PAGES:
            yield Offer(tr(name), tr("Settings"), "", partial(self._show_setting, name), unasked=False)

    def _cases(self) -> Iterator[Offer]:
        for row in self._model.cases:
            entry = self._model.rows[row].entry
            yield Offer(
                entry.label, tr("Case"), "", partial(self._stepping.row, row),
                also=self._model.rows[row].words, unasked=False,
            )  # fmt: skip

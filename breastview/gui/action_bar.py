"""The action table as Qt actions in menus and a toolbar, following what is possible now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from breastview.gui import actions, theme
from breastview.gui.actions import ACTIONS, MENUS, Action
from breastview.gui.commands import Commands, Facts
from breastview.gui.icons import icon

_BAR_BREAKS = frozenset({"image.previous", "look.invert", "overlay.mask", "assess.mark", "help.keys"})
"""Actions before which the toolbar has a gap."""


def tooltip(action: Action, changed: dict[str, str]) -> str:
    """Return an action's tip with its keys."""
    shown = " / ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        for key in actions.keys(action, changed)
    )
    return f"{action.tip} ({shown})" if shown else action.tip


class ActionBar(QObject):
    """Makes the Qt actions once and switches them as the facts change."""

    def __init__(self, window: QMainWindow, commands: Commands, before: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._commands, self._before = window, commands, before
        self.actions = {action.id: self._made(action) for action in ACTIONS}
        self.menus = self._menus()
        self.toolbar = self._toolbar()
        window.addActions(list(self.actions.values()))

    def _made(self, action: Action) -> QAction:
        made = QAction(action.text, self._window)
        made.setObjectName(action.id)
        if action.icon:
            made.setIcon(icon(action.icon))
        made.setCheckable(action.on is not None)
        made.setAutoRepeat(True)
        made.triggered.connect(lambda _on=False, a=action: self._trigger(a))
        return made

    def _trigger(self, action: Action) -> None:
        self._before()
        action.run(self._commands)

    def _menus(self) -> dict[str, QMenu]:
        bar = self._window.menuBar()
        menus = {name: bar.addMenu(name) for name in MENUS}
        for action in ACTIONS:
            if action.menu not in menus:
                menus[action.menu] = menus[actions.VIEW].addMenu(action.menu)
            menus[action.menu].addAction(self.actions[action.id])
        return menus

    def _toolbar(self) -> QToolBar:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for action in ACTIONS:
            if action.bar:
                if action.id in _BAR_BREAKS:
                    bar.addSeparator()
                bar.addAction(self.actions[action.id])
        for button in bar.children():
            if hasattr(button, "setFocusPolicy"):
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._window.addToolBar(bar)
        return bar

    def set_keys(self, changed: dict[str, str]) -> None:
        """Give every action its keys: the table's, or the user's own."""
        for action in ACTIONS:
            made = self.actions[action.id]
            made.setShortcuts([QKeySequence(key) for key in actions.keys(action, changed)])
            made.setToolTip(tooltip(action, changed))
            made.setStatusTip("")

    def update(self, facts: Facts) -> None:
        """Switch the actions by what is possible now."""
        for action in ACTIONS:
            made = self.actions[action.id]
            made.setEnabled(action.when(facts))
            if action.on is not None:
                on = action.on(facts)
                made.setChecked(on)
                if action.icon:
                    made.setIcon(icon(action.icon, theme.ACCENT if on else theme.ICON))

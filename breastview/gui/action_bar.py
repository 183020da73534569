"""The action table as Qt actions in menus and a toolbar, following what is possible now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from breastview.gui import actions, theme
from breastview.gui.actions import ACTIONS, EDIT, MENUS, SUBMENUS, Action
from breastview.gui.actions.action import ASSESS
from breastview.gui.commands import Commands, Facts
from breastview.gui.icons import icon
from breastview.language import said, tr

_BAR_BREAKS = frozenset({"image.previous", "look.invert", "overlay.mask", "assess.mark", "help.keys"})
"""Actions before which the toolbar has a gap."""

_STILL = frozenset({ASSESS, EDIT})
"""Menus that wait while a cine moves: what they do belongs to one frame."""


def tooltip(action: Action, changed: dict[str, str]) -> str:
    """Return an action's tip with its keys."""
    shown = " / ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        for key in actions.keys(action, changed)
    )
    tip = said(action.tip)
    return f"{tip} ({shown})" if shown else tip


class ActionBar(QObject):
    """Makes the Qt actions once and switches them as the facts change."""

    def __init__(self, window: QMainWindow, commands: Commands, before: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._commands, self._before = window, commands, before
        self._changed: dict[str, str] = {}
        self._facts: Facts | None = None
        self._on: dict[str, bool] = {}
        self.actions = {action.id: self._made(action) for action in ACTIONS}
        self.menus = self._menus()
        self.toolbar = self._toolbar()
        window.addActions(list(self.actions.values()))

    def _made(self, action: Action) -> QAction:
        made = QAction(said(action.text), self._window)
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
        if action.on is not None:  # Qt has toggled it, whatever came of it
            self.actions[action.id].setChecked(self._on.get(action.id, False))

    def _menus(self) -> dict[str, QMenu]:
        bar = self._window.menuBar()
        menus = {name: bar.addMenu(tr(name)) for name in MENUS}
        menus |= {name: menus[parent].addMenu(tr(name)) for name, parent in SUBMENUS.items()}
        for action in ACTIONS:
            menus[action.menu].addAction(self.actions[action.id])
        return menus

    def _toolbar(self) -> QToolBar:
        bar = QToolBar(tr("Tools"))
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
        self._changed = dict(changed)
        for action in ACTIONS:
            made = self.actions[action.id]
            made.setShortcuts([QKeySequence(key) for key in actions.keys(action, changed)])
            made.setToolTip(tooltip(action, changed))
            made.setStatusTip("")
        self._facts = None

    def _say(self, action: Action, now: str) -> None:
        """Call an action what it would do now, in its menu and in its tooltip."""
        made = self.actions[action.id]
        text = now or said(action.text)
        if made.text() != text:
            made.setText(text)
            made.setToolTip(tooltip(replace(action, tip=now or action.tip), self._changed))

    def update(self, facts: Facts) -> None:
        """Switch the actions by what is possible now."""
        if facts == self._facts:  # asked many times a step
            return
        self._facts = facts
        for action in ACTIONS:
            made = self.actions[action.id]
            made.setEnabled(action.when(facts) and not (facts.playing and action.menu in _STILL))
            if action.now is not None:
                self._say(action, action.now(facts))
            if action.on is not None:
                on = action.on(facts)
                if action.icon and on is not self._on.get(action.id):
                    made.setIcon(icon(action.icon, theme.ACCENT if on else theme.ICON))
                self._on[action.id] = on
                made.setChecked(on)

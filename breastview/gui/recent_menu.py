"""The sub-menu of what was opened before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from breastview.gui.icons import icon
from breastview.language import tr


class RecentMenu:
    """Stands in the File menu before an action."""

    def __init__(
        self,
        menu: QMenu,
        before: QAction,
        opened: Callable[[Sequence[Path]], object],
        forget: Callable[[], object],
    ) -> None:
        self._open, self._forget = opened, forget
        self.menu = QMenu(tr("Open recent"), menu)
        self.menu.setIcon(icon("history"))
        menu.insertMenu(before, self.menu)

    def show(self, recent: Sequence[Path]) -> None:
        """List sources, the newest first."""
        self.menu.clear()
        for path in recent:
            action = self.menu.addAction(str(path))
            action.triggered.connect(lambda _on=False, p=path: self._open([p]))
        self.menu.addSeparator()
        self.menu.addAction(tr("Forget this list")).triggered.connect(lambda _on=False: self._forget())
        self.menu.setEnabled(bool(recent))

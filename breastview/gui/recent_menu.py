"""The sub-menu of what was opened before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from breastview.gui.icons import icon


class RecentMenu:
    """Stands in the File menu before an action."""

    def __init__(self, menu: QMenu, before: QAction, opened: Callable[[Sequence[Path]], object]) -> None:
        self._open = opened
        self.menu = QMenu("Open recent", menu)
        self.menu.setIcon(icon("history"))
        menu.insertMenu(before, self.menu)

    def show(self, recent: Sequence[Path]) -> None:
        """List sources, the newest first."""
        self.menu.clear()
        for path in recent:
            action = self.menu.addAction(str(path))
            action.triggered.connect(lambda _on=False, p=path: self._open([p]))
        self.menu.setEnabled(bool(recent))

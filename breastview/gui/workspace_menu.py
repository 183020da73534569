"""The workspaces as a part of the File menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from breastview.gui.controllers.workspaces import Workspaces
from breastview.gui.icons import icon
from breastview.language import tr


class WorkspaceMenu:
    """Lists the workspaces afresh whenever it is opened; the present one bears a tick."""

    def __init__(self, menu: QMenu, before: QAction, workspaces: Workspaces, parent: QWidget) -> None:
        self._workspaces, self._parent = workspaces, parent
        self.menu = QMenu(tr("Workspace"), menu)
        self.menu.setIcon(icon("briefcase-outline"))
        self.menu.setToolTipsVisible(True)
        menu.insertMenu(before, self.menu)
        self.menu.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List the workspaces."""
        self.menu.clear()
        new = self.menu.addAction(icon("plus"), tr("New workspace…"))
        new.setToolTip(tr("A record of its own: other assessments, another list of what was opened"))
        new.triggered.connect(self.ask_name)
        self.menu.addSeparator()
        group, current = QActionGroup(self.menu), self._workspaces.current
        for one in self._workspaces.known:
            action = self.menu.addAction(one.title)
            action.setCheckable(True)
            action.setChecked(one == current)
            action.triggered.connect(_opens(self._workspaces, one))
            group.addAction(action)

    def ask_name(self) -> None:
        """Ask how the new workspace is called."""
        name, given = QInputDialog.getText(
            self._parent, tr("New workspace"), tr("Name (no patient’s, for it can be seen on the disk):")
        )
        if given:
            self._workspaces.new(name)


def _opens(workspaces: Workspaces, one: object) -> Callable[[], None]:
    return lambda: workspaces.open(one)  # type: ignore[arg-type]

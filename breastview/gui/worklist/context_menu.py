"""What can be done with a case of the list: the window's own actions, and where its file lies."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from breastview.gui.icons import icon
from breastview.gui.worklist.row import Row
from breastview.language import tr

ACTIONS = ("assess.mark", "assess.final", "assess.unread", "", "lesion.pin", "lesion.pair", "",
           "report.preview", "export.pdf")  # fmt: skip
"""Actions of the window that act on the case that was clicked, which is shown by then; "" is a gap."""
KINDS = ("kind.auto", "kind.us", "kind.mg", "kind.sm")
"""Actions of their own menu: as what kind of picture the case is read."""


def context_menu(row: Row, actions: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """Return the menu of a row; it deletes itself when it is closed."""
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    if row.instance is not None:
        for name in ACTIONS:
            if not name:
                menu.addSeparator()
            elif name in actions:
                menu.addAction(actions[name])
        menu.addSeparator()
        kinds = menu.addMenu(icon("shape-outline"), tr("Read this image as"))
        for name in KINDS:
            if name in actions:
                kinds.addAction(actions[name])
        menu.addSeparator()
    copied = menu.addAction(icon("content-copy"), tr("Copy the file’s name"))
    copied.triggered.connect(lambda: QGuiApplication.clipboard().setText(row.entry.label))
    folder = menu.addAction(icon("folder-open-outline"), tr("Show in its folder"))
    where = row.entry.path.parent
    folder.triggered.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(where))))
    return menu


def show_menu(row: Row, at: QPoint, actions: Mapping[str, QAction], parent: QWidget) -> QMenu:
    """Show the menu of a row at a point of the screen and return it."""
    menu = context_menu(row, actions, parent)
    menu.popup(at)
    return menu

"""As what kind of picture the file is read and who says so, with the menu that overrules it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from breastview.gui.icons import icon
from breastview.gui.panel.parts import label
from breastview.language import said, tr
from breastview.study.kind import KindOf


class KindLine(QWidget):
    """One line; hidden until the kind is known.

    Attributes
    ----------
    change : QToolButton
        Opens the menu given to `set_menu`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text, self.change = label("", "muted"), QToolButton()
        self.change.setIcon(icon("shape-outline"))
        self.change.setToolTip(tr("Read this image as another kind of picture"))
        self.change.setAccessibleName(self.change.toolTip())
        self.change.setStyleSheet("QToolButton::menu-indicator { image: none; } QToolButton { padding: 0; }")
        self.change.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.change.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.text, 1)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignVCenter)
        self.show_kind(None)

    def set_menu(self, menu: QMenu) -> None:
        """Let the button open a menu of kinds."""
        self.change.setMenu(menu)

    def show_kind(self, told: KindOf | None) -> None:
        """Show a kind; None hides the line."""
        self.setVisible(told is not None)
        if told is not None:
            self.text.setText(said(told.sentence) if told.kind else tr("Of no known kind."))

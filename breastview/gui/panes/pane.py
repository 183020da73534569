"""One pane: header with controls, picture, captions."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panes import captions
from breastview.gui.panes.canvas import Canvas, Parts
from breastview.gui.panes.content import Content
from breastview.gui.panes.controls import HeatControls, MaskControls
from breastview.gui.panes.elided import ElidedButton
from breastview.gui.panes.footer import Footer
from breastview.gui.panes.layouts import Shows
from breastview.gui.panes.look import Look
from breastview.language import mark, tr

HEADER = 32
"""Height of the header in device-independent px, the same in every pane so that the pictures are level."""

_CONTENTS = {
    Shows.ORIGINAL: mark("Original"),
    Shows.MASK: mark("Mask"),
    Shows.HEAT: mark("Grad-CAM of the classifier"),
    Shows.SEGMENTER: mark("Grad-CAM of the segmenter"),
    Shows.BOTH: mark("Mask and Grad-CAM"),
    Shows.OTHER: mark("The picture compared with"),
}


class Pane(QWidget):
    """A canvas with what belongs around it.

    Attributes
    ----------
    chosen : Signal(object)
        Fields of the look that the reader changed in the header, as a dict; ``"shows"`` is this pane's alone.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.parts = Parts()
        self._active = False
        self._content, self._look = Content(), Look()
        self._followed: object = None
        self._title = ElidedButton(self)
        self._title.setText(tr("Original"))
        self.menu = self._content_menu()
        self.mask_controls, self.heat_controls = MaskControls(self), HeatControls(self)
        self.canvas, self.footer = Canvas(self), Footer(self)
        for controls in (self.mask_controls, self.heat_controls):
            controls.chosen.connect(self.chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        header = QWidget(self)
        header.setFixedHeight(HEADER)
        row = QHBoxLayout(header)
        row.setContentsMargins(2, 3, 4, 1)
        row.setSpacing(4)
        row.addWidget(self._button)
        row.addWidget(self._title, 1)
        row.addWidget(self.mask_controls, 5)
        row.addWidget(self.heat_controls, 6)  # whose heat it is takes more words
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the row decides: all panes alike
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.footer)

    def _content_menu(self) -> QMenu:
        """Make the button that chooses what this pane shows."""
        self._button = QToolButton(self)
        self._button.setIcon(icon("dots-vertical"))
        self._button.setIconSize(QSize(16, 16))
        self._button.setFixedWidth(22)
        self._button.setAutoRaise(True)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._button.setToolTip(tr("Choose what this pane shows"))
        self._button.setAccessibleName(self._button.toolTip())
        menu = QMenu(self._button)
        self._kinds = QActionGroup(menu)
        for shows, text in _CONTENTS.items():
            action = self._kinds.addAction(menu.addAction(tr(text)))
            action.setCheckable(True)
            action.setData(shows)
        self._kinds.triggered.connect(lambda action: self.chosen.emit({"shows": Shows(action.data())}))
        self._button.setMenu(menu)
        return menu

    @property
    def active(self) -> bool:
        """Whether keys act on this pane."""
        return self._active

    def activate(self, active: bool) -> None:
        """Show whether keys act on this pane."""
        self._active = active
        self.update()

    def show_parts(self, parts: Parts, shows: Shows) -> None:
        """Take what this pane shows; where a mammogram hangs the reader cannot choose something else."""
        self.parts = parts
        self._button.setVisible(parts.wall is None)
        for action in self._kinds.actions():
            action.setChecked(action.data() == shows)
        self._title.setVisible(not (parts.mask or parts.heat))
        self.mask_controls.setVisible(parts.mask)
        self.heat_controls.setVisible(parts.heat)
        self.canvas.show_parts(parts)
        self._follow()

    def show_content(self, content: Content) -> None:
        """Take the picture and what is known about it."""
        self._content = content
        self.canvas.show_content(content)
        self._follow()

    def show_look(self, look: Look) -> None:
        """Take how to draw."""
        self._look = look
        self.canvas.show_look(look)
        self._follow()

    def _follow(self) -> None:
        """Bring controls and captions up to date; controls only when something they show differs."""
        content, look, parts = self._content, self._look, self.parts
        shown = content.overlays, content.truth is None, look, parts
        if shown != self._followed:
            self._followed = shown
            if parts.mask:
                self.mask_controls.follow(content, look, parts.filled(look))
            if parts.heat:
                self.heat_controls.follow(content, look)
        self._caption()

    def _caption(self) -> None:
        content, look, parts = self._content, self._look, self.parts
        title = (captions.Caption(content.title, theme.TEXT),) if content.title and parts.text else ()
        if content.message or content.picture is None:
            self.footer.show_captions(title)
        elif parts.mask or parts.heat:
            mask = captions.of_mask(content, look) if parts.mask else ()
            heat = captions.of_heat(content, look) if parts.heat and not (title and mask) else ()
            foreign = captions.also_foreign(content, look) if parts.mask else ()
            self.footer.show_captions((*title, *captions.of_ai(content), *mask, *foreign, *heat))
        else:
            foreign = captions.of_foreign(content, look)
            self.footer.show_captions((*title, *foreign) or captions.of_original(content))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the strip; a line in the accent colour marks the active pane."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        painter.fillRect(0, 0, self.width(), 2, QColor(theme.ACCENT if self._active else theme.LINE))

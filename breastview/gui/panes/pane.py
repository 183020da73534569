"""One pane: header with controls, picture, captions."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.panes import captions
from breastview.gui.panes.canvas import Canvas, Parts
from breastview.gui.panes.content import Content
from breastview.gui.panes.controls import HeatControls, MaskControls
from breastview.gui.panes.elided import ElidedButton
from breastview.gui.panes.footer import Footer
from breastview.gui.panes.look import Look

HEADER = 32
"""Height of the header in device-independent px, the same in every pane so that the pictures are level."""


class Pane(QWidget):
    """A canvas with what belongs around it.

    Attributes
    ----------
    chosen : Signal(object)
        Fields of the look that the reader changed in the header, as a dict.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.parts = Parts()
        self._active = False
        self._content, self._look = Content(), Look()
        self._title = ElidedButton(self)
        self._title.setText(self.tr("Original"))
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
        row.setSpacing(12)
        for widget in (self._title, self.mask_controls, self.heat_controls):
            row.addWidget(widget, 1)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the row decides: all panes alike
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.footer)

    @property
    def active(self) -> bool:
        """Whether keys act on this pane."""
        return self._active

    def activate(self, active: bool) -> None:
        """Show whether keys act on this pane."""
        self._active = active
        self.update()

    def show_parts(self, parts: Parts) -> None:
        """Take what this pane shows."""
        self.parts = parts
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
        self.mask_controls.follow(self._content, self._look, self.parts.filled(self._look))
        self.heat_controls.follow(self._content, self._look)
        self._caption()

    def _caption(self) -> None:
        content, look, parts = self._content, self._look, self.parts
        if content.message or content.picture is None:
            self.footer.show_captions(())
        elif parts.mask or parts.heat:
            mask = captions.of_mask(content, look) if parts.mask else ()
            heat = captions.of_heat(content, look) if parts.heat else ()
            self.footer.show_captions((*captions.of_ai(content), *mask, *heat))
        else:
            self.footer.show_captions(captions.of_original(content))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the strip; a line in the accent colour marks the active pane."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANEL))
        painter.fillRect(0, 0, self.width(), 2, QColor(theme.ACCENT if self._active else theme.LINE))

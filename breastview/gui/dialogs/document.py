"""A window with a document in words, beside the pictures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextEdit, QVBoxLayout, QWidget

from breastview.gui.panel.parts import label
from breastview.study.foreign import Page

INDENT = 18.0


class DocumentWindow(QDialog):
    """Shows the lines of a document; it does not hold up the pictures.

    Parameters
    ----------
    page : Page
    origin : str
        Whose document it is.
    """

    def __init__(self, page: Page, origin: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(page.title)
        self.resize(640, 720)
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QTextEdit.LineWrapMode.WidgetWidth)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label(origin, "muted"))
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        self._write(page)

    def _write(self, page: Page) -> None:
        cursor = QTextCursor(self.text.document())
        plain, strong = QTextCharFormat(), QTextCharFormat()
        strong.setFontWeight(QFont.Weight.DemiBold)
        for number, (depth, line) in enumerate(page.lines):
            block = QTextBlockFormat()
            block.setLeftMargin(INDENT * depth)
            block.setBottomMargin(2)
            if number:
                cursor.insertBlock(block)
            else:
                cursor.setBlockFormat(block)
            name, found, rest = line.partition(": ")
            cursor.insertText(f"{name}: " if found else name, plain if found else strong)
            cursor.insertText(rest, strong if found else plain)
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

"""How many of the cases the AI has read, below the list; gone when it has read them all."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from breastview.gui.quiet_bar import QuietBar
from breastview.language import tr


class ReadingProgress(QWidget):
    """A line of text above a thin bar."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.bar = QLabel(), QuietBar()
        self.text.setProperty("role", "muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 5, 10, 8)
        column.setSpacing(4)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        self.hide()

    def show_read(self, read: int, cases: int) -> None:
        """Show how many of the cases were read."""
        self.setVisible(0 < read < cases)
        self.bar.show_part(read, cases)
        done, all_of_them = (f"{number:,}".replace(",", " ") for number in (read, cases))
        self.text.setText(tr("The AI has read {read} of {cases} cases").format(read=done, cases=all_of_them))

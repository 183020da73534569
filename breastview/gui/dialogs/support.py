"""What happened, and a report for whoever helps, which the reader sees before it goes anywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import label
from breastview.language import tr

WIDTH = 720


class SupportDialog(QDialog):
    """Says what happened and shows the report once the reader asks for it.

    Parameters
    ----------
    happened : str
        What happened, as a sentence or more; empty where the reader only wants the report.
    make : callable
        Has the report made, which takes seconds; `show_report` is called with it.
    save : callable
        Asks where to keep the report, and writes it.
    """

    def __init__(
        self, happened: str, make: Callable[[], object], save: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("BreastView" if happened else tr("Report for support"))
        self._make = make
        self.happened = label(happened, "sentence")
        self.happened.setVisible(bool(happened))
        self.about = label(
            tr(
                "A report can be made for whoever helps you. It names the program’s parts and where in them "
                "an error arose: no patient, no file, no folder, no address. Nothing is sent; look at it, "
                "then save it or copy it."
            ),
            "muted",
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Report for support"))
        self.text.setFont(theme.font(12))
        self.text.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.look = QPushButton(icon("text-box-search-outline"), tr("Look at the report"))
        self.save = QPushButton(icon("content-save-outline"), tr("Save…"))
        self.copy = QPushButton(icon("content-copy"), tr("Copy"))
        self.leave = QPushButton(tr("Go on") if happened else tr("Close"))
        self.leave.clicked.connect(self.reject)
        self.leave.setProperty("primary", bool(happened))
        self.look.clicked.connect(self.ask)
        self.save.clicked.connect(lambda: save(self.text.toPlainText()))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self._build()
        self._opened(False)
        if not happened:
            self.ask()

    def _build(self) -> None:
        bottom = QHBoxLayout()
        for button in (self.look, self.save, self.copy):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        bottom.addStretch(1)
        bottom.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.happened)
        column.addWidget(self.about)
        column.addWidget(self.text, 100)
        column.addStretch(1)
        column.addLayout(bottom)
        for one in (self.happened, self.about):
            one.setMinimumWidth(WIDTH - 40)  # what wraps tells its height for the width it has
        self.leave.setDefault(True)
        self.leave.setFocus()  # whoever presses Enter or Space without reading goes on

    def _opened(self, on: bool) -> None:
        self.text.setVisible(on)
        self.save.setVisible(on)
        self.copy.setVisible(on)
        self.look.setVisible(not on)
        self.resize(WIDTH, 540 if on else self.minimumSizeHint().height())
        window = self.parentWidget()
        if on and window is not None:  # it has grown downwards
            self.move(window.frameGeometry().center() - self.rect().center())

    def ask(self) -> None:
        """Have the report made and shown."""
        self._opened(True)
        self.save.setEnabled(False)
        self.copy.setEnabled(False)
        self.text.setPlainText(tr("The report is being made…"))
        self.text.setFocus()
        self._make()

    def show_report(self, report: str) -> None:
        """Show the report."""
        self.text.setPlainText(report)
        self.save.setEnabled(True)
        self.copy.setEnabled(True)

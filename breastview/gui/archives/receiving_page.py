"""The settings' page of the listener: whether studies may be sent here, by whom, and where they lie."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.archives.archive_form import SELDOM
from breastview.gui.archives.record_form import RecordForm
from breastview.gui.panel.parts import label, put, scrolled, section
from breastview.language import mark, tr
from breastview.pacs.configuration import Archives, ListenerSettings, listener_problems

TITLE = mark("Receiving")
_SELDOM = frozenset(SELDOM) - {"calling"}
_FILES = ("ca_file", "certificate", "key")


class ReceivingPage(QFrame):
    """Edits a copy of the listener's choices.

    Attributes
    ----------
    changed : Signal()
        Something was changed.
    """

    changed = Signal()

    def __init__(self, archives: Archives) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._archives = archives
        self.form: RecordForm[ListenerSettings] = RecordForm(archives.listener)
        self.more = QCheckBox(tr("Show what is seldom needed"))
        self.folder = QLineEdit(archives.folder)
        self.says = label("")
        self._build()
        self.form.changed.connect(self._follow)
        self.more.toggled.connect(lambda _on: self._follow())
        self.folder.textChanged.connect(lambda _text: self.changed.emit())
        self._follow()

    def _build(self) -> None:
        inner = QWidget()
        inner.setObjectName("panel")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        what = tr(
            "Modalities and archives can send studies here; they appear in the worklist by themselves. "
            "Off unless you turn it on; at first only programs on this computer can reach it."
        )
        column.addWidget(label(what, "muted"))
        column.addWidget(self.form)
        column.addWidget(self.more)
        column.addWidget(self.says)
        column.addSpacing(8)
        column.addWidget(section(tr("Folder of studies")))
        column.addLayout(self._folder_line())
        where = tr("Studies that were retrieved or received lie here, one folder each. Empty: {folder}")
        column.addWidget(label(where.format(folder=Archives().studies()), "muted"))
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))

    def _folder_line(self) -> QHBoxLayout:
        self.folder.setAccessibleName(tr("Folder of studies"))
        choose = QPushButton(tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(choose)
        return line

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder of studies"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _follow(self) -> None:
        """Show the fields that matter as things stand, and what keeps the listener from starting."""
        listener, form = self.form.record(), self.form
        for name in form.rows:
            if name != "enabled":
                form.show_row(name, listener.enabled and (name not in _SELDOM or self.more.isChecked()))
        form.show_part("tls", listener.enabled)
        for name in _FILES:
            form.parts["tls"].show_row(name, listener.tls.enabled)
        self.more.setVisible(listener.enabled)
        troubles = listener_problems(listener) if listener.enabled else ()
        put(self.says, " ".join(troubles), "warning")
        self.says.setVisible(bool(troubles))
        self.changed.emit()

    def archives(self, others: Archives) -> Archives:
        """Return archives with what was chosen here."""
        return replace(others, listener=self.form.record(), folder=self.folder.text().strip())

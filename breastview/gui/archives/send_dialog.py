"""What is to be sent, and to which archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QWidget,
)

from breastview.gui.dialogs.form import form, lay_out
from breastview.gui.icons import icon
from breastview.gui.panel.parts import column, label, put
from breastview.language import tr, trn


@dataclass(frozen=True)
class Order:
    """What the reader wants to be sent.

    Attributes
    ----------
    archive : str
        Its name.
    everything : bool
        All assessed cases, else the shown one.
    kinds : tuple of str
        Of `breastview.session.outgoing.KINDS`.
    deidentified : bool
        Whether patients are sent under pseudonyms.
    """

    archive: str = ""
    everything: bool = False
    kinds: tuple[str, ...] = ("sr", "seg")
    deidentified: bool = False


class SendDialog(QDialog):
    """Asks what is to be sent; the sending is others' work.

    Attributes
    ----------
    wanted : Signal(Order)
        The reader has decided.
    settings_wanted : Signal()
        An archive should be added.

    Parameters
    ----------
    archives : sequence of str
        Names.
    kinds : mapping of str to str
        Kinds of objects with their titles in English.
    case : bool
        Whether a case is shown.
    assessed : int
        Cases that have a category.
    last : Order
        What was wanted the last time.
    """

    wanted = Signal(object)
    settings_wanted = Signal()

    def __init__(
        self,
        archives: Sequence[str],
        kinds: Mapping[str, str],
        case: bool,
        assessed: int,
        last: Order,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Send to archive"))
        self.setMinimumWidth(460)
        self.archive = QComboBox()
        self.archive.addItems(list(archives))
        self.archive.setCurrentIndex(max(0, self.archive.findText(last.archive)))
        self.this = QRadioButton(tr("This case"))
        self.all = QRadioButton(trn("{count} assessed case", "All {count} assessed cases", assessed))
        self.kinds = {kind: QCheckBox(tr(title)) for kind, title in kinds.items()}
        self.deidentified = QCheckBox(tr("De-identified: without names, numbers and dates"))
        self.says = label("")
        self.send = QPushButton(icon("send-outline"), tr("Send"))
        self._build()
        (self.all if assessed and (last.everything or not case) else self.this).setChecked(True)
        self.this.setEnabled(case)
        self.all.setEnabled(assessed > 0)
        for kind, box in self.kinds.items():
            box.setChecked(kind in last.kinds)
        self.deidentified.setChecked(last.deidentified)
        self._follow()

    def _build(self) -> None:
        self.archive.setAccessibleName(tr("Archive"))
        self.send.setProperty("primary", "true")
        self.send.setDefault(True)
        self.send.clicked.connect(lambda _on=False: self._decide())
        self.deidentified.setToolTip(
            tr("Names, numbers, dates and texts are replaced; a picture with text burned in is refused.")
        )
        close, add = QPushButton(tr("Close")), QPushButton(tr("Add an archive…"))
        close.clicked.connect(self.reject)
        add.clicked.connect(self._add)
        add.setVisible(not self.archive.count())
        fields = form(spacing=10)
        fields.addRow(tr("Archive"), self.archive)
        fields.addRow(tr("Cases"), column((self.this, self.all)))
        fields.addRow(tr("What"), column(self.kinds.values()))
        fields.addRow("", self.deidentified)
        for box in (self.this, self.all, *self.kinds.values()):
            box.toggled.connect(lambda _on: self._follow())
        bottom = QHBoxLayout()
        bottom.addWidget(add)
        bottom.addStretch(1)
        for button in (self.send, close):
            bottom.addWidget(button)
        lay_out(self, fields, self.says, bottom)

    def order(self) -> Order:
        """Return what is chosen."""
        kinds = tuple(kind for kind, box in self.kinds.items() if box.isChecked())
        return Order(self.archive.currentText(), self.all.isChecked(), kinds, self.deidentified.isChecked())

    def _decide(self) -> None:
        self.wanted.emit(self.order())
        self.accept()

    def _add(self) -> None:
        self.reject()
        self.settings_wanted.emit()

    def _follow(self) -> None:
        order = self.order()
        trouble = ""
        if not order.archive:
            trouble = tr("No archive is known yet. Add the hospital’s archive in the settings.")
        elif not order.kinds:
            trouble = tr("Choose what is to be sent.")
        put(self.says, trouble or tr("It leaves as soon as the archive answers, also after a restart."),
            "warning" if trouble else "muted")  # fmt: skip
        self.send.setEnabled(not trouble)

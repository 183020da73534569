"""What is to be written without saying whose it is, and what may stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QRadioButton,
    QWidget,
)

from breastview.deidentify.options import Options
from breastview.gui.controllers.exporting import Scope
from breastview.gui.dialogs.form import form, lay_out
from breastview.gui.panel.parts import column, label, put
from breastview.language import mark, tr

STAYS = {
    "keep_dates": (mark("Dates"), mark("Otherwise all dates of a patient move by one number of days.")),
    "keep_characteristics": (mark("Age, sex, size and weight"), ""),
    "keep_text": (
        mark("Descriptions and remarks"),
        mark("Known names, numbers and dates are taken out of them; others may remain."),
    ),
    "keep_uids": (mark("UIDs"), mark("Whoever has the originals can then tell which they are.")),
}
PIXELS = {
    "blank_text": (mark("Blank lines of text that are found"), ""),
    "blank_outside": (
        mark("Blank everything outside the ultrasound regions"),
        mark("Where the file says where its regions lie."),
    ),
    "accept_text": (
        mark("Text in the pixels may stay: I have looked"),
        mark("Otherwise a picture with text in it is kept back."),
    ),
}


@dataclass(frozen=True)
class Parting:
    """What the reader wants written without names.

    Attributes
    ----------
    scope : Scope
    kinds : tuple of str
        Of `breastview.session.outgoing.kinds`.
    options : Options
    """

    scope: Scope = Scope.IMAGE
    kinds: tuple[str, ...] = ("dicom", "sr", "seg")
    options: Options = field(default_factory=Options)


class DeidentifyDialog(QDialog):
    """Asks; the writing is others' work.

    Attributes
    ----------
    wanted : Signal(Parting)
        The reader has decided.

    Parameters
    ----------
    counts : mapping of Scope to int
        How many images each scope holds.
    titles : mapping of str to str
        Kinds of outputs with their titles in English.
    last : Parting
        What was wanted the last time.
    """

    wanted = Signal(object)

    def __init__(
        self, counts: Mapping[Scope, int], titles: Mapping[str, str], last: Parting,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(tr("Export de-identified"))
        self.setMinimumWidth(520)
        self.scopes = {
            scope: QRadioButton(f"{tr(scope)} ({count})" if scope is not Scope.IMAGE else tr(scope))
            for scope, count in counts.items()
        }
        self.kinds = {kind: _box(title, "", kind in last.kinds) for kind, title in titles.items()}
        self.options = {
            name: _box(*words, getattr(last.options, name)) for name, words in (STAYS | PIXELS).items()
        }
        self.says = label("")
        self.choose = QPushButton(tr("Choose folder…"))
        for scope, button in self.scopes.items():
            button.setEnabled(bool(counts[scope]))
        first = last.scope if counts.get(last.scope) else next((s for s, n in counts.items() if n), None)
        if first is not None:
            self.scopes[first].setChecked(True)
        self._build()
        self._follow()

    def _build(self) -> None:
        self.choose.setProperty("primary", "true")
        self.choose.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(self.choose, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._decide)
        buttons.rejected.connect(self.reject)
        fields = form(spacing=12)
        fields.addRow(tr("Images"), column(self.scopes.values()))
        fields.addRow(tr("What"), column(self.kinds.values()))
        fields.addRow(tr("What may stay"), column(self.options[name] for name in STAYS))
        fields.addRow(tr("Pixels"), column(self.options[name] for name in PIXELS))
        for box in self.kinds.values():
            box.toggled.connect(lambda _on: self._follow())
        lay_out(self, fields, self.says, buttons)

    def parting(self) -> Parting:
        """Return what is chosen."""
        scope = next((scope for scope, button in self.scopes.items() if button.isChecked()), Scope.IMAGE)
        kinds = tuple(kind for kind, box in self.kinds.items() if box.isChecked())
        on: dict[str, Any] = {name: box.isChecked() for name, box in self.options.items()}
        return Parting(scope, kinds, replace(Options(), **on))

    def _decide(self) -> None:
        self.wanted.emit(self.parting())
        self.accept()

    def _follow(self) -> None:
        chosen = bool(self.parting().kinds)
        text = tr("Names, numbers and dates are replaced, always alike; a list says what was done.")
        missing = tr("Choose what is to be written.")
        put(self.says, text if chosen else missing, "muted" if chosen else "warning")
        self.choose.setEnabled(chosen)


def _box(title: str, tip: str, on: bool) -> QCheckBox:
    box = QCheckBox(tr(title))
    box.setToolTip(tr(tip) if tip else "")
    box.setChecked(on)
    return box

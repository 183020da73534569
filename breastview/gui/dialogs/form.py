"""A dialog of one form: its fields, a sentence on what is chosen, and the buttons below."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QFormLayout, QLabel, QLayout, QVBoxLayout, QWidget


def form(spacing: int) -> QFormLayout:
    """Return an empty form, its lines so many px apart."""
    made = QFormLayout()
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(spacing)
    return made


def lay_out(dialog: QDialog, fields: QFormLayout, says: QLabel, buttons: QWidget | QLayout) -> None:
    """Put the parts into a dialog, the buttons at its lower edge."""
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(16, 14, 16, 14)
    whole.setSpacing(12)
    whole.addLayout(fields)
    whole.addWidget(says)
    whole.addStretch(1)
    if isinstance(buttons, QLayout):
        whole.addLayout(buttons)
    else:
        whole.addWidget(buttons)

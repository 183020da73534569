"""A form for a record of choices, made from what the record says of its fields; a record inside is a part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.dialogs.setting_editors import Editor, editor
from breastview.gui.icons import icon
from breastview.gui.panel.parts import label
from breastview.language import tr

Record = TypeVar("Record")
TITLES = 150
"""Least width of the titles in px: those of a part stand below the others."""


class RecordForm(QWidget, Generic[Record]):
    """Edits a copy of a frozen dataclass.

    Attributes
    ----------
    changed : Signal()
        Something was changed.

    Parameters
    ----------
    record : dataclass
        As it is.
    without : tuple of str
        Fields that are not shown and stay as they are.
    """

    changed = Signal()

    def __init__(self, record: Record, without: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._record = record
        self.editors: dict[str, Editor] = {}
        self.parts: dict[str, RecordForm[Any]] = {}
        self.rows: dict[str, tuple[QWidget, QWidget]] = {}
        self.form = QFormLayout(self)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(8)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for item in fields(record):  # type: ignore[arg-type]
            if item.name not in without:
                self._add(item, getattr(record, item.name))

    def _add(self, item: Field[Any], value: Any) -> None:
        if is_dataclass(value):
            part: RecordForm[Any] = RecordForm(value)
            part.changed.connect(self.changed)
            self.parts[item.name] = part
            self.form.addRow(part)
            return
        made = _editor(item, value, self.changed.emit)
        title, tip = tr(item.metadata["title"]), tr(item.metadata.get("tip", ""))
        made.widget.setAccessibleName(title)
        made.widget.setAccessibleDescription(tip)
        name, field = QLabel(title), _with_help(made, item, tip)
        name.setBuddy(made.widget)
        name.setMinimumWidth(TITLES)
        self.editors[item.name] = made
        self.rows[item.name] = name, field
        self.form.addRow(name, field)

    def insert_after(self, name: str, title: QLabel, widget: QWidget) -> None:
        """Put a field that is no part of the record below one that is."""
        form, field = self.form, self.rows[name][1]
        role = QFormLayout.ItemRole.FieldRole
        items = ((row, form.itemAt(row, role)) for row in range(form.rowCount()))
        form.insertRow(next(row for row, item in items if item and item.widget() is field) + 1, title, widget)

    def show_row(self, name: str, on: bool) -> None:
        """Show or hide a field."""
        if name in self.rows:
            self.form.setRowVisible(self.rows[name][1], on)

    def show_part(self, name: str, on: bool) -> None:
        """Show or hide a record inside."""
        if name in self.parts:
            self.form.setRowVisible(self.parts[name], on)

    def record(self) -> Record:
        """Return the record as it stands in the form."""
        values = {name: one.read() for name, one in self.editors.items()}
        parts = {name: part.record() for name, part in self.parts.items()}
        made: Record = replace(self._record, **values, **parts)  # type: ignore[type-var]
        return made


def _editor(item: Field[Any], value: Any, changed: Callable[[], object]) -> Editor:
    if isinstance(value, tuple):
        line = QLineEdit(", ".join(value))
        line.textChanged.connect(lambda _text: changed())
        return Editor(line, lambda: tuple(line.text().replace(",", " ").split()), line.setText)
    return editor(item, value, changed)


def _with_help(made: Editor, item: Field[Any], tip: str) -> QWidget:
    """Return an editor with its button to choose a file or a folder, and what it means below."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    line = QHBoxLayout()
    line.addWidget(made.widget)
    for kind in ("file", "folder"):
        if item.metadata.get(kind):
            line.addWidget(_chooser(made, tr(item.metadata["title"]), kind == "folder"))
    column.addLayout(line)
    if tip:
        column.addWidget(label(tip, "muted"))
    return holder


def _chooser(made: Editor, title: str, folder: bool) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon("folder-open-outline"))
    button.setToolTip(tr("Choose…"))
    button.setAccessibleName(tr("Choose: {what}").format(what=title))

    def choose() -> None:
        if folder:
            name = QFileDialog.getExistingDirectory(button, title, made.read())
        else:
            name = QFileDialog.getOpenFileName(button, title, made.read())[0]
        if name:
            made.show(name)

    button.clicked.connect(choose)
    return button

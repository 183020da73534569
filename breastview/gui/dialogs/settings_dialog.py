"""The settings dialog, made from what `settings.py` says of each field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.dialogs.shortcut_editor import ShortcutEditor
from breastview.settings import Settings

Choices = tuple[tuple[str, str], ...]
Editor = tuple[QWidget, Callable[[], Any]]


def choices(kind: object) -> Choices:
    """Return (key, text) of a setting's choices: those listed with it, or those there are of a kind."""
    if isinstance(kind, tuple):
        return kind
    from breastview.imaging import colour_maps

    if kind == "colour_maps":
        return tuple((name, name.capitalize()) for name in colour_maps.names())
    if kind == "mask_colours":
        return tuple((name, name.capitalize()) for name in colour_maps.MASK_COLOURS)
    return (("", "Newest that fits"), *((name, name) for name in _bundles()))


def _bundles() -> tuple[str, ...]:
    from breastview import paths

    return tuple(sorted(folder.parent.name for folder in paths.models().glob("*/manifest.json")))


def _chooser(value: str, offered: Choices) -> Editor:
    combo = QComboBox()
    for key, text in offered if value in dict(offered) else (*offered, (value, value)):
        combo.addItem(text, key)
    combo.setCurrentIndex(combo.findData(value))
    return combo, combo.currentData


def _number(value: float, meta: Any) -> Editor:
    box: QSpinBox | QDoubleSpinBox
    if isinstance(value, int):
        box = QSpinBox()
        box.setRange(int(meta["low"]), int(meta["high"]))
        box.setValue(value)
    else:
        box = QDoubleSpinBox()
        box.setRange(meta["low"], meta["high"])
        box.setSingleStep(meta.get("step", 0.1))
        box.setDecimals(2 if meta.get("step", 0.1) < 0.1 else 1)
        box.setValue(value)
    if unit := meta.get("unit"):
        box.setSuffix(f" {unit}")
    return box, box.value


def editor(item: Field[Any], value: Any) -> Editor:
    """Return the widget that edits a setting, and how its value is read."""
    meta = item.metadata
    if "choices" in meta:
        return _chooser(value, choices(meta["choices"]))
    if isinstance(value, bool):
        check = QCheckBox()
        check.setChecked(value)
        return check, check.isChecked
    if isinstance(value, int | float):
        return _number(value, meta)
    line = QLineEdit(value)
    return line, line.text


class SettingsDialog(QDialog):
    """Edits a copy of the settings; `result_settings` is what the reader chose."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setMinimumSize(560, 460)
        self._settings = settings
        self._read: dict[str, Callable[[], Any]] = {}
        self.editors: dict[str, QWidget] = {}
        self.tabs = QTabWidget()
        pages: dict[str, QFormLayout] = {}
        for item in fields(Settings):
            if "group" in item.metadata:
                self._add(item, pages)
        self.shortcuts = ShortcutEditor(settings.shortcuts)
        self.tabs.addTab(self.shortcuts, "Keys")
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        for button in buttons.buttons():
            button.setIcon(QIcon())  # some desktops put pictures of their own there
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).clicked.connect(self.restore_defaults)
        whole = QVBoxLayout(self)
        whole.addWidget(self.tabs)
        whole.addWidget(buttons)

    def _add(self, item: Field[Any], pages: dict[str, QFormLayout]) -> None:
        group = item.metadata["group"]
        if group not in pages:
            page = QWidget()
            pages[group] = form = QFormLayout(page)
            form.setContentsMargins(20, 18, 20, 18)
            form.setVerticalSpacing(10)
            form.setHorizontalSpacing(20)
            self.tabs.addTab(page, group)
        widget, self._read[item.name] = editor(item, getattr(self._settings, item.name))
        widget.setToolTip(item.metadata["tip"])
        widget.setAccessibleName(item.metadata["title"])
        self.editors[item.name] = widget
        pages[group].addRow(item.metadata["title"], widget)

    def result_settings(self) -> Settings:
        """Return the settings as they stand in the dialog."""
        values = {name: read() for name, read in self._read.items()}
        return replace(self._settings, **values, shortcuts=self.shortcuts.changed())

    def restore_defaults(self) -> None:
        """Show the defaults; nothing is kept until OK."""
        plain = Settings()
        for item in fields(Settings):
            if item.name in self.editors:
                _show(self.editors[item.name], getattr(plain, item.name))
        self.shortcuts.restore_defaults()


def _show(widget: QWidget, value: Any) -> None:
    if isinstance(widget, QComboBox):
        widget.setCurrentIndex(widget.findData(value))
    elif isinstance(widget, QCheckBox):
        widget.setChecked(value)
    elif isinstance(widget, QSpinBox | QDoubleSpinBox):
        widget.setValue(value)
    elif isinstance(widget, QLineEdit):
        widget.setText(value)

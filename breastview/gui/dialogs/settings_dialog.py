"""The settings dialog, made from what `settings.py` says of each field; new settings appear by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import fuzzy
from breastview.gui.dialogs.setting_row import SettingRow
from breastview.gui.dialogs.shortcut_editor import ShortcutEditor
from breastview.gui.panel.parts import scrolled
from breastview.language import mark, tr
from breastview.settings import Settings

KEYS = mark("Keys")
SETTLE_MS = 300
"""How long the dialog waits for more before it tells of a change."""


def titled() -> list[Field[Any]]:
    """Return the settings that the dialog shows, in the order in which they are declared."""
    return [item for item in fields(Settings) if "group" in item.metadata]


class SettingsDialog(QDialog):
    """Edits a copy of the settings: groups on the left, a search above, help below each setting.

    Parameters
    ----------
    settings : Settings
    pages : mapping of str to QWidget, optional
        Pages of what is kept elsewhere, by their names in English.

    Attributes
    ----------
    changed : Signal(Settings)
        What is chosen now, a moment after it was; the window behind follows at once.
    """

    changed = Signal(object)

    def __init__(
        self, settings: Settings, parent: QWidget | None = None, pages: Mapping[str, QWidget] | None = None
    ) -> None:
        super().__init__(parent)
        self._others = dict(pages or {})
        self.setWindowTitle(tr("Settings"))
        self.setMinimumSize(760, 520)
        self._settings = settings
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SETTLE_MS)
        self._wait.timeout.connect(lambda: self.changed.emit(self.result_settings()))
        self.rows = {item.name: SettingRow(item, getattr(settings, item.name)) for item in titled()}
        for row in self.rows.values():
            row.changed.connect(self._wait.start)
        self.shortcuts = ShortcutEditor(settings.shortcuts)
        self.shortcuts.edited.connect(self._wait.start)
        self.search, self.groups, self.pages = QLineEdit(), QListWidget(), QStackedWidget()
        self._build()
        self.groups.setCurrentRow(0)

    @property
    def editors(self) -> dict[str, QWidget]:
        """The widget of each setting."""
        return {name: row.editor.widget for name, row in self.rows.items()}

    def _build(self) -> None:
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search the settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._show())
        self.groups.setAccessibleName(tr("Groups of settings"))
        for widget in (self.search, self.groups):
            widget.setFixedWidth(180)
        names = dict.fromkeys(item.metadata["group"] for item in titled())
        for name in (*names, *self._others, KEYS):
            self.groups.addItem(tr(name))
            self.groups.item(self.groups.count() - 1).setData(Qt.ItemDataRole.UserRole, name)
        self.groups.currentRowChanged.connect(lambda _row: self._chosen())
        self.pages.addWidget(self._page())
        for page in (self.shortcuts, *self._others.values()):
            self.pages.addWidget(page)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.groups, 1)
        across = QHBoxLayout()
        across.setSpacing(14)
        across.addLayout(left)
        across.addWidget(self.pages, 1)
        whole = QVBoxLayout(self)
        whole.addLayout(across, 1)
        whole.addWidget(self._buttons())

    def _page(self) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("panel")
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(14)
        for row in self.rows.values():
            column.addWidget(row)
        column.addStretch(1)
        self._area = scrolled(inner)
        return self._area

    def _buttons(self) -> QDialogButtonBox:
        standard = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(standard.Ok | standard.Cancel | standard.RestoreDefaults)
        for button in buttons.buttons():
            button.setIcon(QIcon())  # some desktops put pictures of their own there
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(standard.RestoreDefaults).clicked.connect(self.restore_defaults)
        return buttons

    def _chosen(self) -> None:
        self.search.clear()
        self._show()

    def _group(self) -> str:
        item = self.groups.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _show(self) -> None:
        """Show the rows of the chosen group, or of all groups those that the search finds."""
        typed, group = fuzzy.plain(self.search.text()).split(), self._group()
        alone = {KEYS: self.shortcuts, **self._others}
        page = None if typed else alone.get(group)
        self.pages.setCurrentWidget(page or self._area)
        for row in self.rows.values():
            row.setVisible(row.found_by(typed) if typed else row.group == group)

    def show_setting(self, name: str) -> None:
        """Bring a setting or a page up, and give a setting the keys."""
        if name in self._others:
            self.groups.setCurrentRow(next(n for n in range(self.groups.count()) if self._name(n) == name))
            return
        row = self.rows.get(name)
        if row is None:
            return
        self.groups.setCurrentRow(next(n for n in range(self.groups.count()) if self._name(n) == row.group))
        row.editor.widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(row))

    def _name(self, number: int) -> str:
        return str(self.groups.item(number).data(Qt.ItemDataRole.UserRole))

    def done(self, result: int) -> None:
        """Close; what has not been told of yet is the caller's to keep or to leave."""
        self._wait.stop()
        super().done(result)

    def result_settings(self) -> Settings:
        """Return the settings as they stand in the dialog."""
        values = {name: row.editor.read() for name, row in self.rows.items()}
        return replace(self._settings, **values, shortcuts=self.shortcuts.changed())

    def restore_defaults(self) -> None:
        """Show the defaults; nothing is kept until OK."""
        for row in self.rows.values():
            row.restore()
        self.shortcuts.restore_defaults()

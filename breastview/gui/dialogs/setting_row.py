"""One setting in the dialog: its name, its editor, what it means, and the way back to the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from breastview.gui import fuzzy
from breastview.gui.dialogs.setting_editors import editor
from breastview.gui.icons import icon
from breastview.language import tr

EDITOR_WIDTH = 230


class SettingRow(QWidget):
    """A line of the settings dialog.

    Attributes
    ----------
    changed : Signal()
        Another value was chosen.
    """

    changed = Signal()

    def __init__(self, item: Field[Any], value: Any) -> None:
        super().__init__()
        title, tip = tr(item.metadata["title"]), tr(item.metadata["tip"])
        self.group: str = item.metadata["group"]
        self._default = item.default
        self._words = fuzzy.plain(f"{title} {tip} {tr(self.group)}")
        self._reset = QToolButton()
        self.editor = editor(item, value, self._follow)
        self._build(title, tip)
        self._follow()

    def _build(self, title: str, tip: str) -> None:
        label, widget = QLabel(title), self.editor.widget
        label.setBuddy(widget)
        label.setWordWrap(True)
        widget.setToolTip(tip or title)
        widget.setAccessibleName(title)
        widget.setAccessibleDescription(tip)
        widget.setFixedWidth(EDITOR_WIDTH)
        self._reset.setIcon(icon("restore"))
        self._reset.setToolTip(tr("Back to the default"))
        self._reset.setAccessibleName(tr("{setting}: back to the default").format(setting=title))
        self._reset.clicked.connect(self.restore)
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(kept)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.addWidget(label, 0, 0)
        grid.addWidget(widget, 0, 1)
        grid.addWidget(self._reset, 0, 2)
        if tip:
            help_text = QLabel(tip)
            help_text.setProperty("role", "muted")
            help_text.setWordWrap(True)
            grid.addWidget(help_text, 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop)

    def found_by(self, typed: Sequence[str]) -> bool:
        """Return whether all the words typed are found in name, help or group."""
        return all(word in self._words for word in typed)

    def restore(self) -> None:
        """Show the default."""
        self.editor.show(self._default)

    def _follow(self) -> None:
        self._reset.setVisible(hasattr(self, "editor") and self.editor.read() != self._default)
        self.changed.emit()

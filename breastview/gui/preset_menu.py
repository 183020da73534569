"""The menu of window presets says what each digit chooses for the shown picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from breastview.language import said

DIGITS = range(1, 10)


class PresetMenu(QObject):
    """Names the presets when the menu opens; elsewhere the actions keep their own names.

    Parameters
    ----------
    menu : QMenu
    actions : dict of str to QAction
        By their identifiers.
    names : callable
        () -> the names of the presets there are, from digit 1 on.
    """

    def __init__(
        self, menu: QMenu, actions: dict[str, QAction], names: Callable[[], tuple[str, ...]]
    ) -> None:
        super().__init__(menu)
        self._actions = {number: actions[f"window.{number}"] for number in DIGITS}
        self._usual = {number: action.text() for number, action in self._actions.items()}
        self._names = names
        menu.aboutToShow.connect(self._say)
        menu.aboutToHide.connect(self._forget)

    def _say(self) -> None:
        names = self._names()
        for number, action in self._actions.items():
            there = number <= len(names)
            # An ampersand would underline a letter.
            action.setText(said(names[number - 1]).replace("&", "&&") if there else self._usual[number])
            action.setVisible(there or not names)

    def _forget(self) -> None:
        for number, action in self._actions.items():
            action.setText(self._usual[number])
            action.setVisible(True)

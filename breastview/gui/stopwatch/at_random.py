"""What a reader may do at a case, chosen at random from a seed: keys, menus, mouse, words, outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from breastview.gui.actions import ACTIONS, FILE, HELP
from breastview.gui.controllers.exporting import Scope
from breastview.gui.room import Room
from breastview.gui.worklist.listing import Filter, Sort

_T = TypeVar("_T")
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton,
            Qt.MouseButton.MiddleButton)  # fmt: skip
_MODIFIERS = (_NO_MODIFIER, _NO_MODIFIER, Qt.KeyboardModifier.ControlModifier,
              Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
_SIZES = ((1280, 800), (1600, 900), (1920, 1080), (1024, 700))
_OUTPUTS = ("json", "csv", "png", "pdf")
_CATEGORIES = ("", "1", "2", "3", "4A", "4B", "5")

MENU = tuple(
    action.id for action in ACTIONS if action.menu not in (FILE, HELP) and not action.text.endswith("…")
)
"""Every action but those that ask something in a dialog, open or write files, or end the program."""


class Hand:
    """Does one thing after another.

    Parameters
    ----------
    one : Room
    seed : int
        The same seed does the same things.
    folder : Path
        Where outputs go.
    """

    def __init__(self, one: Room, seed: int, folder: Path) -> None:
        self._one, self._chance, self._folder = one, np.random.default_rng(seed), folder
        self._doings: dict[str, tuple[float, Callable[[], str]]] = {
            "menu": (0.40, self._menu), "drag": (0.20, self._drag), "wheel": (0.12, self._wheel),
            "click": (0.05, self._click), "assess": (0.10, self._assess), "notes": (0.03, self._notes),
            "list": (0.04, self._list), "resize": (0.01, self._resize), "output": (0.02, self._output),
            "row": (0.03, self._row),
        }  # fmt: skip

    def anything(self) -> str:
        """Do one thing and return what it was."""
        names = list(self._doings)
        weights = np.array([self._doings[name][0] for name in names])
        name = names[int(self._chance.choice(len(names), p=weights / weights.sum()))]
        return f"{name} {self._doings[name][1]()}".strip()

    def how_often(self, most: int) -> int:
        """Return a number from 0 to `most`."""
        return int(self._chance.integers(most + 1))

    def _one_of(self, values: Sequence[_T]) -> _T:
        return values[int(self._chance.integers(len(values)))]

    def _menu(self) -> str:
        action = self._one.bar.actions[self._one_of(MENU)]
        if action.isEnabled():
            action.trigger()
        return action.objectName()

    def _canvas(self) -> QWidget | None:
        panes = self._one.window.panes
        there = [panes.pane(index).canvas for index in panes.here]
        seen = [canvas for canvas in there if canvas.isVisible() and canvas.width() > 20]
        return self._one_of(seen) if seen else None

    def _somewhere(self, canvas: QWidget) -> QPoint:
        x, y = self._chance.random(2)
        return QPoint(int(x * canvas.width()), int(y * canvas.height()))

    def _drag(self) -> str:
        canvas = self._canvas()
        if canvas is None:
            return ""
        button = self._one_of(_BUTTONS)
        modifier = self._one_of(_MODIFIERS)
        QTest.mousePress(canvas, button, modifier, self._somewhere(canvas))
        for _ in range(2 + self.how_often(6)):
            QTest.mouseMove(canvas, self._somewhere(canvas))
            QApplication.processEvents()
        QTest.mouseRelease(canvas, button, modifier, self._somewhere(canvas))
        return f"{button.name}, tool {self._one.desk.state.look.tool or 'none'}"

    def _click(self) -> str:
        canvas = self._canvas()
        if canvas is not None:
            click = QTest.mouseDClick if self._chance.random() < 0.3 else QTest.mouseClick
            click(canvas, Qt.MouseButton.LeftButton, _NO_MODIFIER, self._somewhere(canvas))
        return f"tool {self._one.desk.state.look.tool or 'none'}"

    def _wheel(self) -> str:
        canvas = self._canvas()
        if canvas is None:
            return ""
        modifier = self._one_of(_MODIFIERS)
        notch = QPoint(0, 120 if self._chance.random() < 0.5 else -120)
        at = QPointF(self._somewhere(canvas))
        for _ in range(1 + self.how_often(3)):
            event = QWheelEvent(
                at, canvas.mapToGlobal(at), QPoint(), notch, Qt.MouseButton.NoButton, modifier,
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(canvas, event)
            QApplication.processEvents()
        return modifier.name or ""

    def _assess(self) -> str:
        assessing = self._one.assessing
        if assessing.assessment is not None:
            category = self._one_of(_CATEGORIES)
            changed = replace(
                assessing.assessment, category=category, clock=1 + self.how_often(11), marked=category == "5"
            )
            assessing.edit(changed)
        return ""

    def _notes(self) -> str:
        self._one.bar.actions["assess.notes"].trigger()
        notes = self._one.window.panel.form.notes
        for letter in "oval, 12 mm":
            QTest.keyClicks(notes, letter)
            QApplication.processEvents()
        QTest.keyClick(notes, Qt.Key.Key_Escape)
        return ""

    def _list(self) -> str:
        """Filter, sort or search the list, and let all be listed again: the cases go on."""
        desk, kind = self._one.desk, int(self._chance.integers(3))
        if kind < 2:
            field, ways, usual = (("sort", Sort, Sort.ORDER), ("filter", Filter, Filter.ALL))[kind]
            wanted = self._one_of(tuple(ways))
            desk.change(**{field: wanted})
            QApplication.processEvents()
            desk.change(**{field: usual})
            return f"{field} {wanted.value}"
        for text in ("0", "01", "01 phantom", ""):
            desk.change(search=text)
            QApplication.processEvents()
        return "search"

    def _row(self) -> str:
        cases = self._one.model.cases
        if cases:
            self._one.stepping.row(self._one_of(cases))
        return ""

    def _resize(self) -> str:
        wide, high = self._one_of(_SIZES)
        self._one.window.resize(wide, high)
        return f"{wide} × {high}"

    def _output(self) -> str:
        name = self._one_of(_OUTPUTS)
        frames = self._one.exporting.frames(Scope.IMAGE)
        if frames and not self._one.exporting.busy:
            self._one.exporting.write(name, frames, self._folder / f"out.{name}")
        return name

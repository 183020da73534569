"""Reading before the AI: the button that commits and opens, and both opinions afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from breastview.gui.icons import icon
from breastview.gui.panel.parts import caption, clear, label
from breastview.gui.panel.signing import moment
from breastview.language import tr
from breastview.study.opinions import Opinions


class RevealBar(QWidget):
    """Shows how far a case that is read before the AI has come; hidden where that is not asked for.

    Attributes
    ----------
    wanted : Signal()
        The reader commits the category and wants to see the AI.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hint = label("", "muted")
        self.button = QPushButton(tr("Commit and show the AI"))
        self.button.setIcon(icon("eye-outline"))
        self.button.setProperty("primary", "true")
        self.button.setToolTip(tr("Keep this category as your opinion before the AI, then show it (Ctrl+R)"))
        self.button.clicked.connect(self.wanted)
        self._said: tuple[tuple[str, str], ...] = ()
        self._opinions = QWidget()
        self._grid = QGridLayout(self._opinions)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.hint)
        column.addWidget(self.button)
        column.addWidget(self._opinions)
        self.set_state(False, False, None)

    def set_state(self, hidden: bool, can_commit: bool, opinions: Opinions | None) -> None:
        """Show whether the AI is kept back, whether it can be opened, and what was thought when it was."""
        self.setVisible(hidden or opinions is not None)
        self.hint.setVisible(hidden)
        self.button.setVisible(hidden)
        self.button.setEnabled(can_commit)
        self.hint.setText(
            tr("The AI is hidden. Commit your category to see it.") if can_commit
            else tr("The AI is hidden until you have chosen a category and committed it.")
        )  # fmt: skip
        self._opinions.setVisible(opinions is not None)
        said = lines(opinions)
        if said == self._said:
            return
        self._said = said
        clear(self._grid)
        for row, (title, text) in enumerate(said):
            self._grid.addWidget(caption(title), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label(text), row, 1)


def lines(opinions: Opinions | None) -> tuple[tuple[str, str], ...]:
    """Return (when, what) of both opinions, with their times."""
    if opinions is None:
        return ()
    ai, after = opinions.ai, opinions.after
    return (
        (tr("Before AI"), _joined(opinions.before.category, opinions.before.reader, opinions.before.at)),
        (tr("AI"), tr("not read yet") if ai is None else _joined(ai.words, "", ai.at)),
        (
            tr("After AI"),
            tr("not changed") if after is None else _joined(after.category or "–", after.reader, after.at),
        ),
    )


def _joined(what: str, who: str, at: str) -> str:
    return " · ".join(part for part in (what, who, moment(at) if at else "") if part)

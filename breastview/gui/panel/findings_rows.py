"""The lines of the findings, one a lesion and one a suggested word: made once, shown anew each picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from breastview.gui.icons import icon
from breastview.gui.panel import wording
from breastview.gui.panel.parts import label, put
from breastview.gui.panes.calipers import lengths
from breastview.language import mark, tr
from breastview.study.descriptors import in_words
from breastview.study.kind import Kind
from breastview.study.segmentation import MaskSource

if TYPE_CHECKING:
    from breastview.imaging.descriptors import Suggestion
    from breastview.study.analysis import Finding

DRAWN_BY = {
    MaskSource.AI: mark("AI"), MaskSource.EDITED: mark("edited by reader"),
    MaskSource.READER: mark("drawn by reader"),
}  # fmt: skip
_TAGS = {MaskSource.AI: mark("AI"), MaskSource.EDITED: mark("edited"), MaskSource.READER: mark("reader")}


class LesionRow(QWidget):
    """A lesion's line: a click on its number chooses it, the bin deletes it.

    Attributes
    ----------
    chosen, deleted : Signal(int)
        Its number.
    """

    chosen = Signal(int)
    deleted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self.badge = QPushButton()
        self.badge.setCheckable(True)
        self.badge.setFixedWidth(30)
        self.badge.setObjectName("number")
        self.badge.clicked.connect(lambda: self.chosen.emit(self._number))
        self.numbers, self.tag = label(""), QLabel()
        self.bin = QToolButton()
        self.bin.setIcon(icon("delete-outline"))
        self.bin.setAutoRaise(True)
        self.bin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bin.clicked.connect(lambda: self.deleted.emit(self._number))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.numbers, 1)
        line.addWidget(self.tag, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.bin, 0, Qt.AlignmentFlag.AlignTop)

    def show_lesion(
        self, number: int, finding: Finding, kind: Kind | None, among: bool, chosen: bool, pending: bool
    ) -> None:
        """Show a lesion of a kind of picture: whether there are others, it is the chosen one, and its
        numbers are those of the mask before.
        """
        self._number = number
        self.badge.setText(str(number))
        self.badge.setToolTip(tr("Describe lesion {number}").format(number=number))
        self.badge.setChecked(chosen)
        self.badge.setVisible(among)
        # Depth and width have their meaning where the skin lies at the top.
        shape = wording.shape(finding) if kind in (None, Kind.ULTRASOUND) else ""
        further = ", ".join(filter(None, (wording.area(finding), shape)))
        put(self.numbers, f"{lengths(finding)}\n{further}", "muted" if pending else "")
        self.numbers.setToolTip(wording.size(finding))
        put(self.tag, tr(_TAGS[finding.source]), "muted" if finding.source == MaskSource.AI else "tag")
        self.tag.setToolTip(tr(DRAWN_BY[finding.source]))
        self.bin.setToolTip(tr("Delete lesion {number}; undo brings it back").format(number=number))
        self.bin.setAccessibleName(self.bin.toolTip())

    def offer_bin(self, on: bool) -> None:
        """Let the lesion be deleted, or not now."""
        self.bin.setEnabled(on)


class WordRow(QWidget):
    """A suggestion's line: name and the word to be taken; the rule is its tooltip.

    Attributes
    ----------
    wanted : Signal(object)
        The descriptor and its word, as a pair in a tuple.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pair = ("", "")
        self.name, self.take = label("", "muted"), QPushButton()
        self.take.setCheckable(True)
        self.take.setObjectName("word")
        self.take.clicked.connect(lambda: self.wanted.emit((self._pair,)))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.name, 1)
        line.addWidget(self.take)

    def show_word(self, one: Suggestion, taken: bool) -> None:
        """Show a suggestion, and whether the reader has given that word already."""
        self._pair = one.key, one.word
        ((title, word),) = in_words((self._pair,))
        explained = _explained(one)
        self.name.setText(title)
        self.name.setToolTip(explained)
        self.take.setText(word)
        self.take.setChecked(taken)
        self.take.setToolTip(explained)
        self.take.setAccessibleName(tr("Take {title}: {word}").format(title=title, word=word))
        self.take.setAccessibleDescription(explained)


def _explained(one: Suggestion) -> str:
    """Return what was measured, the rule, and where it comes from."""
    return tr("Suggestion: {measured}\n{rule}\nAfter: {source}").format(
        measured=one.measured, rule=tr(one.rule), source=tr(one.source)
    )

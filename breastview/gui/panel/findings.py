"""The lesions of the shown frame: tools to change them, their numbers, who drew them, words suggested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from breastview.gui.panel.findings_rows import DRAWN_BY, LesionRow, WordRow
from breastview.gui.panel.folding import Folding
from breastview.gui.panel.parts import caption, label, show_first
from breastview.gui.panes.slider import Slider
from breastview.imaging.descriptors import Suggestion
from breastview.language import mark, tr
from breastview.study.analysis import Finding, numbered
from breastview.study.descriptors import in_words
from breastview.study.kind import Kind
from breastview.study.segmentation import MaskSource
from breastview.study.shares import percent

_BASIS = mark("Suggestions from mask and pixels, not a reading")
_BASIS_AI = mark(
    "Suggestions from the AI’s mask and pixels, not a reading. "
    "Its outline is smooth: correct it before you trust shape and margin."
)

FEW = 8
"""Lesions that have a line at once; of a mask in hundreds of crumbs the others come when asked for."""

TOOLS = (
    ("lesion.brush", "lesion.eraser", "lesion.polygon", "lesion.fill"),
    ("lesion.smooth", "lesion.largest", "lesion.restore"),
)
"""Actions that have a button here, in groups."""


@dataclass(frozen=True)
class Shown:
    """What there is to show.

    Attributes
    ----------
    findings : tuple of Finding
    source : MaskSource
        Who drew the mask.
    chosen : int
        Number of the lesion whose suggestions are shown.
    suggestions : tuple of Suggestion
    taken : tuple of (str, str)
        Descriptors that the reader has given already.
    dice : float or None
        Agreement with the ground truth.
    covered : float or None
        Share of the tissue that the reader's mask covers.
    level, usual : float or None
        Threshold of the mask as it is (None: drawn by hand) and of the AI; `usual` None: there is no map.
    editable : bool
        Whether there is a picture whose mask may be changed.
    pending, describing : bool
        The numbers, the suggestions are those of the mask before: the new ones are being computed.
    kind : Kind or None
        Of the picture.
    """

    findings: tuple[Finding, ...] = ()
    source: MaskSource = MaskSource.AI
    chosen: int = 0
    suggestions: tuple[Suggestion, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()
    dice: float | None = None
    covered: float | None = None
    level: float | None = None
    usual: float | None = None
    editable: bool = False
    pending: bool = False
    describing: bool = False
    kind: Kind | None = None


class FindingsPanel(QWidget):
    """Shows lesions and offers to change them.

    Attributes
    ----------
    chosen, deleted : Signal(int)
        Number of a lesion that the reader chose, or wants away.
    level_wanted : Signal(float)
        A threshold of the AI's map, 0..1.
    wanted : Signal(object)
        Suggested descriptors that the reader takes, as pairs.
    """

    chosen = Signal(int)
    deleted = Signal(int)
    level_wanted = Signal(float)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.drawn_by = caption("")
        self.buttons: dict[str, QToolButton] = {}
        self.level = Slider(95)
        self.level_text = label("", "muted")
        self.empty = label("", "muted")
        self.dice = label("", "muted")
        self.covered = label("", "muted")
        self.basis = label("", "muted")
        self.take_all = QPushButton(tr("Take all suggestions"))
        self.more = QPushButton()
        self._tools, self._lesions, self._words = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._lesion_rows: list[LesionRow] = []
        self._word_rows: list[WordRow] = []
        self._room = FEW
        self._body = QWidget()
        self.suggested = Folding(tr("Suggestions"), self._body, opened=True)
        self._shown = Shown()
        self._rows_are: object = None
        self._words_are: object = None
        self._build()
        self.show_findings(Shown())

    def _build(self) -> None:
        self._tools.setSpacing(2)
        self.level.setMinimum(5)
        self.level.setAccessibleName(tr("Threshold of the AI’s probability map"))
        self.level.valueChanged.connect(lambda value: self.level_wanted.emit(value / 100))
        self._lesions.setSpacing(2)
        self._words.setSpacing(2)
        self.suggested.folded.connect(lambda _away: self._summarise())
        self.take_all.setToolTip(tr("Take them for the descriptors you have not given yet"))
        self.take_all.clicked.connect(
            lambda: self.wanted.emit(tuple((one.key, one.word) for one in self._shown.suggestions))
        )
        self.more.setToolTip(tr("Show the lines of more lesions"))
        self.more.clicked.connect(self._show_more)
        # A click changes a button's look, whatever comes of it: the next time it is shown anew.
        self.chosen.connect(self._forget)
        self.wanted.connect(self._forget)
        self.level_wanted.connect(self._forget)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        inner.addWidget(self.basis)
        inner.addLayout(self._words)
        inner.addWidget(self.take_all, 0, Qt.AlignmentFlag.AlignLeft)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(self._tools)
        whole.addWidget(self.level_text)
        whole.addWidget(self.level)
        whole.addWidget(self.empty)
        whole.addLayout(self._lesions)
        whole.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.covered, self.dice, self.suggested):
            whole.addWidget(widget)
        self.part = Folding(tr("Findings"), body, opened=True, beside=self.drawn_by, main=True)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.part)

    def add_tools(self, buttons: Sequence[Sequence[tuple[str, QToolButton]]]) -> None:
        """Take the buttons of `TOOLS`, made from the window's actions."""
        for number, group in enumerate(buttons):
            if number:
                self._tools.addSpacing(10)
            for name, button in group:
                button.setAutoRaise(True)
                button.setIconSize(QSize(18, 18))
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                self._tools.addWidget(button)
                self.buttons[name] = button
        self._tools.addStretch(1)

    def show_findings(self, shown: Shown) -> None:
        """Show lesions with their numbers; the same again, as several times a picture, is no work."""
        if shown == self._shown and self._rows_are is not None:
            return
        self._shown = shown
        self.drawn_by.setText(tr(DRAWN_BY[shown.source]) if shown.editable and shown.findings else "")
        self._show_level(shown)
        self.basis.setText(tr(_BASIS_AI if shown.source is MaskSource.AI else _BASIS))
        self.empty.setVisible(not shown.findings)
        self.empty.setText(_nothing(shown))
        self._show_rows()
        covered = tr("{share} of the tissue’s area").format(share=percent(shown.covered or 0))
        self.covered.setText(covered if shown.covered is not None else "")
        self.covered.setVisible(shown.covered is not None)
        agrees = shown.dice is not None
        agreement = tr("Dice {dice:.2f} against the ground truth")
        self.dice.setText(agreement.format(dice=shown.dice) if agrees else "")
        self.dice.setVisible(agrees)
        self._show_words()

    def _forget(self) -> None:
        self._rows_are = self._words_are = None

    def _show_rows(self) -> None:
        """Show the lesions' lines, if they are to change: this is called several times a picture."""
        shown = self._shown
        rows = shown.findings, shown.chosen, shown.pending, shown.editable, shown.kind, self._room
        if rows == self._rows_are:
            return
        self._rows_are = rows
        lesions, many = numbered(shown.findings), len(shown.findings) > 1
        if len(lesions) <= FEW:
            self._room = FEW
        further = tuple(one for one in lesions[self._room :] if one[0] == shown.chosen)
        offered = (*lesions[: self._room], *further)
        for row, (number, finding) in zip(self._lines_of_lesions(len(offered)), offered, strict=True):
            chosen = many and number == shown.chosen
            row.show_lesion(number, finding, shown.kind, among=many, chosen=chosen, pending=shown.pending)
            row.offer_bin(shown.editable and not shown.pending)
        self.more.setVisible(len(offered) < len(lesions))
        self.more.setText(tr("{count} more lesions").format(count=len(lesions) - len(offered)))

    def _show_more(self) -> None:
        self._room += FEW
        self._show_rows()

    def _lines_of_lesions(self, count: int) -> list[LesionRow]:
        """Return so many lines that are shown; those that are there already are used again."""
        while len(self._lesion_rows) < count:
            row = LesionRow()
            row.chosen.connect(self.chosen)
            row.deleted.connect(self.deleted)
            self._lesion_rows.append(row)
            self._lesions.addWidget(row)
        return show_first(self._lesion_rows, count)

    def _show_level(self, shown: Shown) -> None:
        for widget in (self.level, self.level_text):
            widget.setVisible(shown.usual is not None)
        if shown.usual is None:
            return
        if shown.level is None:
            text = tr("Drawn by hand; AI default threshold {usual:.2f}").format(usual=shown.usual)
        else:
            text = tr("Threshold {level:.2f}, AI default {usual:.2f}").format(
                level=shown.level, usual=shown.usual
            )
        self.level_text.setText(text)
        self.level.setToolTip(text)
        if shown.level is not None:
            with QSignalBlocker(self.level):
                self.level.setValue(round(100 * shown.level))

    def _show_words(self) -> None:
        shown = self._shown
        self.suggested.setVisible(bool(shown.suggestions))
        words = shown.suggestions, shown.taken
        if words != self._words_are:
            self._words_are = words
            rows = self._lines_of_words(len(shown.suggestions))
            for row, one in zip(rows, shown.suggestions, strict=True):
                row.show_word(one, taken=(one.key, one.word) in shown.taken)
        self._body.setEnabled(not shown.describing)
        self._summarise()
        given = {key for key, _ in shown.taken}
        self.take_all.setEnabled(any(one.key not in given for one in shown.suggestions))

    def _lines_of_words(self, count: int) -> list[WordRow]:
        while len(self._word_rows) < count:
            row = WordRow()
            row.wanted.connect(self.wanted)
            self._word_rows.append(row)
            self._words.addWidget(row)
        return show_first(self._word_rows, count)

    def _summarise(self) -> None:
        """Let the heading say the words only while they are folded away."""
        pairs = tuple((one.key, one.word) for one in self._shown.suggestions)
        words = ", ".join(word for _, word in in_words(pairs))
        self.suggested.set_summary("" if self.suggested.opened else words)


def _nothing(shown: Shown) -> str:
    if not shown.editable:
        return tr("No picture.")
    if shown.pending:
        return tr("Measuring…")
    if shown.source == MaskSource.AI and shown.kind is Kind.HISTOLOGY:
        return tr("No area is outlined. Draw one with the brush (Q) or the polygon (U).")
    if shown.source == MaskSource.AI:
        return tr("No lesion is outlined. Draw one with the brush (Q) or the polygon (U).")
    return tr("You have taken every lesion away. Undo, or give the mask back to the AI.")

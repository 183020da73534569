"""The examination's part of the side panel: every view with its figure, each breast's highest, the sides."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from breastview.gui.panel.folding import Folding
from breastview.gui.panel.parts import caption, clear, label
from breastview.language import tr
from breastview.study.exam import Breast, Exam, Told, ViewScore, named_views

_INDENT = 14


class ExamPanel(QWidget):
    """Shows an examination; nothing where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.progress, self.mark = caption(""), caption("")
        self.rule, self.sides = label("", "muted"), label("")
        self.mark.setProperty("role", "warning")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._exam: Exam | None = None
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(self._grid)
        for widget in (self.sides, self.rule):
            column.addWidget(widget)
        self.part = Folding(tr("Examination"), body, opened=True, beside=self.progress, main=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.part)
        self.show_exam(None)

    def show_exam(self, exam: Exam | None) -> None:
        """Show what is known of an examination; None hides the part."""
        self.setVisible(exam is not None)
        if exam is None or exam == self._exam:
            return
        self._exam = exam
        clear(self._grid)
        self.progress.setText(exam.figure if exam.complete else exam.counted)
        self.progress.setToolTip(exam.summary)
        self.mark.setText(tr("Experimental"))
        self.mark.setVisible(exam.experimental)
        lines = [line for breast in exam.breasts for line in _lines(breast)]
        for row, (name, figure) in enumerate(lines):
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(figure, row, 1)
        self.rule.setText(exam.basis)
        self.rule.setVisible(bool(exam.basis))
        self.sides.setText(exam.asymmetry)
        self.sides.setVisible(bool(exam.asymmetry))
        self.part.set_summary(exam.summary)


def _lines(breast: Breast) -> Iterator[tuple[QLabel, QLabel]]:
    """Yield name and figure of a breast, then of each of its views."""
    top = breast.highest
    figure = tr("no score") if top is None else top.share
    yield QLabel(breast.title), _figure(figure, "muted" if top is None else "", bold=True)
    for name, view in named_views(breast):
        text = tr("no picture") if view is None else view.words
        yield _indented(name), _figure(text, _role(view), bold=view is not None and view is top)


def _role(view: ViewScore | None) -> str:
    if view is None or view.told is Told.WAITING:
        return "muted"
    return "" if view.told is Told.SCORED else "warning"


def _indented(name: str) -> QLabel:
    made = caption(name)
    made.setContentsMargins(_INDENT, 0, 0, 0)
    return made


def _figure(text: str, role: str, bold: bool = False) -> QLabel:
    made = label(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    if bold:
        made.setStyleSheet("font-weight: 600;")
    return made

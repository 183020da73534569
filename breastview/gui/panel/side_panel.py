"""The right side of the window: which case, what the AI says, what the reader says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from breastview.gui.panel.ai import AiPanel
from breastview.gui.panel.assessment import AssessmentForm
from breastview.gui.panel.exam import ExamPanel
from breastview.gui.panel.findings import FindingsPanel
from breastview.gui.panel.fitting import FittingScroll
from breastview.gui.panel.foreign import ForeignPanel
from breastview.gui.panel.kind import KindLine
from breastview.gui.panel.measurements import MeasurementsPanel
from breastview.gui.panel.out_of_sight import OutOfSight
from breastview.gui.panel.parts import label
from breastview.gui.panel.wording import breakable, picture
from breastview.gui.plain import plain
from breastview.gui.worklist.listing import called, names, study_title
from breastview.study.instance import Entry, Instance

FORM_SHARE = 0.62
"""Greatest part of the panel's height that the reader's form takes; beyond it the form scrolls."""


LOW = 780
"""Height in device-independent px below which the reader's form makes do with less."""


class SidePanel(QWidget):
    """Puts the parts of the panel one above the other; the AI's part scrolls, the form stays in reach.

    Attributes
    ----------
    fold_wanted : Signal(str, bool)
        Name of a part of `foldable` that the reader wants closed, or open.
    """

    fold_wanted = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.case, self.study, self.picture = label("", "case"), label("", "muted"), label("", "muted")
        self.kind = KindLine()
        self.ai, self.form = AiPanel(), AssessmentForm()
        self.exam = ExamPanel()
        self.findings, self.measurements = FindingsPanel(), MeasurementsPanel()
        self.foreign = ForeignPanel()
        self.foldable = {
            "ai": self.ai.part, "exam": self.exam.part, "findings": self.findings.part,
            "suggestions": self.findings.suggested, "measurements": self.measurements.part,
            "foreign": self.foreign.part,
        }  # fmt: skip
        for name, part in self.foldable.items():
            part.chosen.connect(lambda on, name=name: self.fold_wanted.emit(name, not on))
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(12, 10, 12, 8)
        upper.setSpacing(4)
        for widget in (self.case, self.study, self.picture, self.kind):
            upper.addWidget(widget)
        upper.addSpacing(6)
        upper.addWidget(self.ai)
        upper.addWidget(self.exam)
        upper.addWidget(self.findings)
        upper.addWidget(self.measurements)
        upper.addWidget(self.foreign)
        upper.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(top)
        top.setObjectName("panel")
        self.form.setContentsMargins(12, 10, 12, 12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        parts = (self.ai, self.exam, self.findings, self.measurements, self.foreign)
        self.beyond = OutOfSight(scroll, [one.part for one in parts])
        whole.addWidget(self.beyond)
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet("background: #2b3138;")
        whole.addWidget(line)
        self.form.setObjectName("panel")
        self._bottom = FittingScroll(self.form, FORM_SHARE)
        whole.addWidget(self._bottom)
        self.set_entry(None, 0)

    def set_folded(self, names: Sequence[str]) -> None:
        """Close these parts and open the others."""
        for name, part in self.foldable.items():
            if part.opened == (name in names):
                part.open(name not in names)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the form its share of the new height."""
        super().resizeEvent(event)
        self.form.set_low(self.height() < LOW)
        self._bottom.fit()

    def set_entry(self, entry: Entry | None, frame: int) -> None:
        """Show which case it is."""
        self.case.setText("" if entry is None else breakable(names(called(entry))[0]))
        self.case.setToolTip("" if entry is None else plain(entry.label))
        self.form.set_entry(entry)
        case = entry if isinstance(entry, Instance) else None
        self.study.setText("" if case is None else study_title(case))
        self.picture.setText("" if case is None else picture(case, frame))
        for widget in (self.study, self.picture):
            widget.setVisible(bool(widget.text()))

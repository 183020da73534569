"""The right side of the window: which case, what the AI says, what the reader says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from breastview.gui.panel.ai import AiPanel
from breastview.gui.panel.assessment import AssessmentForm
from breastview.gui.panel.parts import label
from breastview.gui.panel.wording import breakable, picture
from breastview.gui.worklist.listing import names, study_title
from breastview.study.instance import Entry, Instance


class SidePanel(QWidget):
    """Puts the parts of the panel one above the other; the AI's part scrolls, the form stays in reach."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.case, self.study, self.picture = label("", "case"), label("", "muted"), label("", "muted")
        self.ai, self.form = AiPanel(), AssessmentForm()
        top = QWidget()
        upper = QVBoxLayout(top)
        upper.setContentsMargins(12, 10, 12, 8)
        upper.setSpacing(4)
        for widget in (self.case, self.study, self.picture):
            upper.addWidget(widget)
        upper.addSpacing(6)
        upper.addWidget(self.ai)
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
        line = QFrame()
        line.setFixedHeight(1)
        line.setStyleSheet("background: #2b3138;")
        whole.addWidget(line)
        whole.addWidget(self.form)
        self.set_entry(None, 0)

    def set_entry(self, entry: Entry | None, frame: int) -> None:
        """Show which case it is."""
        self.case.setText("" if entry is None else breakable(names(entry.label)[0]))
        self.case.setToolTip("" if entry is None else entry.label)
        case = entry if isinstance(entry, Instance) else None
        self.study.setText("" if case is None else study_title(case))
        self.picture.setText("" if case is None else picture(case, frame))
        for widget in (self.study, self.picture):
            widget.setVisible(bool(widget.text()))

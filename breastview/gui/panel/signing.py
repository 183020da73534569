"""How far an assessment is and who signed it; a final one is locked until it is reopened."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import ElidedLabel
from breastview.language import tr
from breastview.study.reading import Assessment, ReadState


def moment(text: str) -> str:
    """Return an ISO time stamp as the clock on the wall shows it, with the day unless it is today."""
    try:
        there = datetime.fromisoformat(text).astimezone()
    except ValueError:
        return text
    today = datetime.now().astimezone().date()
    return f"{there:%H:%M}" if there.date() == today else f"{there:%Y-%m-%d %H:%M}"


def signed(assessment: Assessment) -> str:
    """Return "Final · Dr. A. Example · 11:20", empty where nothing was said yet."""
    names = {ReadState.PRELIMINARY: tr("Preliminary"), ReadState.FINAL: tr("Final")}
    if assessment.state not in names:
        return ""
    parts = (names[assessment.state], assessment.reader, moment(assessment.changed_at))
    return " · ".join(part for part in parts if part)


class Signing(QWidget):
    """The buttons "Mark" and "Final", and the line that says who signed (placed by the form).

    Attributes
    ----------
    marked, finished : Signal(bool)
        The reader marks the picture; declares the assessment final, or reopens it.
    """

    marked = Signal(bool)
    finished = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.mark, self.final = QPushButton(tr("Mark")), QPushButton(tr("Final"))
        self.line = ElidedLabel()
        self.mark.setCheckable(True)
        tip = tr("Mark this image, for a later look or for an export of all marked ones ({key})")
        self.mark.setToolTip(tip.format(key="M"))
        self.final.setCheckable(True)
        self.mark.clicked.connect(self.marked)
        self.final.clicked.connect(self.finished)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.mark, 1)
        row.addWidget(self.final, 1)
        row.setContentsMargins(0, 0, 0, 0)
        self.setLayout(row)

    def set_assessment(self, assessment: Assessment) -> None:
        """Show the state."""
        done = assessment.state is ReadState.FINAL
        self.mark.setChecked(assessment.marked)
        self.mark.setIcon(icon("bookmark" if assessment.marked else "bookmark-outline", theme.WARNING))
        self.final.setChecked(done)
        self.final.setText(tr("Reopen") if done else tr("Final"))
        self.final.setIcon(icon("lock" if done else "check-circle-outline", theme.GOOD))
        self.final.setToolTip(
            tr("Final and locked: reopen it to change it (Ctrl+D)") if done
            else tr("Final: the assessment is complete and locked (Ctrl+D)")
        )  # fmt: skip
        self.sign(assessment)

    def sign(self, assessment: Assessment) -> None:
        """Show who signed, and when."""
        self.line.setText(signed(assessment))
        self.line.setToolTip(self.line.text())

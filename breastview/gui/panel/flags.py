"""What weakens a reading, line by line; pointing at a line shows its place on the picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import clear, label
from breastview.language import said, tr
from breastview.study.analysis import Flag

_SIGN, _GAP = 16, 6


class FlagList(QWidget):
    """Shows flags.

    Attributes
    ----------
    pointed : Signal(tuple of (x, y, width, height))
        Boxes on the original of the flag under the pointer, in px; empty when it leaves.
    places_wanted : Signal(bool)
        Whether all places are to stay marked.
    places : QToolButton
        Their switch, for whoever lays the list out.
    """

    pointed = Signal(object)
    places_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Flag, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.places = QToolButton()
        self.places.setText(tr("Show where"))
        self.places.setToolTip(tr("Mark on the picture what the input gate found  (Shift+F)"))
        self.places.setCheckable(True)
        self.places.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.places.setIcon(icon("image-search-outline"))
        self.places.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.places.clicked.connect(self.places_wanted)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self._lines)
        self.show_flags(())

    def show_flags(self, flags: tuple[Flag, ...]) -> None:
        """Show flags, none: nothing; the same ones again, as several times a picture, is no work."""
        self.pointed.emit(())
        if flags == self._shown:
            return
        self._shown = flags
        clear(self._lines)
        for flag in flags:
            line = _Line(flag)
            line.pointed.connect(self.pointed)
            self._lines.addWidget(line)
        self.places.setVisible(any(flag.boxes for flag in flags))
        self.setVisible(bool(flags))

    def show_places(self, shown: bool) -> None:
        """Follow whether places stay marked."""
        self.places.setChecked(shown)


class _Line(QWidget):
    """A sign and a sentence."""

    pointed = Signal(object)

    def __init__(self, flag: Flag) -> None:
        super().__init__()
        self._flag = flag
        sign = QLabel()
        colour = theme.DANGER if flag.refuses else theme.WARNING
        sign.setPixmap(icon("alert" if flag.refuses else "alert-outline", colour).pixmap(_SIGN, _SIGN))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self._text = label(said(flag.text), "danger" if flag.refuses else "warning")
        row.addWidget(self._text, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the sentence is at this width: within a scrolled panel no layout says so."""
        super().resizeEvent(event)
        self._text.setMinimumHeight(self._text.heightForWidth(self.width() - _SIGN - _GAP))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Point at the flag's places."""
        super().enterEvent(event)
        self.pointed.emit(self._flag.boxes)

    def leaveEvent(self, event: QEvent) -> None:
        """Point nowhere."""
        super().leaveEvent(event)
        self.pointed.emit(())

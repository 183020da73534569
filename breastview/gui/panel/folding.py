"""A part of the panel that can be folded away; its heading then says what it holds."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.language import tr


class Folding(QWidget):
    """A heading that opens and closes what stands below it.

    Attributes
    ----------
    folded : Signal(bool)
        Whether it was closed; the panel needs another height.
    chosen : Signal(bool)
        The reader opened it, or closed it.

    Parameters
    ----------
    title : str
    body : QWidget
    opened : bool
        Whether the body is shown at first.
    beside : QWidget, optional
        Stands to the right of the heading and is never folded away.
    main : bool
        Whether the heading is one of the panel's main ones.
    """

    folded = Signal(bool)
    chosen = Signal(bool)

    def __init__(
        self,
        title: str,
        body: QWidget,
        opened: bool = False,
        beside: QWidget | None = None,
        main: bool = False,
    ) -> None:
        super().__init__()
        self._title, self._summary, self._main = title, "", main
        self.body = body
        self.heading = QToolButton()
        self.heading.setObjectName("folding")
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.heading.setStyleSheet(
            "QToolButton { text-align: left; padding: 3px 2px; background: transparent; border: 0; }"
            "QToolButton:focus { border: 1px solid #4cc2e0; border-radius: 3px; }"
            + (f"QToolButton {{ color: {theme.MUTED}; font-size: 11px; font-weight: 600; }}" if main else "")
        )
        self.heading.toggled.connect(self.open)
        self.heading.toggled.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.heading, 1)
        if beside is not None:
            row.addWidget(beside)
        column.addLayout(row)
        column.addWidget(body)
        self.open(opened)

    @property
    def title(self) -> str:
        """What it is called."""
        return self._title

    @property
    def opened(self) -> bool:
        """Whether the body is shown."""
        return not self.body.isHidden()

    def open(self, on: bool = True) -> None:
        """Show the body or fold it away."""
        self.heading.setIcon(icon("chevron-down" if on else "chevron-right"))
        self.heading.blockSignals(True)
        self.heading.setChecked(on)
        self.heading.blockSignals(False)
        self.body.setVisible(on)
        self._say()
        self.folded.emit(not on)

    def set_summary(self, text: str) -> None:
        """Take what the heading says beside the title."""
        self._summary = text
        self._say()

    def _say(self) -> None:
        said = f"{self._title}: {self._summary}" if self._summary else self._title
        self.heading.setText(self._title.upper() if self._main else said)
        self.heading.setToolTip(self._summary)
        self.heading.setAccessibleName(said)
        self.heading.setAccessibleDescription(tr("Folded away") if self.body.isHidden() else tr("Unfolded"))

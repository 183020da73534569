"""A part of the panel that is as high as it needs to be, up to its share; beyond that it scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class FittingScroll(QScrollArea):
    """Holds a widget and follows its height.

    Parameters
    ----------
    share : float
        Greatest part of the parent's height (0..1).
    """

    def __init__(self, content: QWidget, share: float) -> None:
        super().__init__()
        self._share = share
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        # What was just added has its height only once its own layout is done.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.fit)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content when it needs another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
            self._later.start(0)
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """Take the height the content needs, as far as the share allows."""
        content, parent = self.widget(), self.parentWidget()
        if content is None or parent is None:
            return
        wanted = content.heightForWidth(self.viewport().width()) if content.hasHeightForWidth() else -1
        wanted = wanted if wanted > 0 else content.sizeHint().height()
        height = max(60, min(wanted, int(parent.height() * self._share)))
        if height != self.height():
            self.setFixedHeight(height)

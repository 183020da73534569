"""A progress bar that is painted with everything else."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar


class QuietBar(QProgressBar):
    """Shows how far something is, when the window is painted next.

    Qt's own `setValue` has the bar painted at once, and with it all that waits to be painted in its window:
    panes, list and panel, in the midst of what is being told about a picture.
    """

    def show_part(self, done: int, total: int) -> None:
        """Show how much of the total is done; a total of 0: nobody knows."""
        self.setUpdatesEnabled(False)
        self.setRange(0, total)
        self.setValue(done)
        self.setUpdatesEnabled(True)

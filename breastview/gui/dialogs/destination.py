"""Where an output goes: a file, or a new folder for many; nothing that is there already is written over."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from breastview.language import tr


def free(path: Path) -> Path:
    """Return the path, numbered where something of that name is there ("report (2).pdf")."""
    if not path.exists():
        return path
    return next(
        numbered
        for number in count(2)
        if not (numbered := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists()
    )


def _documents() -> Path:
    """Return the user's folder of documents, the home where there is none."""
    found = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    return found if found.is_absolute() and found.is_dir() else Path.home()


class DestinationDialogs:
    """Asks in the system's file dialogs; begins where the last output went, or among the user's documents."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._folder = _documents()

    @property
    def _parent(self) -> QWidget:
        """The dialog that is open, so that the system's one comes above it, or else the window."""
        return QApplication.activeModalWidget() or self._window

    def file(self, title: str, suggestion: str, suffix: str) -> Path | None:
        """Ask for a file; a free name is suggested, and the system asks before another one is replaced."""
        name, _ = QFileDialog.getSaveFileName(
            self._parent, title, str(free(self._folder / suggestion)), f"{title} (*{suffix})"
        )
        if not name:
            return None
        chosen = Path(name) if Path(name).suffix.lower() == suffix else Path(name + suffix)
        self._folder = chosen.parent
        return chosen

    def folder(self, title: str, suggestion: str) -> Path | None:
        """Ask for a folder and return a new one inside it."""
        asked = tr("{title}: a folder named “{name}” is made in the one you choose").format(
            title=title, name=suggestion
        )
        name = QFileDialog.getExistingDirectory(self._parent, asked, str(self._folder))
        if not name:
            return None
        self._folder = Path(name)
        return free(self._folder / suggestion)

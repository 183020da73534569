"""File > Export: every output there is, of this image, the marked ones or all; made when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from breastview import registry
from breastview.gui.controllers.exporting import Scope
from breastview.gui.icons import icon
from breastview.language import tr

if TYPE_CHECKING:
    from breastview.exporters._protocol import Exporter

EXPORTERS = "breastview.exporters"
Export = Callable[[str, Scope], object]


def offered() -> Iterator[tuple[str, str]]:
    """Yield name and title of every output; new ones in the exporters' folder appear by themselves."""
    yield from ((one.name, one.title) for one in _outputs())


def _outputs() -> list[Exporter]:
    """Return files for people and programs first, then those for archives."""
    found = [registry.load(EXPORTERS, name).EXPORTER for name in registry.names(EXPORTERS)]
    return sorted(found, key=_for_archives)


def _for_archives(output: Exporter) -> bool:
    return output.suffix == ".dcm"


class ExportMenu:
    """Stands in the File menu before an action; exporters are imported when it is opened."""

    def __init__(self, menu: QMenu, before: QAction, export: Export, count: Callable[[Scope], int]) -> None:
        self._export, self._count = export, count
        self.menu = QMenu(tr("Export"), menu)
        self.menu.setIcon(icon("export-variant"))
        self.menu.aboutToShow.connect(self.fill)
        menu.insertMenu(before, self.menu)

    def fill(self) -> None:
        """Make the entries as far as they can be done now."""
        self.menu.clear()
        counts = {scope: self._count(scope) for scope in Scope}
        parted = False
        for output in _outputs():
            if _for_archives(output) and not parted:
                self.menu.addSeparator()
                parted = True
            name, below = output.name, self.menu.addMenu(tr(output.title))
            for scope, images in counts.items():
                number = "" if scope is Scope.IMAGE or not images else f" ({images})"
                action = below.addAction(f"{tr(scope)}{number}…")
                action.setEnabled(bool(images))
                action.triggered.connect(lambda _on=False, n=name, s=scope: self._export(n, s))

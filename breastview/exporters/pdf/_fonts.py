"""The bundled fonts, and how wide text is in them."""

from __future__ import annotations

import sys
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QTextLayout, QTextOption

from breastview import paths
from breastview.errors import ExportError
from breastview.exporters.pdf._items import Style

UNITS = 100
"""Drawing units in a mm: text is laid out in whole units, so that every device breaks lines alike."""

_SCRIPTS = ("", " Arabic", " Hebrew", " Thai", " Devanagari", " East Asian")
_FAMILIES = [f"BreastView Noto Sans{script}" for script in _SCRIPTS]
_application: QGuiApplication | None = None
_loaded = False


def ready() -> None:
    """Make Qt ready to draw text: an application without a display where there is none yet, and the fonts.

    Raises
    ------
    ExportError
        If the bundled fonts are missing.
    """
    global _application, _loaded
    if QGuiApplication.instance() is None:
        # Only one application object can live in a process: where widgets are loaded, they may need it later.
        widgets = sys.modules.get("PySide6.QtWidgets")
        kind = widgets.QApplication if widgets else QGuiApplication
        _application = kind(["breastview", "-platform", "offscreen"])
    if _loaded:
        return
    folder = paths.resources() / "fonts"
    for path in sorted(folder.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(path))
    if _FAMILIES[0] not in QFontDatabase.families():
        raise ExportError("the fonts of the reports are missing", folder, "Install BreastView again.")
    _loaded = True


@lru_cache(maxsize=64)
def font(style: Style) -> QFont:
    """Return the font of a style; its pixels are drawing units."""
    found = QFont()
    found.setFamilies(_FAMILIES)
    found.setPixelSize(round(style.points * 25.4 / 72 * UNITS))
    found.setBold(style.bold)
    # Hinted widths differ between screen and printer.
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return found


class QtMeasure:
    """Measures text for the layout (see `_items.Measure`)."""

    def width(self, text: str, style: Style) -> float:
        """Return the width of a line of text in mm."""
        return QFontMetricsF(font(style)).horizontalAdvance(text) / UNITS

    def elided(self, text: str, style: Style, width: float) -> str:
        """Return one line no wider than `width` mm."""
        metrics = QFontMetricsF(font(style))
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width * UNITS)

    def wrapped(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """Break text into lines no wider than `width` mm."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._lines(paragraph, style, width)
        return tuple(lines)

    @staticmethod
    def _lines(paragraph: str, style: Style, width: float) -> list[str]:
        layout = QTextLayout(paragraph, font(style))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        # Qt counts UTF-16 units, Python characters.
        coded = paragraph.encode("utf-16-le")
        lines = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width * UNITS)
            start, length = line.textStart(), line.textLength()
            lines.append(coded[2 * start : 2 * (start + length)].decode("utf-16-le").rstrip())
        layout.endLayout()
        return lines or [""]

"""Icons by name, tinted for the dark theme; made once each."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QIcon

from breastview.gui import theme


@cache
def icon(name: str, colour: str = theme.ICON) -> QIcon:
    """Return a Material Design icon ("folder-open-outline") in a colour."""
    import qtawesome  # a quarter of a second, paid when the first icon is drawn

    return qtawesome.icon(f"mdi6.{name}", color=colour, color_active=colour, color_disabled="#59626b")

"""Text from outside in tooltips: shown as it is, also where it looks like markup."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """Return a text so that a tooltip shows every letter of it.

    A tooltip takes what looks like HTML for HTML, and then loads the pictures that it names: a patient's name
    in a file, or an archive's answer, could make this machine ask another one for a picture.
    """
    if not Qt.mightBeRichText(text):
        return text
    return f"<span>{html.escape(text)}</span>".replace("\n", "<br>")

"""All keys on one printed page, made from the action table; `breastview keys` prints the same as text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QKeySequence

from breastview import RESEARCH_USE, __version__
from breastview.exporters import pdf
from breastview.exporters.pdf._card import Table
from breastview.gui.dialogs import cheat_sheet
from breastview.language import tr
from breastview.task import SilentTask

COLUMNS = (3, 4)
"""How many are tried."""


def tables(changed: dict[str, str], count: int) -> list[list[Table]]:
    """Return the keys in `count` columns, the user's own where there are some."""
    found = cheat_sheet.groups(changed, printed)
    return [
        [Table(tr(name), tuple(found[name])) for name in names] for names in cheat_sheet.columns(found, count)
    ]


def printed(key: str) -> str:
    """Return a key sequence in words: fonts on paper have no arrows."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def write(changed: dict[str, str], paper: str, path: Path) -> None:
    """Write the card as a PDF of one page.

    Parameters
    ----------
    changed : dict of str to str
        The user's own keys, as in the settings.
    paper : str
        ``"A4"`` or ``"Letter"``.
    path : Path
        The file; it takes its name only when it is whole.

    Raises
    ------
    ExportError
        If it could not be written.
    """
    foot = f"BreastView {__version__} · {tr('Keys can be changed in the settings.')} · {tr(RESEARCH_USE)}"
    ways = [tables(changed, count) for count in COLUMNS]
    document = pdf.card(f"BreastView: {tr('Keys')}", ways, foot, paper)
    pdf.save(document, path, SilentTask())


def text(changed: dict[str, str]) -> str:
    """Return the card as plain text, a key a line."""
    lines: list[str] = []
    for table in tables(changed, 1)[0]:
        width = max(len(keys) for keys, _ in table.lines)
        lines += [table.title, *(f"  {keys:<{width}}  {does}" for keys, does in table.lines), ""]
    return "\n".join(lines)

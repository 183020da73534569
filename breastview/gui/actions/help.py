"""Where to look things up."""

from __future__ import annotations

from breastview.gui.actions.action import HELP, Action
from breastview.language import mark

ACTIONS: tuple[Action, ...] = (
    Action("palette", HELP, "Find a command…", "console-line", ("Ctrl+K", "Ctrl+Shift+P"),
           "Find any command, setting or case by typing", lambda c: c.window.find_command(), bar=True),
    Action("help.keys", HELP, "Keys", "keyboard-outline", ("?",), "All keys on one page",
           lambda c: c.window.cheat_sheet(), bar=True),
    Action("help.card", HELP, mark("Print the keyboard card…"), "printer-outline", (),
           mark("Write all keys, with those you changed, as one page to print"),
           lambda c: c.window.key_card()),
    Action("audit", HELP, mark("Audit log…"), "clipboard-list-outline", (),
           mark("Who did what and when, without patients’ data"), lambda c: c.audit.show()),
    Action("help.report", HELP, mark("Report for support…"), "lifebuoy", (),
           mark("What somebody who helps must know of this installation, without patients’ data"),
           lambda c: c.support.show()),
    Action("help.about", HELP, "About BreastView", "information-outline", (),
           "Version, model and what this is not for", lambda c: c.window.about()),
)  # fmt: skip

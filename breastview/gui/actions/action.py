"""One row of the table of actions, the menus there are, and the usual conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breastview.gui.commands import Commands, Facts
from breastview.language import mark

Run = Callable[[Commands], object]
When = Callable[[Facts], bool]


def always(_facts: Facts) -> bool:
    """Whether anything can be done: it always can."""
    return True


def listed(facts: Facts) -> bool:
    """Whether the worklist has rows."""
    return facts.listed


def picture(facts: Facts) -> bool:
    """Whether a picture is shown."""
    return facts.picture


def analysis(facts: Facts) -> bool:
    """Whether the AI has read the shown picture."""
    return facts.analysis


@dataclass(frozen=True)
class Action:
    """One thing to do.

    Attributes
    ----------
    id : str
        Stable name; the user's own keys are kept under it.
    menu, text : str
        Where it stands and what it is called.
    icon : str
        Material Design icon, or empty.
    keys : tuple of str
        Key sequences; the first one is shown.
    tip : str
        What it does, in a sentence without a full stop.
    run, when : callable
        What it does, and whether it can be done.
    on : callable, optional
        Makes it a switch: whether it is on.
    bar : bool
        Whether it stands in the toolbar.
    now : callable, optional
        What it is called as things stand; `text` where it gives nothing.
    """

    id: str
    menu: str
    text: str
    icon: str
    keys: tuple[str, ...]
    tip: str
    run: Run
    when: When = always
    on: When | None = None
    bar: bool = False
    now: Callable[[Facts], str] | None = None


FILE, EDIT, GO, VIEW = mark("File"), mark("Edit"), mark("Go"), mark("View")
OVERLAYS, ASSESS, HELP = mark("Overlays"), mark("Assess"), mark("Help")
LAYOUT, CINE, MEASURE = mark("Layout"), mark("Cine"), mark("Measure")
LESIONS = mark("Lesions")
MENUS = (FILE, EDIT, GO, VIEW, LAYOUT, CINE, OVERLAYS, LESIONS, MEASURE, ASSESS, HELP)
PRESETS = mark("Window presets")
ORIENTATION, BUTTON, LEVELS = mark("Orientation"), mark("Left button"), mark("Grey levels")
KINDS = mark("Read this image as")
SUBMENUS = {KINDS: EDIT, ORIENTATION: VIEW, BUTTON: VIEW, LEVELS: VIEW, PRESETS: VIEW}
"""Menus inside a menu."""

"""Everything the reader can do, as data: menus, toolbar, keys and cheat sheet are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breastview.gui.commands import Commands, Facts
from breastview.gui.controllers.looking import STEP

Run = Callable[[Commands], object]
When = Callable[[Facts], bool]


def _always(_facts: Facts) -> bool:
    return True


def _listed(facts: Facts) -> bool:
    return facts.listed


def _picture(facts: Facts) -> bool:
    return facts.picture


def _analysis(facts: Facts) -> bool:
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
    """

    id: str
    menu: str
    text: str
    icon: str
    keys: tuple[str, ...]
    tip: str
    run: Run
    when: When = _always
    on: When | None = None
    bar: bool = False


FILE, GO, VIEW, OVERLAYS, ASSESS, HELP = "File", "Go", "View", "Overlays", "Assess", "Help"
MENUS = (FILE, GO, VIEW, OVERLAYS, ASSESS, HELP)


def _preset(number: int) -> Action:
    text = "Window of the file" if number == 0 else f"Window preset {number}"
    return Action(
        f"window.{number}",
        "Window presets",
        text,
        "",
        (str(number),),
        text,
        lambda c: c.look.preset(number),
        _picture,
    )


ACTIONS: tuple[Action, ...] = (
    Action("open.files", FILE, "Open files…", "file-image-outline", ("Ctrl+O",),
           "Open pictures, DICOM files, a DICOMDIR or a ZIP", lambda c: c.window.ask_files(), bar=True),
    Action("open.folder", FILE, "Open folder…", "folder-open-outline", ("Ctrl+Shift+O",),
           "Open a folder with everything in it", lambda c: c.window.ask_folder(), bar=True),
    Action("open.demo", FILE, "Open the demo", "play-box-outline", (),
           "Open the demo study that comes with BreastView", lambda c: c.files.demo()),
    Action("list.close", FILE, "Close all", "close", ("Ctrl+W",),
           "Empty the worklist; your assessments are kept", lambda c: c.files.close_all(), _listed),
    Action("export.pdf", FILE, "Export report…", "file-pdf-box", ("Ctrl+E",),
           "Write the report of this image as PDF", lambda c: c.export.ask("pdf"), _picture, bar=True),
    Action("export.marked", FILE, "Export marked images…", "bookmark-multiple-outline", ("Ctrl+Shift+E",),
           "Write one report of all marked images as PDF", lambda c: c.export.ask("pdf", marked=True),
           lambda facts: facts.any_marked),
    Action("report.preview", FILE, "Preview and print report…", "printer-outline", ("Ctrl+P",),
           "See the report of this image before it is printed", lambda c: c.export.preview(), _picture,
           bar=True),
    Action("image.key", FILE, "Save key image…", "camera-outline", ("K",),
           "Save the panes as they are shown, as PNG", lambda c: c.window.save_key_image(), _picture),
    Action("settings", FILE, "Settings…", "cog-outline", ("Ctrl+,",), "Device, overlays, report, keys",
           lambda c: c.window.settings_dialog()),
    Action("quit", FILE, "Quit", "exit-to-app", ("Ctrl+Q",), "Close BreastView; everything is kept",
           lambda c: c.window.close()),

    Action("image.previous", GO, "Previous image", "chevron-up", ("Up",),
           "Go to the previous image or frame (wheel)", lambda c: c.step.image(-1), _listed, bar=True),
    Action("image.next", GO, "Next image", "chevron-down", ("Down",), "Go to the next image or frame (wheel)",
           lambda c: c.step.image(1), _listed, bar=True),
    Action("image.back", GO, "Ten images back", "chevron-double-up", ("Shift+Up",), "Go ten images back",
           lambda c: c.step.image(-10), _listed),
    Action("image.forward", GO, "Ten images on", "chevron-double-down", ("Shift+Down",), "Go ten images on",
           lambda c: c.step.image(10), _listed),
    Action("image.first", GO, "First image", "page-first", ("Home",), "Go to the first image",
           lambda c: c.step.end(last=False), _listed),
    Action("image.last", GO, "Last image", "page-last", ("End",), "Go to the last image",
           lambda c: c.step.end(last=True), _listed),
    Action("case.previous", GO, "Previous case", "", ("Ctrl+Up",),
           "Go to the previous case, past the frames of a cine", lambda c: c.step.case(-1), _listed),
    Action("case.next", GO, "Next case", "", ("Ctrl+Down",), "Go to the next case, past the frames of a cine",
           lambda c: c.step.case(1), _listed),
    Action("series.previous", GO, "Previous series", "arrow-left", ("Left", "PgUp"),
           "Go to the previous series", lambda c: c.step.series(-1), _listed),
    Action("series.next", GO, "Next series", "arrow-right", ("Right", "PgDown"), "Go to the next series",
           lambda c: c.step.series(1), _listed),
    Action("study.previous", GO, "Previous study", "", ("Ctrl+Left",), "Go to the previous study",
           lambda c: c.step.study(-1), _listed),
    Action("study.next", GO, "Next study", "", ("Ctrl+Right",), "Go to the next study",
           lambda c: c.step.study(1), _listed),
    Action("unread.next", GO, "Next unread", "email-open-outline", ("N",),
           "Go to the next case nobody has looked at", lambda c: c.window.next_unread(), _listed, bar=True),
    Action("list.search", GO, "Search", "magnify", ("Ctrl+F",), "Search the worklist",
           lambda c: c.window.focus_search(), _listed),

    Action("look.invert", VIEW, "Invert", "invert-colors", ("Shift+I",), "Swap black and white",
           lambda c: c.look.toggle("invert"), _picture, lambda facts: facts.look.invert, bar=True),
    Action("look.smooth", VIEW, "Smooth pixels", "blur", (), "Interpolate enlarged pixels",
           lambda c: c.look.toggle("smooth"), _picture, lambda facts: facts.look.smooth),
    Action("zoom.in", VIEW, "Zoom in", "magnify-plus-outline", ("Ctrl+=", "Ctrl++"),
           "Enlarge (Ctrl+wheel, right drag)", lambda c: c.panes.zoom_in(), _picture),
    Action("zoom.out", VIEW, "Zoom out", "magnify-minus-outline", ("Ctrl+-",),
           "Make smaller (Ctrl+wheel, right drag)", lambda c: c.panes.zoom_out(), _picture),
    Action("zoom.fit", VIEW, "Fit", "fit-to-page-outline", ("=",), "Show the whole picture",
           lambda c: c.panes.fit(), _picture, bar=True),
    Action("zoom.actual", VIEW, "Pixel for pixel", "numeric-1-box-outline", ("Ctrl+Return",),
           "One pixel a screen pixel", lambda c: c.panes.actual_pixels(), _picture, bar=True),
    Action("layout.1", VIEW, "One pane", "square-outline", ("Ctrl+1",), "One picture with both overlays",
           lambda c: c.look.layout(1), on=lambda facts: facts.look.layout == 1),
    Action("layout.2", VIEW, "Two panes", "view-column-outline", ("Ctrl+2",),
           "The original beside both overlays", lambda c: c.look.layout(2),
           on=lambda facts: facts.look.layout == 2),
    Action("layout.3", VIEW, "Three panes", "view-week-outline", ("Ctrl+3",), "Original, mask and Grad-CAM",
           lambda c: c.look.layout(3), on=lambda facts: facts.look.layout == 3),
    Action("pane.next", VIEW, "Next pane", "tab", ("Tab",), "Make the next pane the active one",
           lambda c: c.panes.next_pane(), _picture),
    Action("pane.maximise", VIEW, "Maximise pane", "fullscreen", ("F11",),
           "Show the active pane alone (double click)", lambda c: c.panes.maximise(), _picture,
           lambda facts: facts.look.maximised is not None, bar=True),
    Action("look.annotation", VIEW, "Corner text", "text-short", ("I",),
           "Less corner text, none, then all again", lambda c: c.look.annotation()),
    Action("look.reset", VIEW, "Reset", "restore", ("Esc",),
           "Window, zoom and position as when the picture came up", lambda c: c.window.reset(), _picture,
           bar=True),
    Action("show.worklist", VIEW, "Worklist", "", ("F8",), "Show or hide the worklist",
           lambda c: c.window.toggle_worklist(), on=lambda facts: facts.worklist),
    Action("show.panel", VIEW, "Side panel", "", ("F9",), "Show or hide the side panel",
           lambda c: c.window.toggle_panel(), on=lambda facts: facts.panel),
    *(_preset(number) for number in range(10)),

    Action("overlay.mask", OVERLAYS, "Mask", "vector-polygon", ("O",), "Show or hide the lesion mask",
           lambda c: c.look.mask(), on=lambda facts: facts.look.mask_visible, bar=True),
    Action("overlay.heat", OVERLAYS, "Grad-CAM", "fire", ("G",), "Show or hide what drove the AI's answer",
           lambda c: c.look.heat(), on=lambda facts: facts.look.heat_visible, bar=True),
    Action("overlay.less", OVERLAYS, "Less opaque", "minus-circle-outline", ("[",),
           "Make the overlay switched last less opaque", lambda c: c.look.opacity(-STEP)),
    Action("overlay.more", OVERLAYS, "More opaque", "plus-circle-outline", ("]",),
           "Make the overlay switched last more opaque", lambda c: c.look.opacity(STEP)),
    Action("overlay.contour", OVERLAYS, "Contour", "", ("Shift+O",), "Show or hide the outline of the mask",
           lambda c: c.look.toggle("contour_visible"), on=lambda facts: facts.look.contour_visible),
    Action("overlay.calipers", OVERLAYS, "Calipers", "", ("Shift+C",),
           "Show or hide the lesion's two diameters", lambda c: c.look.toggle("calipers_visible"),
           on=lambda facts: facts.look.calipers_visible),
    Action("overlay.truth", OVERLAYS, "Ground truth", "", ("Shift+T",),
           "Show or hide the ground truth beside the file", lambda c: c.look.toggle("truth_visible"),
           lambda facts: facts.truth, lambda facts: facts.look.truth_visible),
    Action("heat.next", OVERLAYS, "Grad-CAM of the next class", "", ("Shift+G",),
           "Go through the classes and what drove the mask", lambda c: c.look.next_source(), _analysis),

    Action("assess.category", ASSESS, "Category", "clipboard-text-outline", ("F3",),
           "Choose the assessment category", lambda c: c.window.focus_category(), _picture),
    Action("assess.notes", ASSESS, "Notes", "pencil-outline", ("F2",), "Write notes; Esc leaves the field",
           lambda c: c.window.focus_notes(), _picture),
    Action("assess.mark", ASSESS, "Mark", "bookmark-outline", ("M",),
           "Mark this image, or take the mark away", lambda c: c.assess.mark(), _picture,
           lambda facts: facts.marked, bar=True),
    Action("assess.final", ASSESS, "Final", "check-circle-outline", ("Ctrl+D",),
           "Declare the assessment final", lambda c: c.assess.final(), _picture, lambda facts: facts.final),
    Action("undo", ASSESS, "Undo", "undo", ("Ctrl+Z",), "Take the last change of an assessment back",
           lambda c: c.assess.undo(), lambda facts: facts.can_undo),
    Action("redo", ASSESS, "Redo", "redo", ("Ctrl+Shift+Z",), "Make the change again",
           lambda c: c.assess.redo(), lambda facts: facts.can_redo),

    Action("help.keys", HELP, "Keys", "keyboard-outline", ("?",), "All keys on one page",
           lambda c: c.window.cheat_sheet(), bar=True),
    Action("help.about", HELP, "About BreastView", "information-outline", (),
           "Version, model and what this is not for", lambda c: c.window.about()),
)  # fmt: skip

MOUSE: tuple[tuple[str, str], ...] = (
    ("Left drag", "Window and level"),
    ("Middle drag", "Move the picture"),
    ("Right drag, Ctrl+wheel", "Zoom"),
    ("Wheel", "Previous or next image"),
    ("Double click", "Maximise the pane"),
)
"""What the mouse does on a picture, for the cheat sheet."""


def keys(action: Action, changed: dict[str, str]) -> tuple[str, ...]:
    """Return an action's key sequences, the user's own where there is one ("" takes the key away)."""
    own = changed.get(action.id)
    if own is None:
        return action.keys
    return (own,) if own else ()


def clashes(changed: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return key sequences that more than one action has, with the actions' names."""
    owners: dict[str, list[str]] = {}
    for action in ACTIONS:
        for key in keys(action, changed):
            owners.setdefault(key.casefold(), []).append(action.text)
    return {key: tuple(names) for key, names in owners.items() if len(names) > 1}

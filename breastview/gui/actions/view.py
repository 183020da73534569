"""How pictures are shown."""

from __future__ import annotations

from breastview.gui.actions.action import ORIENTATION, VIEW, Action, picture
from breastview.language import mark

ACTIONS: tuple[Action, ...] = (
    Action("look.invert", VIEW, "Invert", "invert-colors", ("Shift+I",), "Swap black and white",
           lambda c: c.look.toggle("invert"), picture, lambda facts: facts.look.invert, bar=True),
    Action("look.flip.across", ORIENTATION, "Flip left-right", "flip-horizontal", ("H",),
           "Swap left and right; the corner text says so", lambda c: c.look.flip(across=True), picture),
    Action("look.flip.down", ORIENTATION, "Flip top-bottom", "flip-vertical", ("V",),
           "Swap top and bottom; the corner text says so", lambda c: c.look.flip(across=False), picture),
    Action("look.turn.right", ORIENTATION, "Rotate right", "rotate-right", ("R",),
           "Turn by 90° clockwise", lambda c: c.look.turn(1), picture),
    Action("look.turn.left", ORIENTATION, "Rotate left", "rotate-left", ("Shift+R",),
           "Turn by 90° anticlockwise", lambda c: c.look.turn(-1), picture),
    Action("look.smooth", VIEW, "Smooth pixels", "blur", (), "Interpolate enlarged pixels",
           lambda c: c.look.toggle("smooth"), picture, lambda facts: facts.look.smooth),
    Action("zoom.in", VIEW, "Zoom in", "magnify-plus-outline", ("Ctrl+=", "Ctrl++"),
           "Enlarge (Ctrl+wheel, right drag)", lambda c: c.panes.zoom_in(), picture),
    Action("zoom.out", VIEW, "Zoom out", "magnify-minus-outline", ("Ctrl+-",),
           "Make smaller (Ctrl+wheel, right drag)", lambda c: c.panes.zoom_out(), picture),
    Action("zoom.fit", VIEW, "Fit", "fit-to-page-outline", ("=",), "Show the whole picture",
           lambda c: c.panes.fit(), picture, bar=True),
    Action("zoom.actual", VIEW, "Pixel for pixel", "numeric-1-box-outline", ("Ctrl+Return",),
           "One pixel a screen pixel", lambda c: c.panes.actual_pixels(), picture, bar=True),
    Action("zoom.life", VIEW, mark("True size"), "tape-measure", ("Ctrl+Shift+Return",),
           mark("Show the picture as large as life, on a screen that was measured"),
           lambda c: c.window.true_size(), picture),
    Action("screen.measure", VIEW, mark("Measure this screen…"), "credit-card-outline", (),
           mark("Compare the screen with a bank card or a ruler, for true size"),
           lambda c: c.window.measure_screen()),
    Action("look.annotation", VIEW, "Corner text", "text-short", ("I",),
           "Less corner text, none, then all again", lambda c: c.look.annotation()),
    Action("look.reset", VIEW, "Reset", "restore", ("Esc",),
           "Window, zoom, position and orientation as at first", lambda c: c.window.reset(), picture,
           bar=True),
    Action("look.commit_first", VIEW, mark("Assess before the AI is shown"), "eye-off-outline", (),
           mark("Hide what the AI says of a case until you have committed a category for it"),
           lambda c: c.window.toggle_commit_first(), on=lambda facts: facts.blind),
    Action("show.worklist", VIEW, "Worklist", "", ("F8",), "Show or hide the worklist",
           lambda c: c.window.toggle_worklist(), on=lambda facts: facts.worklist),
    Action("show.panel", VIEW, "Side panel", "", ("F9",), "Show or hide the side panel",
           lambda c: c.window.toggle_panel(), on=lambda facts: facts.panel),
)  # fmt: skip

"""Which panes stand where, and which pictures stand beside the current one."""

from __future__ import annotations

from breastview.gui.actions.action import LAYOUT, Action, picture

ACTIONS: tuple[Action, ...] = (
    Action("layout.1", LAYOUT, "One pane", "square-outline", ("Ctrl+1",),
           "One picture with both overlays", lambda c: c.look.layout(1),
           on=lambda facts: facts.look.layout == 1),
    Action("layout.2", LAYOUT, "Two panes", "view-column-outline", ("Ctrl+2",),
           "The original beside both overlays", lambda c: c.look.layout(2),
           on=lambda facts: facts.look.layout == 2),
    Action("layout.3", LAYOUT, "Three panes", "view-week-outline", ("Ctrl+3",),
           "Original, mask and Grad-CAM", lambda c: c.look.layout(3),
           on=lambda facts: facts.look.layout == 3),
    Action("layout.4", LAYOUT, "Two by two", "view-grid-outline", ("Ctrl+4",),
           "Original, mask, Grad-CAM, and that of the segmenter or the picture compared with",
           lambda c: c.look.layout(4), on=lambda facts: facts.look.layout == 4),
    Action("pane.next", LAYOUT, "Next pane", "tab", ("Tab",), "Make the next pane the active one",
           lambda c: c.panes.next_pane(), picture),
    Action("pane.maximise", LAYOUT, "Maximise pane", "fullscreen", ("F11",),
           "Show the active pane alone (double click)", lambda c: c.panes.maximise(), picture,
           lambda facts: facts.look.maximised is not None, bar=True),
    Action("pane.link", LAYOUT, "Link panes", "link-variant", ("L",),
           "Zoom, position, window and steps act on all panes, or on each alone",
           lambda c: c.look.toggle("linked"), on=lambda facts: facts.look.linked),
    Action("compare.prior", LAYOUT, "Compare with prior", "history", ("P",),
           "Show the latest earlier study of this patient beside; again: the one before it, then none",
           lambda c: c.beside.prior(), picture, lambda facts: facts.compared and not facts.pinned, bar=True),
    Action("compare.pin", LAYOUT, "Pin this picture", "pin-outline", ("Shift+P",),
           "Keep this picture beside whatever comes next; again: let it go", lambda c: c.beside.pin(),
           picture, lambda facts: facts.pinned),
    Action("hanging", LAYOUT, "Hang mammograms", "view-grid-plus-outline", ("Shift+H",),
           "Show the views of a mammography study together, chest walls touching",
           lambda c: c.beside.hang(), on=lambda facts: facts.hanging),
    Action("detach.pictures", LAYOUT, "Pictures in a window of their own", "dock-window", ("F12",),
           "Move all panes to another screen, or back", lambda c: c.detached.pictures(),
           on=lambda facts: facts.detached),
    Action("detach.pane", LAYOUT, "Pane in a window of its own", "picture-in-picture-bottom-right",
           ("Shift+F12",), "Move the active pane to another screen, or all such panes back",
           lambda c: c.detached.pane(), picture, on=lambda facts: facts.pane_detached),
)  # fmt: skip

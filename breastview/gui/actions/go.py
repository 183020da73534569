"""From image to image."""

from __future__ import annotations

from breastview.gui.actions.action import GO, Action, listed

ACTIONS: tuple[Action, ...] = (
    Action("image.previous", GO, "Previous image", "chevron-up", ("Up",),
           "Go to the previous image or frame (wheel)", lambda c: c.step.image(-1), listed, bar=True),
    Action("image.next", GO, "Next image", "chevron-down", ("Down",), "Go to the next image or frame (wheel)",
           lambda c: c.step.image(1), listed, bar=True),
    Action("image.back", GO, "Ten images back", "chevron-double-up", ("Shift+Up",), "Go ten images back",
           lambda c: c.step.image(-10), listed),
    Action("image.forward", GO, "Ten images on", "chevron-double-down", ("Shift+Down",), "Go ten images on",
           lambda c: c.step.image(10), listed),
    Action("image.first", GO, "First image", "page-first", ("Home",), "Go to the first image",
           lambda c: c.step.end(last=False), listed),
    Action("image.last", GO, "Last image", "page-last", ("End",), "Go to the last image",
           lambda c: c.step.end(last=True), listed),
    Action("case.previous", GO, "Previous case", "", ("Ctrl+Up",),
           "Go to the previous case, past the frames of a cine", lambda c: c.step.case(-1), listed),
    Action("case.next", GO, "Next case", "", ("Ctrl+Down",), "Go to the next case, past the frames of a cine",
           lambda c: c.step.case(1), listed),
    Action("series.previous", GO, "Previous series", "arrow-left", ("Left", "PgUp"),
           "Go to the previous series", lambda c: c.step.series(-1), listed),
    Action("series.next", GO, "Next series", "arrow-right", ("Right", "PgDown"), "Go to the next series",
           lambda c: c.step.series(1), listed),
    Action("study.previous", GO, "Previous study", "", ("Ctrl+Left",), "Go to the previous study",
           lambda c: c.step.study(-1), listed),
    Action("study.next", GO, "Next study", "", ("Ctrl+Right",), "Go to the next study",
           lambda c: c.step.study(1), listed),
    Action("unread.next", GO, "Next unread", "email-open-outline", ("N",),
           "Go to the next case nobody has looked at", lambda c: c.window.next_unread(), listed, bar=True),
    Action("list.search", GO, "Search", "magnify", ("Ctrl+F",), "Search the worklist",
           lambda c: c.window.focus_search(), listed),
)  # fmt: skip

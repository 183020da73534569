"""The reader's assessment."""

from __future__ import annotations

from breastview.gui.actions.action import ASSESS, Action, picture
from breastview.language import mark

ACTIONS: tuple[Action, ...] = (
    Action("assess.category", ASSESS, "Category", "clipboard-text-outline", ("F3",),
           "Choose the assessment category", lambda c: c.window.focus_category(), picture),
    Action("assess.notes", ASSESS, "Notes", "pencil-outline", ("F2",), "Write notes; Esc leaves the field",
           lambda c: c.window.focus_notes(), picture),
    Action("assess.site", ASSESS, mark("Site"), "target", ("F4",),
           mark("Say where the lesion lies: R, L, arrow keys, digits for the hour"),
           lambda c: c.window.focus_site(), picture),
    Action("assess.describe", ASSESS, mark("Descriptors"), "format-list-checks", ("F6",),
           mark("Describe the lesion; Tab goes on, letters choose"),
           lambda c: c.window.focus_descriptors(), picture),
    Action("assess.commit", ASSESS, mark("Commit and show the AI"), "eye-outline", ("Ctrl+R",),
           mark("Keep the category as your opinion before the AI, then show it"),
           lambda c: c.reveal.commit(), lambda facts: facts.hidden),
    Action("assess.unread", ASSESS, mark("Mark as unread"), "email-outline", ("Ctrl+U",),
           mark("Let this image count as not yet looked at"), lambda c: c.assess.unread(),
           lambda facts: facts.picture and not facts.final),
    Action("lesion.pin", ASSESS, mark("Pin this lesion"), "pin-outline", ("Ctrl+J",),
           mark("Pin this lesion, then pair it on the other picture"), lambda c: c.pair.pin(), picture,
           lambda facts: facts.pinned_here),
    Action("lesion.pair", ASSESS, mark("Same lesion as the pinned one"), "link-variant", ("Ctrl+Shift+J",),
           mark("This lesion is the pinned one, seen in another picture"), lambda c: c.pair.pair(),
           lambda facts: facts.can_pair),
    Action("assess.mark", ASSESS, "Mark", "bookmark-outline", ("M",),
           "Mark this image, or take the mark away", lambda c: c.assess.mark(), picture,
           lambda facts: facts.marked, bar=True),
    Action("assess.final", ASSESS, "Final", "check-circle-outline", ("Ctrl+D",),
           "Declare the assessment final and lock it, or reopen it", lambda c: c.assess.final(), picture,
           lambda facts: facts.final),
)  # fmt: skip

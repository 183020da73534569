"""What lies over the picture."""

from __future__ import annotations

from breastview.gui.actions.action import OVERLAYS, Action, analysis
from breastview.gui.controllers.looking import STEP

ACTIONS: tuple[Action, ...] = (
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
    Action("overlay.probability", OVERLAYS, "Segmenter’s output", "gradient-horizontal", ("Y",),
           "Show the segmenter’s output instead of the mask’s fill",
           lambda c: c.look.toggle("probability_visible"), analysis,
           lambda facts: facts.look.probability_visible),
    Action("overlay.places", OVERLAYS, "What the input gate found", "image-search-outline", ("Shift+F",),
           "Mark calipers, text, colour and the like on the picture",
           lambda c: c.look.toggle("places_visible"), analysis, lambda facts: facts.look.places_visible),
    Action("overlay.foreign", OVERLAYS, "Other systems", "account-switch-outline", ("Shift+X",),
           "Show or hide what other systems drew over the picture",
           lambda c: c.look.toggle("foreign_visible"), lambda facts: facts.foreign,
           lambda facts: facts.look.foreign_visible),
    Action("heat.next", OVERLAYS, "Grad-CAM of the next class", "", ("Shift+G",),
           "Go through the classes and what drove the mask", lambda c: c.look.next_source(), analysis),
)  # fmt: skip

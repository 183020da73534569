"""Moving pictures."""

from __future__ import annotations

from breastview.gui.actions.action import CINE, Action
from breastview.gui.commands import Facts


def _cine(facts: Facts) -> bool:
    return facts.cine


ACTIONS: tuple[Action, ...] = (
    Action("cine.play", CINE, "Play", "play-pause", ("C",),
           "Play the cine, or stand still; a step by keys stops it", lambda c: c.cine.player.toggle(), _cine,
           lambda facts: facts.playing),
    Action("cine.slower", CINE, "Slower", "", (",",), "Play the cine slower",
           lambda c: c.cine.player.speed(-1), _cine),
    Action("cine.faster", CINE, "Faster", "", (".",), "Play the cine faster",
           lambda c: c.cine.player.speed(1), _cine),
    Action("cine.own", CINE, "The file's own speed", "", (), "Play the cine as fast as the file says",
           lambda c: c.cine.player.own_speed(), _cine),
    Action("cine.sweep", CINE, "Sweep", "swap-horizontal", (),
           "Forwards and backwards by turns, instead of beginning again", lambda c: c.cine.player.sweep(),
           _cine, lambda facts: facts.sweep),
    Action("cine.analyse", CINE, "Analyse all frames", "chart-bar", ("Shift+A",),
           "Let the AI read every frame of this cine; again: stop", lambda c: c.cine.scoring.analyse(), _cine,
           lambda facts: facts.scoring),
    Action("cine.worst", CINE, "Most suspicious frame", "target", ("X",),
           "Go to the frame on which the AI is most suspicious", lambda c: c.cine.scoring.worst(),
           lambda facts: facts.scored),
)  # fmt: skip

"""Window presets on the digits."""

from __future__ import annotations

from breastview.gui.actions.action import PRESETS, Action, picture
from breastview.language import mark


def _preset(number: int) -> Action:
    preset = mark("Window preset {number}").format(number=number)
    text = mark("Window of the file") if number == 0 else preset
    return Action(
        f"window.{number}", PRESETS, text, "", (str(number),), text, lambda c: c.look.preset(number), picture
    )


ACTIONS: tuple[Action, ...] = tuple(_preset(number) for number in range(10))

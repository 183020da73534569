"""The reader's own mask."""

from __future__ import annotations

from breastview.gui.actions.action import LESIONS, Action, picture
from breastview.gui.commands import Commands, Facts
from breastview.language import mark


def _tool(name: str, text: str, icon: str, key: str, tip: str, bar: bool = False) -> Action:
    def take(commands: Commands) -> None:
        commands.edit.tool(name)

    def taken(facts: Facts) -> bool:
        return facts.look.tool == name

    return Action(f"lesion.{name}", LESIONS, text, icon, (key,), tip, take, picture, taken, bar=bar)


def _lesions(facts: Facts) -> bool:
    return facts.lesions


ACTIONS: tuple[Action, ...] = (
    _tool("brush", mark("Brush"), "brush", "Q",
          mark("Paint a lesion; Ctrl erases, - and + or Shift and a drag change the size"), bar=True),
    _tool("eraser", mark("Eraser"), "eraser", "Shift+Q",
          mark("Wipe parts of a lesion away; Ctrl paints"), bar=True),
    _tool("polygon", mark("Polygon"), "vector-polygon", "U",
          mark("Outline a lesion corner by corner or in one line; Ctrl while closing cuts it out")),
    _tool("fill", mark("Fill"), "format-color-fill", "Shift+U",
          mark("Fill a hole, or flood tissue of like grey: a drag sets how like")),
    Action("lesion.smooth", LESIONS, mark("Smooth outline"), "blur", ("Shift+S",),
           mark("Calm the outlines of all lesions"), lambda c: c.edit.smooth(), _lesions),
    Action("lesion.largest", LESIONS, mark("Keep the largest"), "circle-slice-8", ("Shift+L",),
           mark("Keep the largest lesion and nothing else"), lambda c: c.edit.keep_largest(), _lesions),
    Action("lesion.delete", LESIONS, mark("Delete lesion"), "delete-outline", ("Backspace",),
           mark("Delete the lesion under the mouse"), lambda c: c.edit.delete_here(), _lesions),
    Action("lesion.restore", LESIONS, mark("The AI’s mask again"), "restore", ("Shift+Backspace",),
           mark("Give the mask back to the AI; undo brings yours back"), lambda c: c.edit.restore(),
           lambda facts: facts.edited),
    Action("lesion.describe", LESIONS, mark("Take suggestions"), "format-list-checks", ("S",),
           mark("Take the suggested descriptors for those you have not given yet"),
           lambda c: c.assess.describe(c.edit.words), lambda facts: facts.suggested),
)  # fmt: skip

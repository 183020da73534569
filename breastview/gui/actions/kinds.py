"""As what kind of picture a file is read."""

from __future__ import annotations

from breastview.gui.actions.action import KINDS, Action, picture
from breastview.language import mark
from breastview.study.kind import Kind


def _kind(name: str, text: str, tip: str, kind: Kind | None) -> Action:
    return Action(
        f"kind.{name}", KINDS, text, "", (), tip, lambda c: c.kinds.choose(kind), picture,
        on=lambda facts: facts.kind is kind,
    )  # fmt: skip


ACTIONS: tuple[Action, ...] = (
    _kind("auto", mark("Automatic"), mark("Read this image as what its header says or what it looks like"),
          None),
    _kind("us", mark("Ultrasound"), mark("Read this image as ultrasound, whatever it looks like"),
          Kind.ULTRASOUND),
    _kind("mg", mark("Mammogram"), mark("Read this image as a mammogram, whatever it looks like"),
          Kind.MAMMOGRAM),
    _kind("sm", mark("Histology"), mark("Read this image as histology, whatever it looks like"),
          Kind.HISTOLOGY),
)  # fmt: skip

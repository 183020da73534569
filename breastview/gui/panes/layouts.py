"""Which panes there are, where they stand and what each shows: a pure function of what the reader chose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from breastview.gui.panes.look import Look
from breastview.study.hanging import Wall


class Shows(StrEnum):
    """What one pane shows of its picture; `OTHER` is the picture beside the current one."""

    ORIGINAL = "original"
    MASK = "mask"
    HEAT = "heat"
    SEGMENTER = "segmenter"
    BOTH = "both"
    OTHER = "other"


LAYOUTS: dict[int, tuple[Shows, ...]] = {
    1: (Shows.BOTH,),
    2: (Shows.ORIGINAL, Shows.BOTH),
    3: (Shows.ORIGINAL, Shows.MASK, Shows.HEAT),
    4: (Shows.ORIGINAL, Shows.MASK, Shows.HEAT, Shows.SEGMENTER),
}
"""Number of panes, with what they show unless the reader chose otherwise; four stand two by two."""

USUAL = 3


@dataclass(frozen=True)
class Hung:
    """How one picture of a mammography study hangs.

    Attributes
    ----------
    row, column : int
        Its place.
    wall : Wall
        Side of the pane at which the chest wall lies.
    mirrored : bool
        The picture is stored the other way round.
    margin : float
        Px of the picture beyond the chest wall, which hold nothing.
    """

    row: int
    column: int
    wall: Wall
    mirrored: bool = False
    margin: float = 0.0


@dataclass(frozen=True)
class Slot:
    """One pane.

    Attributes
    ----------
    picture : int
        0 the current picture, 1 and on those beside it.
    shows : Shows
        What of it; never `Shows.OTHER`.
    row, column : int
        Where the pane stands.
    text : bool
        Whether it bears the corner text: the first pane of each picture does.
    hung : Hung or None
        How the picture hangs, if it does.
    """

    picture: int
    shows: Shows
    row: int = 0
    column: int = 0
    text: bool = False
    hung: Hung | None = None


@dataclass(frozen=True)
class Beside:
    """Which pictures stand beside the current one.

    Attributes
    ----------
    compared : bool
        Picture 1 is an earlier or a pinned one.
    hung : tuple of Hung
        A mammography study's pictures, the current one first; empty: nothing hangs.
    """

    compared: bool = False
    hung: tuple[Hung, ...] = ()

    @property
    def pictures(self) -> int:
        """How many there are."""
        return max(len(self.hung) - 1, 0) if self.hung else int(self.compared)


def contents(look: Look) -> tuple[Shows, ...]:
    """Return what the panes of the layout show: what the reader chose for them, else the layout's own."""
    usual = LAYOUTS.get(look.layout, LAYOUTS[USUAL])
    known = {each.value for each in Shows}
    if len(look.contents) != len(usual) or not known.issuperset(look.contents):
        return usual
    return tuple(Shows(each) for each in look.contents)


def slots(look: Look, beside: Beside = Beside()) -> tuple[Slot, ...]:
    """Return all panes in reading order, as if none were maximised."""
    if beside.hung:
        return _hung(beside)
    kinds = contents(look)
    if len(kinds) == 4:
        last = Shows.OTHER if beside.compared and not look.contents else kinds[-1]
        made = [_slot(kind, n // 2, n % 2) for n, kind in enumerate((*kinds[:-1], last))]
    elif not beside.compared or Shows.OTHER in kinds:
        made = [_slot(kind, 0, column) for column, kind in enumerate(kinds)]
    elif len(kinds) == 1:
        made = [Slot(picture, kinds[0], 0, picture) for picture in (0, 1)]
    else:
        made = [Slot(row, kind, row, column) for row in (0, 1) for column, kind in enumerate(kinds)]
    return _lettered(made)


def _slot(kind: Shows, row: int, column: int) -> Slot:
    if kind is Shows.OTHER:
        return Slot(1, Shows.BOTH, row, column)
    return Slot(0, kind, row, column)


def _hung(beside: Beside) -> tuple[Slot, ...]:
    made = [
        Slot(picture, Shows.BOTH, place.row, place.column, hung=place)
        for picture, place in enumerate(beside.hung)
    ]
    return _lettered(sorted(made, key=lambda slot: (slot.row, slot.column)))


def _lettered(made: list[Slot]) -> tuple[Slot, ...]:
    """Let the first pane of every picture bear its corner text."""
    first = {slot.picture: n for n, slot in reversed(list(enumerate(made)))}
    return tuple(replace(slot, text=first[slot.picture] == n) for n, slot in enumerate(made))


def shown(look: Look, beside: Beside = Beside()) -> dict[int, Slot]:
    """Return the panes that are seen by their index in `slots`; a maximised one alone, with its corner text.

    Of hung pictures the current one is maximised, wherever it hangs: steps go from view to view.
    """
    every = slots(look, beside)
    if look.maximised is None:
        return dict(enumerate(every))
    index = look.maximised if look.maximised < len(every) else 0
    if beside.hung:
        index = next(n for n, slot in enumerate(every) if slot.picture == 0)
    return {index: replace(every[index], row=0, column=0, text=True)}

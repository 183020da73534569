"""Which magnification of a slide is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 8192
"""Longest side in px of a slide as it is opened: what screens, memory and the AI handle at ease. Of a section
25 mm long that is a pixel of 3 µm."""

_TOO_COARSE = LARGEST // 4
_MOST = 8  # times that a magnification is made smaller rather than a much coarser one taken


@dataclass(frozen=True)
class Choice:
    """A magnification, counted from 0 for the finest, and by how much its pixels are made larger."""

    level: int
    factor: int = 1


def choose(sizes: Sequence[tuple[int, int]]) -> Choice:
    """Choose among magnifications of ``(rows, columns)``, the finest first.

    The finest whose longer side is at most `LARGEST`. Where that would leave little to see, or there is none,
    the next finer one, made smaller by a power of two.
    """
    fitting = [level for level, size in enumerate(sizes) if max(size) <= LARGEST]
    if not fitting:
        return Choice(len(sizes) - 1, _factor(sizes[-1]))
    level = fitting[0]
    if level and max(sizes[level]) < _TOO_COARSE and _factor(sizes[level - 1]) <= _MOST:
        return Choice(level - 1, _factor(sizes[level - 1]))
    return Choice(level)


def _factor(size: tuple[int, int]) -> int:
    factor = 1
    while max(size) > LARGEST * factor:
        factor *= 2
    return factor

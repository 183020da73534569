"""Which side and view of a mammogram a file's name tells ("R_CC", "LMLO"), or that it does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

VIEWS = ("CC", "MLO", "ML", "LM", "XCCL")
"""Views that a name may tell: craniocaudal, mediolateral oblique, the two true laterals, exaggerated CC."""

SIDES = {
    "R": "R", "RT": "R", "RIGHT": "R", "RECHTS": "R", "L": "L", "LT": "L", "LEFT": "L", "LINKS": "L",
}  # fmt: skip

_WORD = re.compile(r"[A-Za-z]+|\d+")
_JOINED = re.compile(f"({'|'.join(sorted(SIDES, key=len, reverse=True))})(CC|MLO)")
"""Side and view in one word; "RML" and "LLM" may mean anything."""


@dataclass(frozen=True)
class NamedView:
    """What a name tells.

    Attributes
    ----------
    laterality, view : str
        ``"R"`` or ``"L"``; one of `VIEWS`.
    rest : str
        The other words, in lower case: pictures of one folder that share them belong together.
    """

    laterality: str
    view: str
    rest: str


def named_view(stem: str) -> NamedView | None:
    """Return side and view that a file's name (without folder and suffix) tells beyond doubt, else None.

    Side and view stand together, in either order. A name that tells two different ones tells none; a number
    alone ("mdb001") tells none, whatever the convention of its collection.
    """
    words = _WORD.findall(stem)
    upper = [word.upper() for word in words]
    found: dict[tuple[str, str], list[int]] = {}
    for at, word in enumerate(upper):
        joined = _JOINED.fullmatch(word)
        if joined:
            found.setdefault((SIDES[joined[1]], joined[2]), []).append(at)
        for one, other in ((at, at + 1), (at + 1, at)):
            if max(one, other) < len(upper) and upper[one] in SIDES and upper[other] in VIEWS:
                found.setdefault((SIDES[upper[one]], upper[other]), []).extend((at, at + 1))
    if len(found) != 1:
        return None
    (((side, view), used),) = found.items()
    rest = " ".join(word.lower() for at, word in enumerate(words) if at not in used)
    return NamedView(side, view, rest)

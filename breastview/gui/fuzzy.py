"""How well something fits what was typed: whole words before letters in order, its name before its help."""

from __future__ import annotations

import unicodedata

_IN_NAME, _IN_HELP, _SCATTERED = 100.0, 40.0, 10.0
_AT_START, _AT_WORD = 30.0, 20.0
_LENGTH = 0.02
"""What each letter of a name costs, so that of two equal ones the shorter comes first."""
_SPREAD = 3
"""Letters in order may lie this many times further apart than they were typed."""


def plain(text: str) -> str:
    """Return a text without case and accents, as it is searched."""
    if text.isascii():  # nearly all of ten thousand file names
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def score(typed: str, name: str, also: str = "") -> float | None:
    """Return how well something fits, None where it does not; all texts as `plain` gives them.

    Parameters
    ----------
    typed : str
        Every word of it must be found, in any order: whole in the name or in `also`, or letter by letter in
        the name.
    name, also : str
        What it is called, and other words it is found by.
    """
    total = -_LENGTH * len(name)
    for word in typed.split():
        found = _word(word, name, also)
        if found is None:
            return None
        total += found
    return total


def _word(word: str, name: str, also: str) -> float | None:
    if word in name:
        return _IN_NAME + _place(word, name)
    if word in also:
        return _IN_HELP + _place(word, also)
    return _SCATTERED if _scattered(word, name) else None


def _place(word: str, text: str) -> float:
    if text.startswith(word):
        return _AT_START
    place = text.find(word)
    while place > 0:
        if not text[place - 1].isalnum():
            return _AT_WORD
        place = text.find(word, place + 1)
    return 0.0


def _scattered(word: str, text: str) -> bool:
    """Return whether the letters of a word stand in order and not too far apart, from some place on."""
    start = text.find(word[0])
    while start >= 0:
        span = _span(word, text, start)
        if span <= _SPREAD * len(word):
            return True
        start = text.find(word[0], start + 1) if span < float("inf") else -1
    return False


def _span(word: str, text: str, start: int) -> float:
    place = start
    for letter in word[1:]:
        place = text.find(letter, place + 1)
        if place < 0:
            return float("inf")
    return place - start + 1

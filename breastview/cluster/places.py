"""The place of a row in the table as bytes that compare like `study.tree.order` does."""

from __future__ import annotations

from typing import Any

_PART, _ELEMENT = "\x02", "\x01"
_MIDDLE = 2**62
_LOWEST = "\x03"


def place(order: tuple[Any, ...]) -> bytes:
    """Return bytes for an order of numbers, texts and `study.tree.natural` keys.

    Of two orders of the same kinds of elements the bytes of the smaller one are smaller. Control characters
    below 3, which no name should hold, count as 3.
    """
    return "".join(_element(one) + _ELEMENT for one in order).encode("utf-8", "surrogatepass")


def _element(value: Any) -> str:
    if isinstance(value, int):
        return f"{value + _MIDDLE:020d}"
    if isinstance(value, str):
        return _text(value)
    return "".join(f"{kind}{_number(part) if kind == 0 else _text(part)}{_PART}" for kind, part in value)


def _number(value: int) -> str:
    digits = str(value)
    return f"{len(digits):05d}{digits}"


def _text(value: str) -> str:
    return "".join(max(letter, _LOWEST) for letter in value)

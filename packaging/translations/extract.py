"""The texts of the program that a reader sees, found in its source.

Besides ``tr``, ``trn`` and ``mark``: the tables whose rows are texts (actions, settings), and what records
say, which stays English in the code and is translated where it is shown (`breastview.language.said`): errors,
and in the packages below the window whatever is written as a sentence, with a full stop.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ERRORS = (
    "BreastViewError", "UnreadableFile", "UnsupportedFile", "BundleError", "AnalysisError", "ExportError",
    "StoreError", "DamagedStream", "ArchiveError", "ArchiveUnreachable", "ArchiveRefused",
    "NothingOffered", "NotAllSent", "Conflict", "Busy",
)  # fmt: skip
_SPEAKING = ("readers", "pacs", "inference", "imaging", "session", "store", "study", "__init__.py")
"""Parts of the package whose sentences end up on screen by way of records."""
_SENTENCE = re.compile(r"[A-Z{].* .*[a-z}).][.?]", re.DOTALL)

_TEXTS: dict[str, tuple[int | str, ...]] = {
    "tr": (0,),
    "mark": (0,),
    "Action": (2, 5, "text", "tip"),
    "_option": (1, 2, 3, "title", "group", "tip", "unit", "choices"),
    **dict.fromkeys(_ERRORS, (0, 2, "what", "remedy")),
}
"""Callable -> which of its arguments are texts."""


@dataclass(frozen=True)
class Text:
    """A text, its plural where it has one, and where it was found."""

    text: str
    plural: str
    path: str


class NoText(SyntaxError):
    """An argument that must be a text written out, and is none."""


def texts(package: Path) -> Iterator[Text]:
    """Yield every text of the package, file by file.

    Raises
    ------
    NoText
        If ``tr`` or ``mark`` is given something else than a text that is written out, or a name.
    """
    for path in sorted(package.rglob("*.py")):
        where = path.relative_to(package.parent).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _of_call(node, where)
        if path.relative_to(package).parts[0] in _SPEAKING:
            yield from _sentences(tree, where)


def _sentences(tree: ast.Module, where: str) -> Iterator[Text]:
    """Yield the sentences of a module that are no docstrings."""
    passed_over = {
        id(part)
        for node in ast.walk(tree)
        for part in (
            [node.value]
            if isinstance(node, ast.Expr)
            else node.values
            if isinstance(node, ast.JoinedStr)
            else []
        )
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in passed_over:
            text = _written(node)
            if _SENTENCE.fullmatch(text):
                yield Text(text, "", where)


def _of_call(node: ast.Call, where: str) -> Iterator[Text]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "trn" and len(node.args) >= 2:
        one, many = (_written(argument) for argument in node.args[:2])
        if one:
            yield Text(one, many, where)
        return
    given: dict[int | str, ast.expr] = dict(enumerate(node.args))
    given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    for place in _TEXTS.get(name, ()):
        if place in given:
            if name in ("tr", "mark") and isinstance(given[place], ast.JoinedStr):
                raise NoText(f"{where}:{node.lineno}: values go in after {name}(), by .format()")
            if place == "choices" and not isinstance(given[place], ast.Tuple):
                continue  # the name of a kind of choices, no text
            for text in _all_written(given[place]):
                yield Text(text.rstrip(".") if name in _ERRORS and place in (0, "what") else text, "", where)


def _all_written(node: ast.expr) -> Iterator[str]:
    """Yield the texts of an argument: itself, both branches of a condition, or the second of each pair."""
    if isinstance(node, ast.IfExp):
        yield from _all_written(node.body)
        yield from _all_written(node.orelse)
    elif isinstance(node, ast.Tuple):
        for pair in node.elts:
            if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
                yield from _all_written(pair.elts[1])
    elif text := _written(node):
        yield text


def _written(node: ast.expr) -> str:
    """Return a text as it is written; the values of an f-string become the fields of a template."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (
            str(part.value) if isinstance(part, ast.Constant) else "{" + _field(number, part) + "}"
            for number, part in enumerate(node.values)
        )
        text = "".join(parts)
        return text if any(letter.isalpha() for letter in _without_fields(text)) else ""
    return ""


def _field(number: int, part: ast.expr) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
    return name if name else f"value{number}"


def _without_fields(text: str) -> str:
    depth, kept = 0, []
    for letter in text:
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if depth == 0 and letter != "}":
            kept.append(letter)
    return "".join(kept)

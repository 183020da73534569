"""Catalogues of gettext by Babel: template, merged with a language, compiled, and what is wrong with one."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message

from extract import texts

_FIELD = re.compile(r"\{(\w*)[^{}]*\}")
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates would make every catalogue differ from itself."""


class Words:
    """A catalogue that writes itself the same way each time."""

    def __init__(self, catalogue: Catalog) -> None:
        self.catalogue = catalogue

    def text(self) -> str:
        """Return the catalogue as it is written."""
        out = io.BytesIO()
        pofile.write_po(out, self.catalogue, width=110, sort_output=True, include_lineno=False)
        return out.getvalue().decode("utf-8")

    def write(self, path: Path) -> None:
        """Write the catalogue as .po or .pot."""
        path.write_text(self.text(), encoding="utf-8")


def template(package: Path) -> Words:
    """Return the catalogue of all texts of the package, untranslated."""
    found = _empty(None)
    for text in texts(package):
        found.add((text.text, text.plural) if text.plural else text.text, locations=[(text.path, 0)])
    return Words(found)


def read(path: Path) -> Words:
    """Return a catalogue as it was written."""
    with path.open("rb") as file:
        return Words(pofile.read_po(file, locale=_language(path)))


def ids(words: Words) -> set[str | tuple[str, ...]]:
    """Return the texts of a catalogue, those with a plural as pairs."""
    return {message.id for message in words.catalogue if message.id}


def _language(path: Path) -> str | None:
    return path.parent.parent.name if path.suffix == ".po" else None


def merged(path: Path, pot: Words) -> Words:
    """Return a language's catalogue with exactly the texts of the template; nothing is guessed."""
    old, new = read(path).catalogue, _empty(_language(path))
    for message in pot.catalogue:
        if message.id:
            known = old.get(message.id if isinstance(message.id, str) else message.id[0])
            new.add(message.id, known.string if known else None, locations=message.locations)
    return Words(new)


def compiled(words: Words) -> bytes:
    """Return the catalogue as gettext reads it."""
    out = io.BytesIO()
    mofile.write_mo(out, words.catalogue)
    return out.getvalue()


def problems(words: Words) -> list[str]:
    """Return what is untranslated, and what has other fields than the text it translates."""
    return [problem for message in words.catalogue if message.id for problem in _of(message)]


def _of(message: Message) -> list[str]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if message.fuzzy or not all(strings):
        return [f"not translated: {ids[0]!r}"]
    wanted = {field for text in ids for field in _FIELD.findall(text)}
    return [
        f"other fields than {ids[0]!r}: {text!r}" for text in strings if set(_FIELD.findall(text)) != wanted
    ]


def _empty(locale: str | None) -> Catalog:
    return Catalog(
        locale=locale, domain="breastview", project="BreastView", version="0.1", charset="utf-8", fuzzy=False,
        header_comment="# Texts of BreastView.", creation_date=_NO_DATE, revision_date=_NO_DATE,
        copyright_holder="The BreastView authors", msgid_bugs_address="-",
        last_translator="The BreastView authors", language_team="-",
    )  # fmt: skip

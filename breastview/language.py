"""The words on screen and on paper in the reader's language: gettext, English where nothing is translated.

``tr("Open folder…")`` gives the text in the chosen language; whole sentences are translated, never parts of
them, and values go in afterwards: ``tr("{count} images").format(count=3)``. Texts that are made before the
language is known (tables at module level) are marked with `mark` and translated where they are shown.

Records stay in English whoever reads them: results kept on disk, tables, errors that cross processes. `said`
translates such a finished sentence where it is shown.
"""

from __future__ import annotations

import gettext
import re
from functools import cache
from typing import Final

from breastview import paths

DOMAIN: Final = "breastview"

_translation: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str) -> None:
    """Choose the language of all texts from now on.

    Parameters
    ----------
    language : str
        Code of a language (``"de"``), or empty for the one of the user's environment. English is shown
        where there is no translation.
    """
    global _translation
    folder = paths.resources() / "translations"
    wanted = [language] if language else None
    _translation = gettext.translation(DOMAIN, folder, languages=wanted, fallback=True)
    _templates.cache_clear()


def code() -> str:
    """Return the code of the language in use: ``"de"``, or ``"en"`` where nothing is translated."""
    return str(_translation.info().get("language", "")) or "en"


def tr(text: str) -> str:
    """Return `text` in the chosen language."""
    return _translation.gettext(text) if text else ""


def trn(one: str, many: str, count: int, written: str = "") -> str:
    """Return the text for `count` things: `one` for a single thing, else `many`.

    ``{count}`` in it becomes the number, as `written` where that is given ("10 000").
    """
    return _translation.ngettext(one, many, count).format(count=written or count)


def mark(text: str) -> str:
    """Return `text` as it is, marked for translation: `tr` translates it where it is shown."""
    return text


def inside(name: str) -> str:
    """Return a translated name as it stands inside a sentence; German keeps the capitals of its nouns."""
    return name if code() == "de" else name.lower()


def said(sentence: str) -> str:
    """Return a finished English sentence in the chosen language, as it is where no text of ours fits it.

    A sentence made from a template (``"{count} images"``) is recognised with its values; values that are
    texts of ours are translated too, a text of several sentences one by one.
    """
    if not sentence or code() == "en":
        return sentence
    return _known(sentence) or " ".join(_known(part) or part for part in _SENTENCE_END.split(sentence))


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")
_FIELD = re.compile(r"\{(\w*)[^{}]*\}")


def _known(sentence: str) -> str:
    """Return the translation of a text of ours, also with a full stop or a subject before it, or empty."""
    if found := _exact(sentence):
        return found
    if sentence.endswith(".") and (found := _exact(sentence[:-1])):
        return f"{found}."
    subject, colon, rest = sentence.partition(": ")
    if colon and (found := _known(rest)):
        return f"{tr(subject)}: {found}"
    # The clause of an error, made a sentence of its own.
    clause = sentence[:1].lower() + sentence[1:]
    found = _known(clause) if clause != sentence else ""
    return found[:1].upper() + found[1:]


def _exact(sentence: str) -> str:
    found = tr(sentence)
    if found != sentence:
        return found
    for pattern, translated, names in _templates():
        if match := pattern.fullmatch(sentence):
            return _filled(translated, dict(zip(names, match.groups(), strict=True)))
    return ""


def _filled(translated: str, values: dict[str, str]) -> str:
    return _FIELD.sub(lambda field: said(values.get(field[1], "")), translated)


@cache
def _templates() -> tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...]:
    """Return what every text with fields looks like when finished: pattern, translation, names of the fields.

    The texts with the most words of their own come first, so that "{name}: {what}" takes only what is left.
    """
    catalogue = getattr(_translation, "_catalog", {})
    texts = [text for text in catalogue if isinstance(text, str) and _FIELD.search(text) and _has_words(text)]
    texts.sort(key=lambda text: len(_FIELD.sub("", text)), reverse=True)
    return tuple((_pattern(text), catalogue[text], tuple(_FIELD.findall(text))) for text in texts)


def _has_words(text: str) -> bool:
    """Return whether a text has words besides its fields: "{a}: {b} {c}" would fit anything."""
    return any(character.isalpha() for character in _FIELD.sub("", text))


def _pattern(text: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in _FIELD.sub("\0", text).split("\0"))
    return re.compile("(.+?)".join(parts), re.DOTALL)

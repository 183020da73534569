"""The strings that name a patient or who looked after them, and cutting them out of other texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from pydicom.dataset import Dataset

CUT = "***"

_WHOLE = (
    "PatientID", "AccessionNumber", "StudyID", "OtherPatientIDs", "AdmissionID", "InstitutionName",
    "InstitutionAddress", "InstitutionalDepartmentName", "PatientAddress", "PatientTelephoneNumbers",
    "StationName", "DeviceSerialNumber", "RequestedProcedureID", "PerformedProcedureStepID",
    "IssuerOfPatientID", "MedicalRecordLocator", "PatientMotherBirthName", "CountryOfResidence",
    "EthnicGroup", "Occupation", "ReferringPhysicianAddress", "ReferringPhysicianTelephoneNumbers",
)  # fmt: skip
_SHORTEST_NUMBER = 4
_SHORTEST_WORD = 2
_WORD = re.compile(r"\w+", re.UNICODE)
_UMLAUTS = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "oe", "å": "aa",
})  # fmt: skip
_PLAIN_NAMES = frozenset({
    "dr", "prof", "med", "mr", "mrs", "ms", "von", "van", "de", "la", "of", "the", "and",
})  # fmt: skip


class Identity:
    """What must not be left of somebody.

    Parameters
    ----------
    names : iterable of str
        Person names as DICOM writes them, or in plain words.
    others : iterable of str
        Numbers, institutions, dates and the like, each as a whole.
    """

    def __init__(self, names: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        words: set[str] = set()
        wholes = {other.strip() for other in others if len(other.strip()) >= _SHORTEST_NUMBER}
        for name in names:
            for group in name.split("="):
                parts = [part for part in _WORD.findall(group.replace("^", " ")) if _tells(part)]
                words.update(form for part in parts for form in _spellings(part))
                if parts and _ideographic("".join(parts)):
                    wholes |= {"".join(parts), " ".join(parts)} if len("".join(parts)) > 1 else set()
        self._words, self._wholes = frozenset(words), frozenset(wholes)
        self._pattern = _pattern(self._words, self._wholes)

    def joined(self, other: Identity) -> Identity:
        """Return both together."""
        both = Identity()
        both._words, both._wholes = self._words | other._words, self._wholes | other._wholes
        both._pattern = _pattern(both._words, both._wholes)
        return both

    @property
    def strings(self) -> frozenset[str]:
        """All that is looked for."""
        return self._words | self._wholes

    def cleaned(self, text: str) -> str:
        """Return a text without any of the strings."""
        if self._pattern is None or not text:
            return text
        return self._pattern.sub(CUT, unicodedata.normalize("NFC", text))

    def occurs(self, text: str) -> bool:
        """Return whether any of the strings stands in a text."""
        found = unicodedata.normalize("NFC", text)
        return self._pattern is not None and self._pattern.search(found) is not None

    @classmethod
    def of(cls, dataset: Dataset) -> Identity:
        """Return what a data set says of its patient and of the people around, at any depth."""
        names: set[str] = set()
        others: set[str] = set()
        _collect(dataset, names, others)
        return cls(names, others)


def _collect(dataset: Dataset, names: set[str], others: set[str], depth: int = 0) -> None:
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except Exception:  # damaged; it is removed later
            continue
        if element.VR == "PN":
            names.update(_strings(element.value))
        elif element.VR == "SQ" and depth < 20:
            for item in element.value or ():
                _collect(item, names, others, depth + 1)
        elif element.keyword in _WHOLE:
            others.update(_strings(element.value))
        elif element.keyword == "PatientBirthDate":
            others.update(form for text in _strings(element.value) for form in _dates(text))


def _strings(value: Any) -> list[str]:
    several = value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]
    return [unicodedata.normalize("NFC", str(one)) for one in several if one]


def _spellings(word: str) -> set[str]:
    """Return a name as it is written, without its accents, and with umlauts in two letters."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
    return {word, unicodedata.normalize("NFC", bare), word.translate(_UMLAUTS)}


def _dates(text: str) -> Iterator[str]:
    """Yield the ways a birth date ``YYYYMMDD`` is written."""
    if len(text) == 8 and text.isdecimal():
        year, month, day = text[:4], text[4:6], text[6:]
        yield from (text, f"{year}-{month}-{day}", f"{day}.{month}.{year}", f"{month}/{day}/{year}",
                    f"{day}/{month}/{year}")  # fmt: skip


def _tells(word: str) -> bool:
    plain = word.casefold() in _PLAIN_NAMES
    return not plain and (len(word) >= _SHORTEST_WORD or _ideographic(word)) and not word.isdecimal()


def _ideographic(text: str) -> bool:
    return any("\u2e80" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af" for character in text)


def _pattern(words: frozenset[str], wholes: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds any of the strings: words as words, whole strings anywhere; the longest first."""
    found = [re.escape(whole) for whole in wholes]
    for word in words:
        # Chinese, Japanese and Korean set no spaces between words.
        escaped = re.escape(word)
        found.append(escaped if _ideographic(word) else rf"(?<![^\W_]){escaped}(?![^\W_])")
    found.sort(key=len, reverse=True)
    return re.compile("|".join(found), re.IGNORECASE) if found else None

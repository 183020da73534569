"""Queries as DICOM identifiers, and answers as rows; the same keys for C-FIND and QIDO-RS."""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from breastview.pacs._protocol import Address, Level, Query, Row
from breastview.study.dates import parsed

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_ALWAYS = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID")
_ASKED = {
    Level.STUDY: (
        *_ALWAYS, "StudyDate", "StudyTime", "AccessionNumber", "StudyDescription", "ModalitiesInStudy",
        "ReferringPhysicianName", "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances",
    ),
    Level.SERIES: (
        "StudyInstanceUID", "SeriesInstanceUID", "Modality", "SeriesDescription", "SeriesNumber",
        "NumberOfSeriesRelatedInstances",
    ),
    Level.IMAGE: ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID", "InstanceNumber"),
}  # fmt: skip
_WITH_WILDCARDS = ("PatientName", "PatientID", "AccessionNumber", "StudyDescription", "SeriesDescription")
_DESCRIPTION = {Level.STUDY: "StudyDescription", Level.SERIES: "SeriesDescription"}


def asked_for(level: Level) -> tuple[str, ...]:
    """Return the keywords of what a row of a level is made from."""
    return _ASKED[level]


def conditions(query: Query) -> dict[str, str]:
    """Return the keys that narrow a query: keyword -> value, wildcards and ranges as DICOM writes them."""
    study = query.level is Level.STUDY
    found = {
        "StudyInstanceUID": query.within.study,
        "SeriesInstanceUID": "" if study else query.within.series,
        "SOPInstanceUID": query.within.instance if query.level is Level.IMAGE else "",
    }
    if study:
        found |= {
            "PatientName": _name(query.patient_name),
            "PatientID": query.patient_id.strip(),
            "PatientBirthDate": f"{query.birth_date:%Y%m%d}" if query.birth_date else "",
            "StudyDate": _range(query.study_from, query.study_to),
            "AccessionNumber": query.accession_number.strip(),
        }
    if query.level is not Level.IMAGE:
        found["ModalitiesInStudy" if study else "Modality"] = query.modality
        found[_DESCRIPTION[query.level]] = _containing(query.description)
    return {keyword: value for keyword, value in found.items() if value}


def identifier(query: Query) -> Dataset:
    """Return the C-FIND identifier of a query."""
    from pydicom.dataset import Dataset

    wanted = Dataset()
    # Said always, also when the key is plain: it is the character set that the answer comes in.
    wanted.SpecificCharacterSet = "ISO_IR 192"
    wanted.QueryRetrieveLevel = query.level.value
    for keyword in asked_for(query.level):
        setattr(wanted, keyword, "")
    for keyword, value in conditions(query).items():
        setattr(wanted, keyword, value)
    return wanted


def row(found: Dataset, query: Query) -> Row:
    """Return an answer as a row; what is missing or unusable is empty."""
    level = query.level
    # A series or an object belongs to what was asked for, though not every archive says so.
    address = Address(
        _text(found, "StudyInstanceUID") or query.within.study,
        "" if level is Level.STUDY else _text(found, "SeriesInstanceUID") or query.within.series,
        _text(found, "SOPInstanceUID") if level is Level.IMAGE else "",
    )
    study = level is Level.STUDY
    related = "NumberOfStudyRelatedInstances" if study else "NumberOfSeriesRelatedInstances"
    return Row(
        address=address,
        patient_name=_text(found, "PatientName"),
        patient_id=_text(found, "PatientID"),
        birth_date=parsed(_text(found, "PatientBirthDate")),
        sex=_text(found, "PatientSex"),
        study_date=parsed(_text(found, "StudyDate")),
        study_time=_time(_text(found, "StudyTime")),
        accession_number=_text(found, "AccessionNumber"),
        description=_text(found, _DESCRIPTION.get(level, "SeriesDescription")),
        modalities=_texts(found, "ModalitiesInStudy") if study else _texts(found, "Modality"),
        referring=_text(found, "ReferringPhysicianName"),
        number=_number(found, "InstanceNumber" if level is Level.IMAGE else "SeriesNumber"),
        series=_number(found, "NumberOfStudyRelatedSeries"),
        objects=_number(found, related),
        sop_class=_text(found, "SOPClassUID"),
    )


def fits(found: Row, query: Query) -> bool:
    """Return whether a row is what was asked for; archives may pass over keys that they do not support."""
    if query.modality and found.modalities and query.modality not in found.modalities:
        return False
    if found.study_date is not None:
        return (query.study_from or date.min) <= found.study_date <= (query.study_to or date.max)
    return True


def matches(found: Dataset, query: Query) -> bool:
    """Return whether a header, or an answer, is of what a query asks for, by the rules of C-FIND."""
    return all(_has(found, keyword, wanted) for keyword, wanted in conditions(query).items())


def _has(found: Dataset, keyword: str, wanted: str) -> bool:
    if keyword == "ModalitiesInStudy":
        return wanted in (*_texts(found, keyword), *_texts(found, "Modality"))
    value = _text(found, keyword)
    if keyword == "StudyDate":
        first, _, last = wanted.partition("-")
        return first <= value <= (last or ("99999999" if "-" in wanted else first))
    if keyword in _WITH_WILDCARDS:
        return fnmatchcase(value.casefold(), wanted.casefold().replace("[", "[[]"))
    return value == wanted


def _name(text: str) -> str:
    """Return a name as a matching key: every part a beginning, unless there are wildcards or carets."""
    text = text.strip()
    if not text or re.search(r"[*?^]", text):
        return text
    return "*".join(re.split(r"[\s,]+", text)) + "*"


def _containing(text: str) -> str:
    text = text.strip()
    return text if not text or re.search(r"[*?]", text) else f"*{text}*"


def _range(first: date | None, last: date | None) -> str:
    if first == last:
        return f"{first:%Y%m%d}" if first else ""
    return "-".join(f"{day:%Y%m%d}" if day else "" for day in (first, last))


def _time(stored: str) -> str:
    digits = re.match(r"\d{0,6}", stored)
    found = digits[0] if digits else ""
    return ":".join(found[at : at + 2] for at in range(0, len(found), 2))


def _value(found: Dataset, keyword: str) -> Any:
    try:
        return found.get(keyword)
    except Exception:  # a damaged value is decoded when it is asked for, and fails in many ways
        return None


def _texts(found: Dataset, keyword: str) -> tuple[str, ...]:
    value = _value(found, keyword)
    many = value if isinstance(value, list) or type(value).__name__ == "MultiValue" else [value]
    return tuple(str(one).strip() for one in many if one not in (None, ""))


def _text(found: Dataset, keyword: str) -> str:
    return "\\".join(_texts(found, keyword))


def _number(found: Dataset, keyword: str) -> int | None:
    try:
        return int(_text(found, keyword))
    except ValueError:
        return None

"""Pseudonyms by a key: the same one for the same value, in every file and every run."""

from __future__ import annotations

from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

PREFIX = "BV"
_STANDARD = "1.2.840.10008."
"""UIDs of the standard itself: kinds of object, coding schemes, frames of reference of atlases."""
_SHORTEST_DAYS, _LONGEST_DAYS = 62, 730
_NOT_OF_FILES = ("ClassUID", "SyntaxUID", "SchemeUID", "ContextUID", "ResourceUID", "SOPClassesInStudy")


class Pseudonyms:
    """Replaces identifiers, UIDs and dates by dicognito's handlers.

    Parameters
    ----------
    key : str
        Who has it can tell which pseudonym belongs to a known value.
    """

    def __init__(self, key: str) -> None:
        from dicognito.idanonymizer import IDAnonymizer
        from dicognito.randomizer import Randomizer
        from dicognito.uianonymizer import UIAnonymizer

        self._randomizer = Randomizer(key)
        self._identifiers = IDAnonymizer(
            self._randomizer, PREFIX, "", "PatientID", "AccessionNumber", "StudyID", "DeviceSerialNumber"
        )
        self._uids = UIAnonymizer(self._randomizer)
        self._made: set[str] = set()

    def patient_of(self, dataset: Dataset) -> str:
        """Return what tells a patient from others: the ID, else the name and birth date, else the study."""
        named = text_of(dataset, "PatientName")
        by_name = named and named + text_of(dataset, "PatientBirthDate")
        return text_of(dataset, "PatientID") or by_name or text_of(dataset, "StudyInstanceUID")

    def name(self, patient: str) -> str:
        """Return the pseudonym of a patient."""
        if patient in self._made:
            return patient
        return self._noted(self._new_identifier("PatientID", patient or "nobody"))

    def text(self, value: str) -> str:
        """Return the pseudonym of any other identifier (an accession number); empty stays empty."""
        return self._noted(self._new_identifier("AccessionNumber", value)) if value else ""

    def new_uid(self, value: str) -> str:
        """Return the UID that takes the place of one; those of the standard and those made here stay."""
        if not value or value.startswith(_STANDARD) or value in self._made:
            return value
        element = DataElement(0x0020000D, "UI", value)
        self._uids(Dataset(), element)
        return self._noted(str(element.value))

    def new_date(self, value: str, patient: str) -> str:
        """Return a date ``YYYYMMDD`` moved by the patient's days, empty where it is none."""
        element = DataElement(0x00080020, "DA", value)
        return str(element.value) if value and self._moved(Dataset(), element, patient) else ""

    def identifier(self, dataset: Dataset, element: DataElement) -> bool:
        """Replace the value of an identifier; return whether there was one."""
        if element.is_empty:
            return False
        values = [str(one) for one in element.value] if element.VM > 1 else [str(element.value)]
        if all(value in self._made for value in values):
            return True
        self._identifiers(dataset, element)
        self._made.update(str(one) for one in ([*element.value] if element.VM > 1 else [element.value]))
        return True

    def uid(self, dataset: Dataset, element: DataElement) -> bool:  # noqa: ARG002
        """Replace the value of a UID that tells one object from others; return whether it did."""
        if element.is_empty or element.keyword.endswith(_NOT_OF_FILES):
            return False
        before = [str(one) for one in element.value] if element.VM > 1 else [str(element.value)]
        after = [self.new_uid(one) for one in before]
        element.value = after if len(after) > 1 else after[0]
        return after != before

    def date(self, dataset: Dataset, element: DataElement, patient: str) -> bool:
        """Move a date by the patient's days; return False where it is no date."""
        return self._moved(dataset, element, patient)

    def days(self, patient: str) -> int:
        """Return by how many days a patient's dates are moved (backwards, 62 to 729)."""
        span = _LONGEST_DAYS - _SHORTEST_DAYS
        return -(self._randomizer.to_int(f"days of {patient}") % span + _SHORTEST_DAYS)

    def _moved(self, dataset: Dataset, element: DataElement, patient: str) -> bool:
        from dicognito.datetimeanonymizer import DateTimeAnonymizer

        try:
            DateTimeAnonymizer(24 * self.days(patient))(dataset, element)
            return bool(element.value)
        except (ValueError, OverflowError, AttributeError, TypeError):
            return False

    def _new_identifier(self, keyword: str, value: str) -> str:
        holder = Dataset()
        setattr(holder, keyword, value)
        self._identifiers(holder, holder[keyword])
        return str(holder[keyword].value)

    def _noted(self, made: str) -> str:
        self._made.add(made)
        return made


def text_of(dataset: Dataset, keyword: str) -> str:
    """Return an element as text, empty where it is missing or damaged."""
    try:
        value: Any = dataset.get(keyword)
    except Exception:  # damaged
        return ""
    return "" if value is None else str(value).strip()

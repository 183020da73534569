"""The data types of HL7 FHIR R4 that reports are made of, as plain values."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://breastview.org/fhir")
OWN_SYSTEM = "https://breastview.org/fhir/codes"
SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
    "99BREASTVIEW": OWN_SYSTEM,
    "LN": "http://loinc.org",
    "UCUM": "http://unitsofmeasure.org",
}
"""URI of a coding scheme; one that FHIR has no name for is said in words alone."""

Code = tuple[str, ...]
"""Value, scheme, meaning, as `_dicom_codes` holds them."""


def urn(*parts: object) -> str:
    """Return the URN that the same parts always give (UUID version 5)."""
    return f"urn:uuid:{uuid.uuid5(_SPACE, chr(0).join(map(str, parts)))}"


def codeable(code: Code | None = None, text: str = "") -> dict[str, Any]:
    """Return a CodeableConcept: a code where its scheme has a URI, and words."""
    value, scheme, meaning = code[:3] if code else ("", "", "")
    coding = [{"system": SYSTEMS[scheme], "code": value, "display": meaning}] if scheme in SYSTEMS else []
    return filled({"coding": coding, "text": text or meaning})


def own(value: str, meaning: str) -> dict[str, Any]:
    """Return a CodeableConcept that no standard has a code for."""
    return codeable((value.replace(" ", "-"), "99BREASTVIEW", meaning))


def quantity(value: float, unit: Code) -> dict[str, Any]:
    """Return a Quantity in UCUM units."""
    name = "" if unit[0] == "1" else unit[2]
    return filled({"value": float(value), "unit": name, "system": SYSTEMS["UCUM"], "code": unit[0]})


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """Return an object without what is empty, which FHIR does not allow; 0 and False are values."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}


def day(date: str) -> str:
    """Return a DICOM date (YYYYMMDD) as FHIR writes it, "" where it is none."""
    try:
        return f"{datetime.strptime(date, '%Y%m%d'):%Y-%m-%d}"
    except ValueError:
        return ""


def text(words: str) -> str:
    """Return words as a FHIR string may hold them: without control characters but line ends and tabs."""
    return "".join(letter for letter in words if letter >= " " or letter in "\n\t").strip()


def note(*words: str) -> list[dict[str, Any]]:
    """Return an Annotation for each text that says something."""
    return [{"text": said} for one in words if (said := text(one))]

"""A reading as resources of HL7 FHIR R4: the report, who and what it is about, and what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from breastview import RESEARCH_USE, __version__
from breastview.exporters._dicom_identity import changed_at
from breastview.exporters._dicom_source import source
from breastview.exporters._fhir_observations import observations
from breastview.exporters._fhir_values import codeable, day, filled, text, urn
from breastview.study.analysis import BundleStamp
from breastview.study.instance import Instance, Refusal
from breastview.study.kind import Kind
from breastview.study.reading import ALL_CATEGORIES, Reading, ReadState

Entry = dict[str, Any]
"""An entry of a Bundle: ``fullUrl`` and ``resource``."""

_IMAGING = ("18748-4", "LN", "Diagnostic imaging study")
_PATHOLOGY = ("11526-1", "LN", "Pathology study")
_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074"
_IDENTIFIERS = "http://terminology.hl7.org/CodeSystem/v2-0203"
_SEXES = {"M": "male", "F": "female", "O": "other"}
_STATES = {ReadState.FINAL: "final", ReadState.PRELIMINARY: "preliminary"}


def refusal(record: Refusal) -> Entry:
    """Return a file that could not be read as an OperationOutcome; it names no patient and no folder."""
    words = text(" ".join(record.reason.split()))
    issue = {"severity": "error", "code": "processing", "diagnostics": f"{record.label}: {words}"}
    return _entry(urn("refusal", record.path, record.label), "OperationOutcome", {"issue": [issue]})


def entries(reading: Reading, count: Counter[tuple[str, int]]) -> Iterator[Entry]:
    """Yield the resources of a reading, each under a URN that the same picture always gives.

    The study and the picture are referred to by the UIDs that the DICOM objects of the same record use.

    Parameters
    ----------
    reading : Reading
    count : Counter
        How often each picture (UID, frame) was met in this Bundle; it is counted here. A copy of a picture
        in another file has a record of its own, and so resources of its own.
    """
    instance, header = reading.instance, source(reading).header
    study, picture = str(header.StudyInstanceUID), str(header.SOPInstanceUID)
    place = study, picture, reading.frame, count[picture, reading.frame]
    count[picture, reading.frame] += 1
    about: dict[str, Any] = {}
    if instance.patient.identifier or instance.patient.name:
        patient = _patient(instance)
        yield patient
        about["subject"] = {"reference": patient["fullUrl"]}
    about["effectiveDateTime"] = day(instance.study.date)
    spoke: dict[str, Any] = {}
    if reading.analysis is not None:
        device = _device(reading.analysis.bundle)
        yield device
        spoke["device"] = {"reference": device["fullUrl"]}
    shown = f"frame {reading.frame + 1}" if instance.frames > 1 else ""
    about["derivedFrom"] = [
        _study(study), filled({"type": "Media", "identifier": _uid_of(picture), "display": shown}),
    ]  # fmt: skip
    found = []
    for name, values in observations(reading):
        by = spoke if name in ("AI result", "examination") else {"performer": _reader(reading)}
        one = _entry(urn("observation", *place, name), "Observation", filled(values | about | by))
        found.append({"reference": one["fullUrl"]})
        yield one
    del about["derivedFrom"]
    report = _report(reading) | about | {"imagingStudy": [_study(study)], "result": found}
    report["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": urn("report", *place)}]
    yield _entry(urn("report", *place), "DiagnosticReport", filled(report))


def _entry(url: str, kind: str, values: dict[str, Any]) -> Entry:
    return {"fullUrl": url, "resource": {"resourceType": kind, "id": url.rpartition(":")[2], **values}}


def _uid_of(value: str) -> dict[str, Any]:
    return {"system": "urn:dicom:uid", "value": f"urn:oid:{value}"}


def _study(uid: str) -> dict[str, Any]:
    return {"type": "ImagingStudy", "identifier": _uid_of(uid)}


def _patient(instance: Instance) -> Entry:
    who = instance.patient
    number = {"type": {"coding": [{"system": _IDENTIFIERS, "code": "MR"}]}, "value": text(who.identifier)}
    return _entry(urn("patient", who.identifier, who.name, who.birth_date), "Patient", filled({
        "identifier": [number] if text(who.identifier) else [],
        "name": [{"text": text(who.name)}] if text(who.name) else [],
        "gender": _SEXES.get(who.sex), "birthDate": day(who.birth_date),
    }))  # fmt: skip


def _device(stamp: BundleStamp) -> Entry:
    """Return the application with its model, under the model's hash."""
    version = {"type": {"text": "Hash of the model's manifest"}, "value": stamp.hash}
    return _entry(urn("device", __version__, stamp.name, stamp.version, stamp.hash), "Device", {
        "manufacturer": "BreastView",
        "deviceName": [{"name": f"BreastView {__version__}, model {stamp}", "type": "model-name"}],
        "version": [{"value": stamp.version}, version],
    })  # fmt: skip


def _reader(reading: Reading) -> list[dict[str, Any]]:
    name = text(reading.assessment.reader)
    return [{"type": "Practitioner", "display": name}] if name else []


def _report(reading: Reading) -> dict[str, Any]:
    """Return the report but for what it is about: state, category, what the reader concludes."""
    histology = reading.kind is Kind.HISTOLOGY
    said, changed = reading.assessment, changed_at(reading)
    words = [ALL_CATEGORIES.get(said.category, said.category), said.notes, said.management]
    words += [f"Not read by the AI: {' '.join(reading.failure.split())}"] if reading.failure else []
    accession = text(reading.instance.study.accession)
    order = {"type": "ServiceRequest", "identifier": {
        "type": {"coding": [{"system": _IDENTIFIERS, "code": "ACSN"}]}, "value": accession}}  # fmt: skip
    stamp = None if changed is None else changed.isoformat(timespec="seconds")
    return {
        "meta": filled({"lastUpdated": stamp}),
        "basedOn": [order] if accession else [],
        "status": _STATES.get(said.state, "partial"),
        "category": [{"coding": [{"system": _SECTION, "code": "PAT" if histology else "RAD"}]}],
        "code": codeable(_PATHOLOGY if histology else _IMAGING),
        "issued": stamp,
        "resultsInterpreter": _reader(reading),
        "conclusion": "\n".join(filter(None, [*map(text, words), RESEARCH_USE])),
    }

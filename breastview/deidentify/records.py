"""The record of a frame without what tells whose it is, for outputs that are not DICOM."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from breastview.deidentify.dataset import DUMMY
from breastview.deidentify.identity import Identity
from breastview.deidentify.options import Options
from breastview.deidentify.pseudonyms import Pseudonyms
from breastview.study.instance import Instance, Patient, Refusal
from breastview.study.measurement import Measurement
from breastview.study.opinions import Opinion, Opinions
from breastview.study.pair import PairedLesion
from breastview.study.reading import Assessment, Reading

Moved = Callable[[str], str]
"""Moves a moment (ISO 8601) by the patient's days."""


def identity_of(instance: Instance, reader: str = "") -> Identity:
    """Return the strings that must not be left of a case."""
    patient, study = instance.patient, instance.study
    born = patient.birth_date
    return Identity(
        (patient.name, study.referring_physician, reader),
        (patient.identifier, study.accession, study.institution, born,
         f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else ""),
    )  # fmt: skip


def instance(before: Instance, pseudonyms: Pseudonyms, options: Options, key: str) -> Instance:
    """Return a picture's description under pseudonyms; the file is not named any more."""
    who = patient_of(before)
    identity = identity_of(before)
    patient = Patient(
        name=pseudonyms.name(who), identifier=pseudonyms.name(who),
        sex=before.patient.sex if options.keep_characteristics else "",
    )  # fmt: skip
    label = new_label(before, pseudonyms, key)
    text = identity.cleaned if options.keep_text else _nothing
    study = replace(
        before.study, uid=_uid(before.study.uid, pseudonyms, options),
        description=text(before.study.description),
        date=before.study.date if options.keep_dates else pseudonyms.new_date(before.study.date, who),
        accession=pseudonyms.text(before.study.accession), institution="", referring_physician="",
    )  # fmt: skip
    series = replace(
        before.series, uid=_uid(before.series.uid, pseudonyms, options),
        description=text(before.series.description),
    )  # fmt: skip
    return replace(
        before, path=Path(label), label=label, study=study, series=series, patient=patient,
        uid=_uid(before.uid, pseudonyms, options), device=identity.cleaned(before.device), truth=(),
        exam="",
    )  # fmt: skip


def reading(before: Reading, pseudonyms: Pseudonyms, options: Options, key: str) -> Reading:
    """Return a record under pseudonyms; its pixels are those given."""
    identity = identity_of(before.instance, before.assessment.reader)
    text = identity.cleaned if options.keep_text else _nothing
    moved = _mover(before.instance, pseudonyms, options)
    analysis, segmentation = before.analysis, before.segmentation
    return replace(
        before, instance=instance(before.instance, pseudonyms, options, key),
        analysis=None if analysis is None else replace(analysis, made_at=moved(analysis.made_at)),
        segmentation=None if segmentation is None
        else replace(segmentation, changed_at=moved(segmentation.changed_at)),
        assessment=_assessment(before.assessment, identity, options, moved),
        measurements=tuple(_measurement(one, identity, options) for one in before.measurements),
        failure=text(before.failure) or (DUMMY if before.failure else ""),
        opinions=None if before.opinions is None else _opinions(before.opinions, moved),
        pairs=tuple(_paired(one, moved) for one in before.pairs),
    )  # fmt: skip


def refusal(before: Refusal, key: str) -> Refusal:
    """Return a refused file without its name."""
    label = _hidden(before.label, key)
    return Refusal(Path(label), label, "This file could not be read.")


def patient_of(case: Instance) -> str:
    """Return what tells the patient of a case from others, as `Pseudonyms.patient_of` does of a data set."""
    return (
        case.patient.identifier or (case.patient.name and case.patient.name + case.patient.birth_date)
        or case.study.uid
    )  # fmt: skip


def new_label(case: Instance, pseudonyms: Pseudonyms, key: str) -> str:
    """Return how a file is called from now on: patient, study and file under pseudonyms."""
    if not case.uid:
        from breastview.readers.formats.picture import READER

        suffix = PurePosixPath(case.label).suffix.lower()
        known = suffix in READER.suffixes  # another one may be half a name
        return f"pictures/{_hidden(case.label, key)}{suffix if known else ''}"
    patient, study = pseudonyms.name(patient_of(case)), _hidden(case.study.uid, key)
    return f"{patient}/{study}/{_hidden(case.uid, key)}.dcm"


def _hidden(text: str, key: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), key=key.encode()[:64], digest_size=6).hexdigest()


def _uid(value: str, pseudonyms: Pseudonyms, options: Options) -> str:
    """Return a UID's pseudonym; a folder's path, which stands for one at loose pictures, always gets one."""
    keeps = options.keep_uids and value.replace(".", "").isdecimal()
    return value if keeps else pseudonyms.new_uid(value)


def _nothing(text: str) -> str:  # noqa: ARG001
    return ""


def _mover(case: Instance, pseudonyms: Pseudonyms, options: Options) -> Moved:
    who = patient_of(case)

    def moved(moment: str) -> str:
        if not moment or options.keep_dates:
            return moment
        day = pseudonyms.new_date(moment[:10].replace("-", ""), who)
        return f"{day[:4]}-{day[4:6]}-{day[6:]}{moment[10:]}" if day else ""

    return moved


def _assessment(before: Assessment, identity: Identity, options: Options, moved: Moved) -> Assessment:
    text = identity.cleaned if options.keep_text else _nothing
    return replace(
        before, reader="", changed_at=moved(before.changed_at), notes=text(before.notes),
        indication=text(before.indication), comparison=text(before.comparison),
        management=text(before.management),
    )  # fmt: skip


def _measurement(before: Measurement, identity: Identity, options: Options) -> Measurement:
    return replace(before, text=identity.cleaned(before.text) if options.keep_text else "")


def _opinions(before: Opinions, moved: Moved) -> Opinions:
    def unnamed(one: Opinion) -> Opinion:
        return replace(one, reader="", at=moved(one.at))

    return replace(
        before, before=unnamed(before.before), after=None if before.after is None else unnamed(before.after),
        ai=None if before.ai is None else replace(before.ai, at=moved(before.ai.at)),
    )  # fmt: skip


def _paired(before: PairedLesion, moved: Moved) -> PairedLesion:
    pair = replace(before.pair, reader="", made_at=moved(before.pair.made_at))
    here, there = (replace(view, label="") for view in (before.here, before.there))
    return replace(before, pair=pair, here=here, there=there)

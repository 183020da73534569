"""The measurement report (TID 1500): what the AI said, what was measured, what is thought of it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from breastview import RESEARCH_USE
from breastview.exporters import _dicom_codes as codes
from breastview.exporters import _dicom_groups as groups
from breastview.exporters import _dicom_observers as observers
from breastview.exporters._dicom_identity import latest
from breastview.exporters._dicom_object import RESEARCH_ONLY, finished, series, study_times, when
from breastview.exporters._dicom_source import Source
from breastview.exporters._second_looks import in_words
from breastview.study.reading import Reading, ReadState

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

_TEXTS: tuple[tuple[str, tuple[str, str, str]], ...] = (
    ("indication", ("121109", "DCM", "Indications for Procedure")),
    ("comparison", ("111424", "DCM", "Comparison to previous studies")),
    ("notes", ("121106", "DCM", "Comment")),
    ("management", ("121075", "DCM", "Recommendation")),
)
"""The reader's free texts, fields of `Assessment`."""
_MODALITIES = {
    "US": "Ultrasound",
    "MG": "Mammography",
    "MR": "Magnetic Resonance",
    "DX": "Digital Radiography",
    "SM": "Slide Microscopy",
    "GM": "General Microscopy",
}


def reports(reading: Reading, source: Source, segmentation: Dataset | None) -> list[Dataset]:
    """Return the report of a reading; there is one of every reading, also where the AI said nothing.

    Preliminary or final, complete and verified are what the reader made of the case: a case that is marked
    final by a reader with a name is complete and verified by that reader; one marked final by nobody is
    complete and unverified; all others are partial and unverified.

    Parameters
    ----------
    reading : Reading
    source : Source
    segmentation : Dataset or None
        What `_dicom_seg.binary` made of the reading, whose segments the lesions are; None without a mask.
    """
    import highdicom

    model = str(reading.analysis.bundle) if reading.analysis is not None else ""
    content = highdicom.sr.MeasurementReport(
        observation_context=highdicom.sr.ObservationContext(
            observers.person(reading, source), observers.device(model)
        ),
        procedure_reported=_procedure(reading),
        imaging_measurements=groups.groups(reading, source, segmentation),
        title=codes.code("126000", "DCM", "Imaging Measurement Report"),
        referenced_images=[_plain(source)],
    )
    content[0].ContentSequence.append(_texts(reading))
    assessment, reader = reading.assessment, observers.reader_name(reading)
    final = assessment.state is ReadState.FINAL
    verified = final and bool(reader)
    made = highdicom.sr.ComprehensiveSR(
        [source.header, *([segmentation] if segmentation is not None else [])], content[0],
        **series("sr", source), is_complete=final, is_final=final, is_verified=verified,
        verifying_observer_name=reader if verified else None,
        verifying_organization=source.header.get("InstitutionName") or "not stated" if verified else None,
        coding_schemes=[_own_scheme()],
    )  # fmt: skip
    if verified:
        at = latest([assessment.changed_at], *study_times(source))
        made.VerifyingObserverSequence[0].VerificationDateTime = at.date + at.time
    _amend(made, reading)
    return [finished(made, source, when(reading, source))]


def _plain(source: Source) -> Dataset:
    """Return the header as that of a picture of no modality: of others highdicom's library asks for more."""
    plain = deepcopy(source.header)
    plain.Modality = "OT"
    return plain


def _amend(made: Dataset, reading: Reading) -> None:
    """Put right what highdicom writes into every report: the modality, and frames beside segments."""
    modality = _MODALITIES.get(reading.instance.modality)
    for item in items(made):
        if item.ValueType == "CODE" and modality and _named(item) == "121139":
            named = item.ConceptCodeSequence[0]
            named.CodeValue, named.CodeMeaning = reading.instance.modality, modality
        elif item.ValueType == "IMAGE" and "ReferencedSegmentNumber" in item.ReferencedSOPSequence[0]:
            # A segment number alone stands for it (PS3.3 10.3, condition of Referenced Segment Number).
            item.ReferencedSOPSequence[0].pop("ReferencedFrameNumber", None)


def _named(item: Dataset) -> str:
    # A code of more than 16 characters has a Long Code Value instead.
    return str(item.ConceptNameCodeSequence[0].get("CodeValue", ""))


def items(node: Dataset) -> Iterator[Dataset]:
    """Yield every content item below a report or an item of it."""
    for item in node.get("ContentSequence", ()):
        yield item
        yield from items(item)


def _own_scheme() -> Any:
    import highdicom

    return highdicom.coding_schemes.CodingSchemeIdentificationItem(
        codes.OWN, name="BreastView's own codes", responsible_organization="BreastView"
    )


def _procedure(reading: Reading) -> Code:
    if reading.instance.modality == "MR":
        return codes.code("241615005", "SCT", "MRI of breast")
    kind = reading.kind
    return codes.code(*(codes.PROCEDURES[kind] if kind else ("46662001", "SCT", "Examination of breast")))


def _texts(reading: Reading) -> Any:
    """Return what is said in words (TID 1500, "Qualitative Evaluations")."""
    import highdicom

    sr = highdicom.sr
    found = sr.ContainerContentItem(
        codes.code("C0034375", "UMLS", "Qualitative Evaluations"),
        relationship_type=sr.RelationshipTypeValues.CONTAINS,
    )
    said = [(codes.own("research-use", "Research use statement"), f"{RESEARCH_USE} {RESEARCH_ONLY}.")]
    said += [
        (codes.code(*name), text) for field, name in _TEXTS if (text := getattr(reading.assessment, field))
    ]
    said.append((codes.own("read-state", "How far the reader is"), reading.assessment.state.value))
    if reading.failure:
        said.append((codes.own("no-ai", "Why there is no AI result"), reading.failure))
    elif reading.analysis is None:
        said.append((codes.own("no-ai", "Why there is no AI result"), "The AI has not read this picture."))
    if reading.opinions is not None:
        said.append((codes.own("reader-and-ai", "Reader before and after the AI"), reading.opinions.sentence))
    said += [
        (codes.own("same-lesion", "The same lesion in another picture"), in_words(pair))
        for pair in reading.pairs
    ]
    found.ContentSequence = sr.ContentSequence([groups.text(name, value) for name, value in said])
    return found

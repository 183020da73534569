"""What becomes of an element by its keyword and value representation (PS3.15 table E.1-1).

Texts are removed unless they are known to say nothing about a person: a list of what to keep fails on the
safe side where a list of what to remove would not.
"""

from __future__ import annotations

from enum import Enum, auto

from pydicom.datadict import keyword_for_tag


class Fate(Enum):
    """What is done to an element."""

    REMOVE = auto()
    EMPTY = auto()
    KEEP = auto()
    """As it is."""
    CLEAN = auto()
    """Known names, numbers and dates are cut out."""
    FREE_TEXT = auto()
    """Cleaned where free text may stay, else its value gives way to a word."""
    DESCRIPTOR = auto()
    """Cleaned where free text may stay, else removed."""
    NAME = auto()
    IDENTIFIER = auto()
    """Replaced by a pseudonym, the same one always by the same."""
    CHARACTERISTIC = auto()
    """Age, sex and such."""
    UID = auto()
    DATE = auto()
    SEQUENCE = auto()


TEXTS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "UR", "AE", "AS", "CS", "UN"})
BULK = frozenset({"OB", "OW", "OF", "OD", "OL", "OV", "OB or OW"})

_IDENTIFIERS = frozenset({"PatientID", "AccessionNumber", "StudyID", "DeviceSerialNumber"})
_EMPTIED = frozenset({"PatientBirthDate", "PatientBirthTime", "InstanceOriginStatus"})
_CHARACTERISTICS = frozenset({
    "PatientAge", "PatientSex", "PatientSize", "PatientWeight", "PatientBodyMassIndex", "PatientSexNeutered",
    "PregnancyStatus", "SmokingStatus", "PatientSizeCodeSequence", "MeasuredAPDimension",
    "MeasuredLateralDimension",
})  # fmt: skip
_FREE_TEXT = frozenset({"TextValue", "UnformattedTextValue", "DocumentTitle", "VerifyingOrganization"})
_DESCRIPTORS = frozenset({
    "StudyDescription", "SeriesDescription", "ProtocolName", "AcquisitionProtocolDescription",
    "PerformedProcedureStepDescription", "RequestedProcedureDescription", "ImageComments", "FrameComments",
    "PatientComments", "AdditionalPatientHistory", "ReasonForStudy", "ContentDescription",
    "AcquisitionComments", "DerivationDescription", "KeyObjectDescription",
})  # fmt: skip
_CLEANED = frozenset({
    "Manufacturer", "ManufacturerModelName", "SoftwareVersions", "SegmentLabel", "SegmentDescription",
    "SegmentAlgorithmName", "AlgorithmName", "AlgorithmVersion", "AlgorithmParameters", "AlgorithmSource",
    "TrackingID", "GraphicLayerDescription", "PresentationLUTLabel", "WindowCenterWidthExplanation",
    "LUTExplanation", "DimensionDescriptionLabel", "MIMETypeOfEncapsulatedDocument", "RescaleType",
    "TransducerData", "ViewName", "StageName", "ConvolutionKernel", "TransducerBeamSteeringCode",
    "ProcessingFunction",
    "AcquisitionDeviceProcessingDescription", "AcquisitionDeviceProcessingCode", "TimezoneOffsetFromUTC",
    "PixelSpacingCalibrationDescription", "ExposureControlModeDescription", "OverlayLabel",
    "PositionReferenceIndicator", "MeasurementUnits", "ROIName", "ConstantVolumeFlag", "FilterType",
})  # fmt: skip
_CODED = frozenset({
    "CodeValue", "LongCodeValue", "CodingSchemeDesignator", "CodingSchemeVersion", "CodeMeaning",
    "CodingSchemeName", "CodingSchemeResponsibleOrganization", "CodingSchemeRegistry", "MappingResourceName",
})  # fmt: skip
_BULK_KEPT = frozenset({
    "PixelData", "FloatPixelData", "DoubleFloatPixelData", "LUTData", "ICCProfile",
    "RedPaletteColorLookupTableData", "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "AlphaPaletteColorLookupTableData", "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData", "SegmentedBluePaletteColorLookupTableData",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PointCoordinatesData", "TrackPointIndexList",
    "LongPrimitivePointIndexList", "DoublePointCoordinatesData", "VectorGridData",
})  # fmt: skip
_REMOVED = frozenset({
    "OriginalAttributesSequence", "ModifiedAttributesSequence", "RequestAttributesSequence",
    "ReferencedPatientSequence", "ReferencedPatientPhotoSequence", "OtherPatientIDsSequence",
    "IssuerOfPatientIDQualifiersSequence", "IssuerOfAccessionNumberSequence", "IconImageSequence",
    "DigitalSignaturesSequence", "MACParametersSequence", "EncryptedAttributesSequence",
    "PersonIdentificationCodeSequence", "OperatorIdentificationSequence",
    "ReferringPhysicianIdentificationSequence", "PerformingPhysicianIdentificationSequence",
    "PhysiciansOfRecordIdentificationSequence", "PhysiciansReadingStudyIdentificationSequence",
    "ConsultingPhysicianIdentificationSequence", "VerifyingObserverIdentificationCodeSequence",
    "AuthorObserverSequence", "ParticipantSequence", "CustodialOrganizationSequence",
    "InstitutionCodeSequence", "InstitutionalDepartmentTypeCodeSequence", "PatientInsurancePlanCodeSequence",
    "PatientPrimaryLanguageCodeSequence", "ResponsiblePerson", "ReferencedRequestSequence",
    "ReferencedDefinedProtocolSequence", "ReferencedPerformedProtocolSequence",
    "ScheduledStepAttributesSequence",
    "AdmittingDiagnosesCodeSequence", "ContributingEquipmentSequence", "PerformedProtocolCodeSequence",
    "SourcePatientGroupIdentificationSequence", "GroupOfPatientsIdentificationSequence",
    "HL7StructuredDocumentReferenceSequence", "ClinicalTrialSubjectID", "LastMenstrualDate",
    "DeidentificationMethod", "DeidentificationMethodCodeSequence", "OriginalSpecimenIdentification",
    "ContentCreatorIdentificationCodeSequence", "DataSetTrailingPadding", "AudioComments",
    "CurveData", "OverlayData", "OverlayComments", "SpecimenDescriptionSequence",
    "ContainerIdentifier", "IssuerOfTheContainerIdentifierSequence",
})  # fmt: skip


def fate(tag: int, vr: str, coded: bool = False) -> Fate:
    """Return what becomes of an element.

    Parameters
    ----------
    tag : int
    vr : str
        As read.
    coded : bool
        Whether it stands in an item of a standard coding scheme.
    """
    group, keyword = tag >> 16, keyword_for_tag(tag)
    if group % 2 or not keyword or keyword in _REMOVED or _repeating(group):
        return Fate.REMOVE
    named = _by_name(keyword, coded)
    return named if named is not None else _by_vr(keyword, vr)


def _repeating(group: int) -> bool:
    """Return whether a group holds curves or overlays, in which anything may be drawn."""
    return group & 0xFF00 in (0x5000, 0x6000)


def _by_name(keyword: str, coded: bool) -> Fate | None:
    groups = (
        (_IDENTIFIERS, Fate.IDENTIFIER), (_EMPTIED, Fate.EMPTY), (_CHARACTERISTICS, Fate.CHARACTERISTIC),
        (_FREE_TEXT, Fate.FREE_TEXT), (_DESCRIPTORS, Fate.DESCRIPTOR), (_CLEANED, Fate.CLEAN),
        (_CODED, Fate.KEEP if coded else Fate.CLEAN), (_BULK_KEPT, Fate.KEEP),
    )  # fmt: skip
    return next((fate for keywords, fate in groups if keyword in keywords), None)


def _by_vr(keyword: str, vr: str) -> Fate:
    if vr == "SQ":
        return Fate.SEQUENCE
    if vr == "PN":
        return Fate.NAME
    if vr == "UI":
        return Fate.UID
    if vr in ("DA", "DT"):
        return Fate.DATE
    if vr == "CS":
        return Fate.CLEAN
    if vr in BULK or vr in TEXTS or keyword == "EncapsulatedDocument":
        return Fate.REMOVE
    return Fate.KEEP

"""A DICOM header as an `Instance`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.readers.dicom import grey, kinds, slide
from breastview.readers.dicom.calibration import calibrations
from breastview.readers.dicom.header import (
    Header,
    at_pixels,
    media_storage_class,
    opened,
    tag,
    transfer_syntax,
)
from breastview.readers.dicom.projection import projection
from breastview.readers.limits import check_size
from breastview.study.instance import Instance, Patient, SeriesInfo, StudyInfo

# fmt: off
_KEYWORDS = (
    "SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "StudyDate", "StudyTime", "AccessionNumber",
    "Modality", "Manufacturer", "ManufacturerModelName", "InstitutionName", "ReferringPhysicianName",
    "StudyDescription", "SeriesDescription", "PatientName", "PatientID", "PatientBirthDate", "PatientSex",
    "CineRate", "FrameTime", "FrameTimeVector", "ImagerPixelSpacing", "NominalScannedPixelSpacing",
    "PixelSpacingCalibrationType",
    "EstimatedRadiographicMagnificationFactor", "ViewPosition", "SequenceOfUltrasoundRegions",
    "RecommendedDisplayFrameRate", "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber",
    "InstanceNumber", "Laterality", "ImageLaterality", "PatientOrientation", "PixelAspectRatio",
    "ViewCodeSequence", "BreastImplantPresent", "PartialView", "SamplesPerPixel",
    "PhotometricInterpretation", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored",
    "PixelSpacing", "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", *slide.KEYWORDS,
)
# fmt: on
TAGS = [tag(keyword) for keyword in _KEYWORDS]

_NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")
_ELEMENT_HEAD = 8
_ALWAYS_LOSSY = {"1.2.840.10008.1.2.4.50": "JPEG", "1.2.840.10008.1.2.4.51": "JPEG"}
_METHODS = {
    "ISO_10918_1": "JPEG",
    "ISO_14495_1": "JPEG-LS near-lossless",
    "ISO_15444_1": "JPEG 2000",
    "ISO_15444_15": "HTJ2K",
    "ISO_18181_1": "JPEG XL",
    "ISO_13818_2": "MPEG-2",
}
# View codes of PS3.16 CID 4014, SNOMED CT and the older SNOMED RT.
_VIEWS = {
    "399162004": "CC",
    "R-10242": "CC",
    "399368009": "MLO",
    "R-10226": "MLO",
    "399260004": "ML",
    "R-10224": "ML",
    "399352003": "LM",
    "R-10228": "LM",
    "399196006": "XCCL",
    "Y-X1770": "XCCL",
    "399188001": "LMO",
    "R-10230": "LMO",
}


def describe(path: Path, label: str) -> Instance:
    """Return what the header says.

    Raises
    ------
    UnreadableFile
        If this is no DICOM file, its header is damaged, or it promises more pixels than the file holds.
    UnsupportedFile
        If it is no picture.
    """
    with opened(path, TAGS) as (dataset, stream):
        header = Header(dataset)
        syntax = transfer_syntax(dataset)
        sop_class = header.text("SOPClassUID") or media_storage_class(dataset)
        _refuse_other_objects(sop_class, syntax, path, has_pixels=at_pixels(stream, dataset))
        instance = _instance(header, syntax, path, label)
        if syntax in _NATIVE:
            begin = stream.tell()
            _check_length(header, instance, stream.seek(0, 2) - begin)
    matrix = slide.matrix(header, path)
    return instance if matrix is None else _of_slide(instance, header, matrix)


def _of_slide(instance: Instance, header: Header, matrix: slide.Matrix) -> Instance:
    """Return the one picture that the frames of a slide make up."""
    rows, columns = matrix.opened
    return replace(
        instance,
        rows=rows,
        columns=columns,
        frames=1,
        photometric="RGB",
        frame_time=0.0,
        calibrations=(slide.calibration(header, matrix),),
        series=replace(instance.series, description=slide.described(matrix)),
    )


def _refuse_other_objects(sop_class: str, syntax: str, path: Path, has_pixels: bool) -> None:
    other = kinds.no_picture(sop_class)
    if other:
        raise UnsupportedFile(f"this is {other}", path)
    moving = kinds.no_still(syntax)
    if moving:
        raise UnsupportedFile(
            f"this is {moving}, which is not shown",
            path,
            "Export it as single frames or as an uncompressed cine.",
        )
    if not has_pixels:
        remedy = "If it should be a picture, its end is missing: copy it again from its source."
        raise UnsupportedFile("the DICOM file holds no pixel data", path, remedy)


def _instance(header: Header, syntax: str, path: Path, label: str) -> Instance:
    rows, columns = header.numbers("Rows"), header.numbers("Columns")
    if len(rows) != 1 or len(columns) != 1 or header.integer("BitsAllocated") < 1:
        raise UnreadableFile(
            "the header gives no picture size", path, "The file is damaged; ask for it again."
        )
    height, width = int(rows[0]), int(columns[0])
    frames = _frames(header, path)
    check_size(path, height, width, frames)
    study = _study(header, path)
    return Instance(
        path=path,
        label=label,
        reader="dicom",
        rows=height,
        columns=width,
        frames=frames,
        study=study,
        series=_series(header, study),
        patient=_patient(header),
        uid=header.text("SOPInstanceUID"),
        sop_class=header.text("SOPClassUID"),
        number=header.integer("InstanceNumber"),
        modality=header.text("Modality"),
        photometric=header.text("PhotometricInterpretation") or "MONOCHROME2",
        bits_stored=header.integer("BitsStored") or header.integer("BitsAllocated"),
        windows=grey.windows(header, grey.functional_groups(header, 0)),
        calibrations=calibrations(header, height, width),
        laterality=_laterality(header),
        view=_view(header),
        projection=projection(header),
        device=_device(header),
        lossy=_lossy(header, syntax),
        frame_time=_frame_time(header) if frames > 1 else 0.0,
        directions=_directions(header),
        pixel_aspect=_pixel_aspect(header),
    )


def _frames(header: Header, path: Path) -> int:
    text = header.text("NumberOfFrames")
    if not text:
        return 1
    try:
        return int(text)
    except ValueError as error:
        raise UnreadableFile("the number of frames in the header is damaged", path) from error


def _check_length(header: Header, instance: Instance, left: int) -> None:
    """Refuse uncompressed pixels that the file is too short for."""
    bits = (
        instance.rows
        * instance.columns
        * header.integer("SamplesPerPixel", 1)
        * header.integer("BitsAllocated")
    )
    if instance.photometric == "YBR_FULL_422":
        bits = bits * 2 // 3
    expected = bits * instance.frames // 8
    if expected > left - _ELEMENT_HEAD:
        raise UnreadableFile(
            "the pixel data ends too early: the file is shorter than its header says",
            instance.path,
            "Copy it again from its source.",
        )


def _study(header: Header, path: Path) -> StudyInfo:
    return StudyInfo(
        uid=header.text("StudyInstanceUID") or str(path.parent),
        date=header.text("StudyDate"),
        time=header.text("StudyTime"),
        description=header.text("StudyDescription"),
        accession=header.text("AccessionNumber"),
        institution=header.text("InstitutionName"),
        referring_physician=person(header.text("ReferringPhysicianName")),
    )


def _series(header: Header, study: StudyInfo) -> SeriesInfo:
    return SeriesInfo(
        uid=header.text("SeriesInstanceUID") or study.uid,
        number=header.integer("SeriesNumber"),
        description=header.text("SeriesDescription"),
    )


def _patient(header: Header) -> Patient:
    return Patient(
        name=person(header.text("PatientName")),
        identifier=header.text("PatientID"),
        birth_date=header.text("PatientBirthDate"),
        sex=header.text("PatientSex"),
    )


def person(name: str) -> str:
    """Return a DICOM person name as "Family, Given"; ideographic and phonetic forms follow in brackets."""
    groups = []
    for group in name.split("="):
        family, *given = (part.strip() for part in group.split("^"))
        rest = " ".join(part for part in given if part)
        groups.append(", ".join(part for part in (family, rest) if part))
    first, *others = [group for group in groups if group] or [""]
    return first + "".join(f" ({other})" for other in others)


def _laterality(header: Header) -> str:
    return (header.text("ImageLaterality") or header.text("Laterality"))[:1].upper()


def _directions(header: Header) -> tuple[str, str]:
    """Return where rows and columns lead to, both or neither."""
    letters = [text.upper() for text in header.texts("PatientOrientation")]
    known = len(letters) == 2 and all(text and set(text) <= set("RLAPHF") for text in letters)
    return (letters[0], letters[1]) if known else ("", "")


def _pixel_aspect(header: Header) -> float:
    """Return height over width of a px (PS3.3 C.7.6.3.1.7: vertical, horizontal)."""
    ratio = header.numbers("PixelAspectRatio")
    plausible = len(ratio) == 2 and min(ratio) > 0 and 0.1 <= ratio[0] / ratio[1] <= 10
    return ratio[0] / ratio[1] if plausible else 1.0


def _view(header: Header) -> str:
    for item in header.items("ViewCodeSequence"):
        known = _VIEWS.get(item.text("CodeValue"))
        if known:
            return known
    return header.text("ViewPosition").upper()


def _device(header: Header) -> str:
    maker, model = header.text("Manufacturer"), header.text("ManufacturerModelName")
    return model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip()


def _lossy(header: Header, syntax: str) -> str:
    if header.text("LossyImageCompression") != "01" and syntax not in _ALWAYS_LOSSY:
        return ""
    method = _METHODS.get(header.text("LossyImageCompressionMethod"), _ALWAYS_LOSSY.get(syntax, ""))
    ratio = header.number("LossyImageCompressionRatio")
    parts = [method or "lossy", f"{ratio:.3g}:1" if ratio > 1 else ""]
    return ", ".join(part for part in parts if part)


def _frame_time(header: Header) -> float:
    """Return milliseconds a frame from the first element that tells it."""
    if header.number("FrameTime") > 0:
        return header.number("FrameTime")
    steps = [step for step in header.numbers("FrameTimeVector") if step > 0]
    if steps:
        return sum(steps) / len(steps)
    rate = header.number("RecommendedDisplayFrameRate") or header.number("CineRate")
    return 1000.0 / rate if rate > 0 else 0.0

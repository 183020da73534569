"""After de-identification nothing of the patient is left in a file, and what belongs together stays so."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from breastview.deidentify import Deidentifier, Options, carried, save
from breastview.deidentify.identity import CUT, Identity
from breastview.deidentify.report import Action, as_csv, as_json, as_text
from breastview.errors import BreastViewError, ExportError
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe
from breastview.study.reading import Assessment, Reading
from tests import conftest, phantoms

KEY = "a key for tests, sixteen or more"
SHARED = conftest.DATA / "dicom"
NAMES = [
    ("ISO_IR 100", "Müller^Jörg-Äneas"),
    ("ISO_IR 144", "Люкceмбypг^Анна"),
    ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
    ("ISO_IR 192", "Иванова^Мария^Петровна"),
    ("ISO_IR 192", "Ærøskøbing^Zoë"),
]


def plain(key: str = KEY, **options: object) -> Deidentifier:
    return Deidentifier(key, Options(**options), read_frame)  # type: ignore[arg-type]


def cleaned(path: Path, **options: object) -> Dataset:
    return plain(**options).picture(describe(path, path.name))


def texts(dataset: Dataset) -> str:
    """Return every string of a data set but its pixels, one a line."""
    found = []
    for element in dataset.iterall():
        if element.VR not in ("OB", "OW", "SQ"):
            values = element.value if element.VM > 1 else [element.value]
            found.extend(unicodedata.normalize("NFC", str(value)) for value in values or ())
    return "\n".join(found)


def named(path: Path, charset: str, name: str, **elements: object) -> Path:
    item = Dataset()
    item.PatientName, item.PatientID, item.IssuerOfPatientID = name, "OTHER-77123", "KRANKENHAUS"
    return phantoms.us_grey(
        path, SpecificCharacterSet=charset, PatientName=name, PatientID="P-4711-XY",
        ReferringPhysicianName=name, PatientBirthDate="19610203", AccessionNumber="ACC-90210",
        StudyID="S-5588",
        InstitutionName="St. Anywhere", PatientComments=f"is called {name.split('=')[0].replace('^', ' ')}",
        StudyDescription="Mamma beidseits", SeriesDescription=name.split("^")[0], PatientSex="F",
        PatientAge="064Y", OtherPatientIDsSequence=Sequence([item]), StationName="STATION-9",
        PatientAddress="Hauptstraße 17" if charset == "ISO_IR 100" else "Some Street 17", **elements,
    )  # fmt: skip


@pytest.mark.parametrize(("charset", "name"), NAMES)
@pytest.mark.parametrize("keep", [False, True])
def test_nothing_of_the_patient_is_left(tmp_path: Path, charset: str, name: str, keep: bool) -> None:
    path = named(tmp_path / "a.dcm", charset, name)
    before = pydicom.dcmread(path)
    clean = cleaned(path, keep_text=keep, keep_dates=keep, keep_uids=keep, keep_characteristics=keep)
    clean.save_as(tmp_path / "b.dcm", enforce_file_format=True)
    written = pydicom.dcmread(tmp_path / "b.dcm")
    raw = (tmp_path / "b.dcm").read_bytes().replace(written.PixelData, b"")
    numbers = {"19610203", "P-4711-XY", "OTHER-77123", "ACC-90210", "S-5588"}
    for string in Identity.of(before).strings | numbers:
        assert string.casefold() not in texts(written).casefold(), string
        for encoding in ("utf-8", "iso8859-5", "latin-1"):
            encoded = string.encode(encoding, "ignore")
            assert len(encoded) < 4 or encoded not in raw, string
    assert written.PatientName == written.PatientID
    assert str(written.PatientID).startswith("BV")
    assert written.PatientIdentityRemoved == "YES"
    assert written.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert np.array_equal(written.pixel_array, before.pixel_array)


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared DICOM files are not here")
def test_nothing_of_the_patient_is_left_in_real_files(tmp_path: Path) -> None:
    tried = 0
    for path in sorted(SHARED.rglob("*.dcm")):
        try:
            before = pydicom.dcmread(path, force=True)
            identity = Identity.of(before)
        except Exception:
            continue
        if "SOPClassUID" not in before:
            continue
        clean = plain(keep_text=True).dataset(before, path.name)
        try:
            clean.save_as(tmp_path / path.name, enforce_file_format=True)
        except Exception as error:
            unknown = "not a valid transfer syntax" in str(error)
            assert unknown or path.parent.name == "broken", (path, error)
            continue
        written = pydicom.dcmread(tmp_path / path.name)
        left = [line for line in texts(written).splitlines() if identity.occurs(line)]
        standard = {str(e.value) for e in written.iterall() if e.keyword in ("CodeMeaning", "CodeValue")}
        assert [line for line in left if line not in standard] == [], path
        assert not any(element.tag.is_private for element in written.iterall()), path
        tried += 1
    assert tried > 40


def test_what_belongs_together_stays_together_in_every_run(tmp_path: Path) -> None:
    study = {"StudyInstanceUID": "1.2.3.4", "SeriesInstanceUID": "1.2.3.5", "FrameOfReferenceUID": "1.2.3.6"}
    one = named(tmp_path / "1.dcm", *NAMES[0], **study)
    two = named(tmp_path / "2.dcm", *NAMES[0], **study)
    first, again, other = cleaned(one), cleaned(two), plain("quite another key for tests")
    for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "PatientID", "StudyDate"):
        assert first[keyword].value == again[keyword].value
    assert first.StudyInstanceUID != "1.2.3.4"
    assert first.SOPInstanceUID != again.SOPInstanceUID
    assert first.file_meta.MediaStorageSOPInstanceUID == first.SOPInstanceUID
    elsewhere = other.picture(describe(one, "1.dcm"))
    assert elsewhere.StudyInstanceUID != first.StudyInstanceUID
    assert elsewhere.PatientID != first.PatientID


def test_a_reference_still_finds_its_picture(tmp_path: Path) -> None:
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = phantoms.US, "1.2.3.77"
    path = named(tmp_path / "a.dcm", *NAMES[0], SourceImageSequence=Sequence([reference]))
    clean = plain()
    pointing = clean.picture(describe(path, "a.dcm"))
    target = named(tmp_path / "b.dcm", *NAMES[0], SOPInstanceUID="1.2.3.77")
    pointed = clean.picture(describe(target, "b.dcm"))
    assert pointing.SourceImageSequence[0].ReferencedSOPInstanceUID == pointed.SOPInstanceUID
    assert pointing.SourceImageSequence[0].ReferencedSOPClassUID == phantoms.US
    assert pointing.SOPClassUID == phantoms.US


def test_dates_are_moved_by_whole_days_alike(tmp_path: Path) -> None:
    early = named(tmp_path / "1.dcm", *NAMES[0])
    late = named(tmp_path / "2.dcm", *NAMES[0], AcquisitionDateTime="20260112101112.5")
    first, second = cleaned(early), cleaned(late)
    assert first.StudyDate == second.StudyDate != "20260102"
    assert first.StudyTime == "101112"
    moved = pydicom.valuerep.DA(second.AcquisitionDateTime[:8]) - pydicom.valuerep.DA(second.StudyDate)
    assert moved.days == 10
    assert not first.PatientBirthDate
    assert first.LongitudinalTemporalInformationModified == "MODIFIED"
    kept = cleaned(early, keep_dates=True)
    assert kept.StudyDate == "20260102"
    assert not kept.PatientBirthDate
    assert kept.LongitudinalTemporalInformationModified == "UNMODIFIED"


def test_a_damaged_date_or_number_is_emptied(tmp_path: Path) -> None:
    path = named(tmp_path / "a.dcm", *NAMES[0])
    dataset = pydicom.dcmread(path)
    dataset.add_new("SeriesDate", "LO", "Müller")
    dataset["SeriesDate"].VR = "DA"
    clean = plain().dataset(dataset)
    assert not clean.SeriesDate


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize(
    ("keyword", "vr"),
    [("SeriesTime", "TM"), ("SeriesDate", "DA"), ("AcquisitionDateTime", "DT"), ("SeriesInstanceUID", "UI"),
     ("PatientAge", "AS"), ("InstanceNumber", "IS"), ("SOPClassUID", "UI")],
)  # fmt: skip
def test_no_text_hides_in_elements_of_other_kinds(tmp_path: Path, keyword: str, vr: str, keep: bool) -> None:
    dataset = pydicom.dcmread(named(tmp_path / "a.dcm", *NAMES[0]))
    dataset.add_new(keyword, "LO", "Müller")
    dataset[keyword].VR = vr
    clean = plain(keep_dates=keep, keep_uids=keep, keep_characteristics=keep).dataset(dataset)
    assert "ller" not in texts(clean)


def test_pictures_within_elements_go(tmp_path: Path) -> None:
    dataset = pydicom.dcmread(named(tmp_path / "a.dcm", *NAMES[0]))
    icon = Dataset()
    icon.Rows = icon.Columns = 2
    icon.add_new("PixelData", "OW", b"name")
    dataset.IconImageSequence = dataset.SourceImageSequence = Sequence([icon])
    clean = plain().dataset(dataset)
    assert "PixelData" in clean
    assert not any("PixelData" in item for one in clean if one.VR == "SQ" for item in one.value)


def test_a_patient_without_a_number_has_one_pseudonym_everywhere(tmp_path: Path) -> None:
    path = named(tmp_path / "a.dcm", *NAMES[0])
    dataset = pydicom.dcmread(path)
    dataset.PatientID = ""
    dataset.save_as(path)
    case, clean = describe(path, "a.dcm"), plain()
    picture = clean.picture(case)
    record = clean.reading(Reading(case, 0, read_frame(case)), case)
    assert picture.PatientID == record.instance.patient.identifier
    assert picture.StudyDate == record.instance.study.date
    assert clean.label(case).startswith(f"{picture.PatientID}/")


def test_the_ending_of_a_name_is_kept_only_where_it_is_one(tmp_path: Path) -> None:
    import cv2

    cv2.imwrite(str(tmp_path / "a.png"), phantoms.speckle(60, 80))
    case = describe(tmp_path / "a.png", "a.png")
    assert plain().label(case).endswith(".png")
    assert "anna" not in plain().label(replace(case, label="mamma.Anna"))


JPEG = bytes.fromhex("ffd8") + b"".join(
    bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
    for marker, content in (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xE1, b"Exif\0\0Mueller"), (0xFE, b"Mueller, Anna"),
        (0xEE, b"Adobe\0d\0\0\0\0\1"), (0xDB, b"table"), (0xDA, b"scan"),
    )
) + b"pixels\xff\xd9"  # fmt: skip


def test_compressed_frames_lose_comments_and_nothing_else() -> None:
    clean = carried.codestream(JPEG)
    assert b"Mueller" not in clean
    assert all(one in clean for one in (b"JFIF", b"Adobe", b"table", b"scan", b"pixels\xff\xd9"))
    tile = bytes.fromhex("ff90000a") + b"rest of it"
    for comment in (b"\xff\x64\x00\x0b\x00\x01Mueller", b""):
        plainly = b"\xff\x4f\xff\x51\x00\x06size"
        assert carried.codestream(plainly + comment + tile) == plainly + tile
    assert carried.codestream(b"anything else") == b"anything else"
    for end in range(len(JPEG)):
        carried.codestream(JPEG[:end])


def test_comments_in_the_pixels_of_a_file_go_and_the_pixels_stay(tmp_path: Path) -> None:
    import cv2
    from pydicom.encaps import encapsulate, generate_frames
    from pydicom.uid import JPEGBaseline8Bit

    made = phantoms.dataset(phantoms.speckle(64, 96), photometric="MONOCHROME2")
    _, coded = cv2.imencode(".jpg", phantoms.speckle(64, 96))
    coded = coded.tobytes()
    comment = b"\xff\xfe\x00\x0fMueller, Anna"
    made.PixelData = encapsulate([coded[:2] + comment + coded[2:]])
    made["PixelData"].is_undefined_length = True
    made.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    path = phantoms.save(made, tmp_path / "a.dcm")
    clean = plain(accept_text=True)
    case = describe(path, "a.dcm")
    file = save(clean.picture(case), tmp_path / "b.dcm")
    assert b"Mueller" not in file.read_bytes()
    assert next(generate_frames(pydicom.dcmread(file).PixelData, number_of_frames=1)).startswith(coded)
    assert np.array_equal(read_frame(describe(file, "b.dcm")).values, read_frame(case).values)
    assert "comments" in as_text(clean.reports)


def test_overlays_in_unused_bits_go(tmp_path: Path) -> None:
    values = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)
    made = phantoms.dataset(values, photometric="MONOCHROME2")
    made.BitsStored, made.HighBit = 12, 11
    made.PixelData = (values | 0x8000).tobytes()
    made.add_new(0x60000100, "US", 16)
    made.add_new(0x60000102, "US", 15)
    path = phantoms.save(made, tmp_path / "a.dcm")
    clean = cleaned(path, accept_text=True)
    assert np.array_equal(np.frombuffer(clean.PixelData, "<u2").reshape(64, 64), values)


def test_private_elements_overlays_and_unknown_ones_go(tmp_path: Path) -> None:
    path = named(tmp_path / "a.dcm", *NAMES[0])
    dataset = pydicom.dcmread(path)
    block = dataset.private_block(0x0029, "MAKER", create=True)
    block.add_new(0x10, "LO", "Müller")
    dataset.add_new(0x60003000, "OW", b"drawn name")
    dataset.add_new(0x00091010, "UN", b"Mueller")
    clean = plain().dataset(dataset)
    assert not any(element.tag.is_private for element in clean.iterall())
    assert 0x60003000 not in clean


def report_of(name: str) -> Dataset:
    """Return a structured report with a name in every place it has for one."""

    def item(kind: str, code: str, **elements: object) -> Dataset:
        found, concept = Dataset(), Dataset()
        concept.CodeValue, concept.CodingSchemeDesignator, concept.CodeMeaning = code, "DCM", "meaning"
        found.ValueType, found.RelationshipType = kind, "CONTAINS"
        found.ConceptNameCodeSequence = Sequence([concept])
        for keyword, value in elements.items():
            setattr(found, keyword, value)
        return found

    report = phantoms.dataset(phantoms.speckle(), photometric="MONOCHROME2")
    del report.PixelData
    report.SpecificCharacterSet = "ISO_IR 192"
    report.PatientName = name
    report.ContentSequence = Sequence([
        item("PNAME", "121008", PersonName=name), item("PNAME", "121029", PersonName=name),
        item("DATE", "121031", Date="19610203"), item("TEXT", "121106", TextValue=f"Seen with {name}"),
        item("TEXT", "112039", TextValue="Lesion 1"),
        item("TEXT", "121021", TextValue="ORDER-31337"), item("TEXT", "121016", TextValue="SERIAL-31337"),
        item("CONTAINER", "125007", ContentSequence=Sequence([item("TEXT", "121106", TextValue=name)])),
    ])  # fmt: skip
    return report


def test_structured_reports_lose_names_and_free_text_and_keep_their_numbers() -> None:
    clean = plain().dataset(report_of("Müller^Jörg"))
    assert "ller" not in texts(clean)
    words = [item.get("TextValue") for item in clean.ContentSequence]
    assert "Lesion 1" in words
    assert "removed" in words
    assert "121029" not in [one.ConceptNameCodeSequence[0].CodeValue for one in clean.ContentSequence]


def test_kept_text_has_the_names_cut_out() -> None:
    clean = plain(keep_text=True).dataset(report_of("Müller^Jörg"))
    words = [item.get("TextValue") for item in clean.ContentSequence]
    assert f"Seen with {CUT}^{CUT}" in words
    assert "-31337" not in texts(clean)


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Müller^Jörg", "Frau MUELLER, geb. 1.2.1961", f"Frau {CUT}, geb. 1.2.1961"),
        ("Ann^Li", "Annotation of Ann, lithium", f"Annotation of {CUT}, lithium"),
        ("王^小东", "患者王小东", f"患者{CUT}"),
        ("Zoë^X", "zoe and ZOË", f"{CUT} and {CUT}"),
    ],
)
def test_names_are_cut_out_as_words(name: str, text: str, left: str) -> None:
    assert Identity([name]).cleaned(text) == left


def test_the_report_tells_what_was_done_and_nothing_else(tmp_path: Path) -> None:
    path = named(tmp_path / "mueller.dcm", *NAMES[0])
    clean = plain()
    clean.picture(describe(path, "mueller.dcm"))
    (report,) = clean.reports
    actions = {change.element.split()[-1]: change.action for change in report.changes}
    assert actions["PatientID"] is Action.REPLACED
    assert actions["StudyDate"] is Action.SHIFTED
    assert actions["PatientBirthDate"] is Action.EMPTIED
    assert actions["InstitutionName"] is Action.REMOVED
    for text in (as_text(clean.reports), as_csv(clean.reports), as_json(clean.reports)):
        assert "PatientID" in text
        assert not any(one in text for one in ("ller", "P-4711", "19610203", "Anywhere", "mueller"))


def burned(path: Path, where: tuple[int, int], **elements: object) -> Path:
    """Write an ultrasound picture of 400 × 300 with a name printed in it."""
    import cv2

    values = phantoms.speckle(300, 400)
    values[:50] = 0
    cv2.putText(values, "MUELLER ANNA", where, cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1, cv2.LINE_AA)
    return phantoms.save(phantoms.dataset(values, photometric="MONOCHROME2", **elements), path)


def region() -> Sequence:
    item = phantoms.region(0, 60, 399, 299, 0.01)
    return Sequence([item])


def test_text_in_the_pixels_holds_the_file_back(tmp_path: Path) -> None:
    # A name that no file named by hexadecimal digits can end with by chance.
    path = burned(tmp_path / "mueller.dcm", (20, 30))
    with pytest.raises(ExportError, match="burned into the pixels") as error:
        cleaned(path)
    assert "mueller" not in str(error.value)
    accepted = cleaned(path, accept_text=True)
    assert accepted.BurnedInAnnotation == "YES"


def test_text_that_the_header_tells_of_and_nobody_finds_holds_the_file_back(tmp_path: Path) -> None:
    dataset = phantoms.dataset(
        phantoms.speckle(300, 400), photometric="MONOCHROME2", BurnedInAnnotation="YES"
    )
    path = phantoms.save(dataset, tmp_path / "a.dcm")
    with pytest.raises(ExportError, match="none was found"):
        cleaned(path)
    assert cleaned(path, accept_text=True).BurnedInAnnotation == "YES"
    assert cleaned(path, rectangles=((0, 0, 400, 50),)).BurnedInAnnotation == "NO"


@pytest.mark.parametrize(
    "options",
    [{"blank_outside": True}, {"blank_text": True}, {"rectangles": ((0, 0, 400, 50),)}],
)
def test_blanking_takes_the_text_and_leaves_the_scan(tmp_path: Path, options: dict[str, object]) -> None:
    path = burned(tmp_path / "a.dcm", (20, 30), SequenceOfUltrasoundRegions=region())
    before = pydicom.dcmread(path).pixel_array
    clean = plain(**options)
    made = clean.picture(describe(path, "a.dcm"))
    made.save_as(tmp_path / "b.dcm", enforce_file_format=True)
    after = pydicom.dcmread(tmp_path / "b.dcm").pixel_array
    assert np.array_equal(after[60:], before[60:])
    assert after[:50].max() == 0 or (options.get("blank_text") and np.mean(after[:50] > 100) < 0.001)
    assert made.BurnedInAnnotation == "NO"
    assert "113101" in [item.CodeValue for item in made.DeidentificationMethodCodeSequence]
    assert clean.reports[0].blanked


def test_text_inside_a_region_stays_found(tmp_path: Path) -> None:
    values = phantoms.speckle(300, 400) // 4
    import cv2

    cv2.putText(values, "MUELLER ANNA", (30, 150), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1, cv2.LINE_AA)
    path = phantoms.save(
        phantoms.dataset(values, photometric="MONOCHROME2", SequenceOfUltrasoundRegions=region()),
        tmp_path / "a.dcm",
    )
    with pytest.raises(ExportError):
        cleaned(path, blank_outside=True)
    assert cleaned(path, blank_outside=True, blank_text=True).BurnedInAnnotation == "NO"


@pytest.mark.parametrize("codec", ["jpeg", "rle"])
def test_compressed_colour_is_blanked_in_every_frame(tmp_path: Path, codec: str) -> None:
    path = phantoms.us_rgb(tmp_path / "a.dcm") if codec == "rle" else phantoms.us_palette(tmp_path / "a.dcm")
    instance = describe(path, "a.dcm")
    made = plain(rectangles=((0, 0, 20, 10),), accept_text=True).picture(instance)
    made.save_as(tmp_path / "b.dcm", enforce_file_format=True)
    shown = read_frame(describe(tmp_path / "b.dcm", "b.dcm")).values
    original = read_frame(instance).values
    assert shown[:10, :20].max() == 0
    assert np.array_equal(shown[10:], original[10:])


def test_the_pixels_of_a_record_are_blanked_like_those_of_its_file(tmp_path: Path) -> None:
    path = burned(tmp_path / "Anna" / "a.dcm", (20, 30), SequenceOfUltrasoundRegions=region())
    case = describe(path, "Anna/a.dcm")
    pixels = read_frame(case)
    assessment = Assessment("3", notes="Frau Mueller", reader="Dr. Who", changed_at="2026-01-12T10:00:00")
    reading = Reading(case, 0, pixels, assessment=assessment, failure=f"{path}: something")
    clean = plain(blank_outside=True).reading(reading, case)
    assert clean.pixels.values[:60].max() == pixels.values.min()
    assert np.array_equal(clean.pixels.values[60:], pixels.values[60:])
    assert (clean.assessment.category, clean.assessment.notes, clean.assessment.reader) == ("3", "", "")
    assert "Anna" not in clean.instance.label + str(clean.instance.path) + clean.failure
    assert clean.assessment.changed_at[:10] != "2026-01-12"
    assert clean.assessment.changed_at[10:] == "T10:00:00"


def test_a_damaged_file_is_cleaned_or_refused(tmp_path: Path) -> None:
    sound = named(tmp_path / "a.dcm", "ISO_IR 192", "Musterfrau^Mathilde").read_bytes()
    chance, path, clean = random.Random(3), tmp_path / "mutant.dcm", 0
    for _ in range(150):
        mutant = bytearray(sound)
        for _ in range(chance.randrange(1, 8)):
            mutant[chance.randrange(132, 2000)] = chance.randrange(256)
        path.write_bytes(mutant)
        try:
            made = plain(accept_text=True).picture(describe(path, "mutant.dcm"))
            save(made, tmp_path / "clean.dcm")
        except BreastViewError:
            continue
        clean += 1
        assert b"P-4711-XY" not in (tmp_path / "clean.dcm").read_bytes()
    assert clean > 20


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared DICOM files are not here")
def test_a_big_endian_picture_is_blanked_too(tmp_path: Path) -> None:
    path = SHARED / "us" / "gdcm-US-ALOKA-16_big.dcm"
    made = cleaned(path, rectangles=((0, 0, 640, 40),), accept_text=True)
    save(made, tmp_path / "b.dcm")
    shown = read_frame(describe(tmp_path / "b.dcm", "b.dcm")).values
    assert shown[:40].max() == 0
    assert np.array_equal(shown[40:], read_frame(describe(path, "a.dcm")).values[40:])
    assert pydicom.dcmread(tmp_path / "b.dcm").file_meta.TransferSyntaxUID.is_little_endian

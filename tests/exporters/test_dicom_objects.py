"""The same record gives the same DICOM objects; patient, study and references are the picture's."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import UID

from breastview.errors import ExportError
from breastview.exporters._dicom_objects import KINDS, objects
from breastview.exporters._protocol import ExportOptions
from breastview.session.engine import exporter
from breastview.study.calibration import UNCALIBRATED
from breastview.task import SilentTask
from tests import phantoms
from tests.exporters import dicoms, phantom

NAMES = {
    "ISO_IR 144": "Ковалёва^Мария",
    "GB18030": "王^小东",
    "ISO_IR 100": "Müller^Jörg",
    "ISO_IR 192": "Yamada^Tarou=山田^太郎=やまだ^たろう",
}


@pytest.fixture
def us(tmp_path):
    return phantoms.us_with_regions(tmp_path / "us.dcm")


def sources(folder):
    """Return a reading of each kind of picture."""
    return {
        "ultrasound": dicoms.read(
            phantoms.us_with_regions(folder / "us.dcm"), measurements=dicoms.MEASUREMENTS
        ),
        "cine": dicoms.read(phantoms.us_cine(folder / "cine.dcm"), frame=2),
        "mammogram": dicoms.read(phantoms.mammogram(folder / "mg.dcm", "MONOCHROME1")),
        "png": dicoms.read(phantoms.picture(folder / "a.png")),
        "colour jpeg": dicoms.read(phantoms.picture(folder / "b.jpg", phantoms.coloured())),
    }


def test_the_same_record_gives_the_same_bytes(tmp_path, qapp):
    for name, reading in sources(tmp_path).items():
        first, second = dicoms.made(reading), dicoms.made(reading)
        assert [dicoms.bytes_of(ds) for ds in first] == [dicoms.bytes_of(ds) for ds in second], name
        assert len({ds.SOPInstanceUID for ds in first}) == len(first) >= len(KINDS)


def test_what_the_reader_changes_gives_new_objects_and_leaves_the_others(us):
    before = dicoms.read(us)
    after = replace(before, assessment=replace(before.assessment, notes="Another note."))
    uids = [{kind: dicoms.one(r, kind).SOPInstanceUID for kind in ("seg", "sr")} for r in (before, after)]
    assert uids[0]["seg"] == uids[1]["seg"]
    assert uids[0]["sr"] != uids[1]["sr"]
    smaller = before.analysis.mask.copy()
    smaller[:20] = False
    changed = dicoms.edited(before, smaller)
    assert dicoms.one(changed, "seg").SOPInstanceUID != uids[0]["seg"]
    assert dicoms.one(changed, "sr").SOPInstanceUID != uids[0]["sr"]


def test_every_uid_is_valid_and_none_is_random(us, qapp):
    for found in dicoms.made(dicoms.read(us, measurements=dicoms.MEASUREMENTS)):
        for element in found.iterall():
            if element.VR == "UI" and element.value:
                values = [element.value] if isinstance(element.value, str) else element.value
                assert all(UID(value).is_valid for value in values), element
        assert str(found.SOPInstanceUID).startswith("2.25.")
        assert found.SOPInstanceUID == found.file_meta.MediaStorageSOPInstanceUID


def test_times_are_the_records(us, qapp):
    for found in dicoms.made(dicoms.read(us), "sr", "gsps", "ko", "epdf"):
        assert (found.ContentDate if "ContentDate" in found else found.PresentationCreationDate) == "20261120"
        assert "InstanceCreationDate" not in found
    segmentation = dicoms.one(dicoms.read(us), "seg")
    assert (segmentation.ContentDate, segmentation.ContentTime) == ("20261120", "190211")


def test_times_are_in_the_pictures_own_zone_where_it_has_one(tmp_path):
    path = phantoms.us_grey(tmp_path / "us.dcm", TimezoneOffsetFromUTC="+0530")
    report = dicoms.one(dicoms.read(path), "sr")
    assert (report.ContentDate, report.ContentTime) == ("20261121", "014000")
    assert report.TimezoneOffsetFromUTC == "+0530"


@pytest.mark.parametrize("charset", NAMES)
def test_names_of_every_script_survive(tmp_path, charset, qapp):
    path = phantoms.us_grey(
        tmp_path / "us.dcm", SpecificCharacterSet=charset, PatientName=NAMES[charset],
        ReferringPhysicianName="Doe^Jane", StudyDescription="Brust",
    )  # fmt: skip
    for found in dicoms.made(dicoms.read(path)):
        again = dcmread(dicoms.io.BytesIO(dicoms.bytes_of(found)))
        assert str(again.PatientName) == NAMES[charset]
        assert again.SpecificCharacterSet == "ISO_IR 192"


def test_patient_and_study_are_those_of_the_file(tmp_path, qapp):
    own = {
        "PatientID": "P-7", "IssuerOfPatientID": "HOSPITAL", "PatientBirthDate": "19610704",
        "StudyID": "S-3", "AccessionNumber": "A-99", "StudyDescription": "Breast ultrasound",
        "PatientSex": "F", "PatientAge": "065Y", "InstitutionName": "Phantom General",
    }  # fmt: skip
    path = phantoms.us_grey(tmp_path / "us.dcm", **own)
    stored = dcmread(path)
    for found in dicoms.made(dicoms.read(path)):
        for keyword, value in own.items():
            assert str(found.get(keyword)) == value, (found.SOPClassUID.name, keyword)
        assert found.StudyInstanceUID == stored.StudyInstanceUID
        assert found.SeriesInstanceUID != stored.SeriesInstanceUID


@pytest.mark.parametrize(
    "damaged",
    [
        {"PatientBirthDate": "4 July 1961", "PatientSex": "female", "StudyTime": "about noon"},
        {"PatientBirthDate": "19610231", "StudyTime": "996199", "PatientWeight": "61,5", "PatientSex": ""},
    ],
)
def test_damaged_values_of_the_file_are_left_out(tmp_path, damaged):
    path = phantoms.us_grey(tmp_path / "us.dcm", PatientSex="")
    stored = dcmread(path)
    for keyword, value in damaged.items():
        stored.add_new(keyword, "LO", value)
    stored.save_as(path)
    for found in dicoms.made(dicoms.read(path), "seg", "sr", "gsps", "ko", "sc"):
        assert not any(found.get(keyword) for keyword in damaged)


def test_where_the_file_is_gone_the_record_stands_in(us):
    reading = dicoms.read(us)
    us.unlink()
    report = dicoms.one(reading, "sr")
    assert str(report.PatientName) == "Phantom^Speckle"
    assert report.StudyInstanceUID == reading.instance.study.uid


def test_another_picture_in_the_files_place_lends_no_patient(us):
    reading = dicoms.read(us)
    phantoms.us_grey(us, PatientName="Somebody^Else", PatientID="P-2")
    report = dicoms.one(reading, "sr")
    assert (str(report.PatientName), report.PatientID) == ("Phantom^Speckle", "P-1")


def test_the_member_of_a_zip_has_its_header(tmp_path):
    path = phantoms.us_grey(tmp_path / "us.dcm", StudyID="S-3")
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        archive.write(path, "a/us.dcm")
    reading = dicoms.read(path)
    moved = replace(reading, instance=replace(reading.instance, path=tmp_path / "scans.zip" / "a" / "us.dcm"))
    path.unlink()
    assert dicoms.one(moved, "sr").StudyID == "S-3"


def test_the_frame_of_a_cine_is_named(tmp_path, qapp):
    path = phantoms.us_cine(tmp_path / "cine.dcm")
    reading, stored = dicoms.read(path, frame=2), dcmread(path)
    segmentation, report = dicoms.one(reading, "seg"), dicoms.one(reading, "sr")
    derived = (
        segmentation.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence[0].SourceImageSequence[0]
    )
    assert (derived.ReferencedSOPInstanceUID, derived.ReferencedFrameNumber) == (stored.SOPInstanceUID, 3)
    assert derived.ReferencedSOPClassUID == phantoms.US_MULTI_FRAME
    named = {
        int(item.ReferencedFrameNumber) for item in _references(report, stored.SOPInstanceUID)
        if "ReferencedFrameNumber" in item
    }  # fmt: skip
    assert named == {3}
    state = dicoms.one(reading, "gsps")
    assert state.ReferencedSeriesSequence[0].ReferencedImageSequence[0].ReferencedFrameNumber == 3


def _references(found, uid):
    items = []
    found.walk(lambda ds, element: items.extend(
        item for item in (element.value if element.VR == "SQ" else ())
        if item.get("ReferencedSOPInstanceUID") == uid
    ))  # fmt: skip
    return items


def test_every_reference_to_the_picture_has_its_class(tmp_path, qapp):
    path = phantoms.mammogram(tmp_path / "mg.dcm")
    uid = dcmread(path).SOPInstanceUID
    for found in dicoms.made(dicoms.read(path)):
        references = _references(found, uid)
        assert references, found.SOPClassUID.name
        assert {item.ReferencedSOPClassUID for item in references} == {phantoms.MG}


def test_key_objects_name_every_frame_once(tmp_path):
    path = phantoms.us_cine(tmp_path / "cine.dcm")
    readings = [dicoms.read(path, frame=frame) for frame in (3, 1, 1)]
    (found,) = objects(readings, ("ko",), ExportOptions())
    (image,) = [item for item in found.ContentSequence if item.ValueType == "IMAGE"]
    assert list(image.ReferencedSOPSequence[0].ReferencedFrameNumber) == [2, 4]


def test_each_study_has_its_own_key_objects_and_report(tmp_path, qapp):
    readings = [dicoms.read(phantoms.us_grey(tmp_path / f"{n}.dcm")) for n in range(2)]
    found = objects(readings, ("ko", "epdf"), ExportOptions())
    assert [ds.Modality for ds in found] == ["KO", "DOC", "KO", "DOC"]
    assert len({ds.StudyInstanceUID for ds in found}) == 2


def test_a_picture_becomes_a_study_of_its_own_that_the_others_refer_to(tmp_path, qapp):
    reading = dicoms.read(phantoms.picture(tmp_path / "a.png"))
    picture, *others = dicoms.made(reading)
    assert np.array_equal(picture.pixel_array, reading.pixels.values)
    assert (picture.ConversionType, picture.Modality) == ("DI", "OT")
    assert "PNG" in picture.DerivationDescription and "unchanged" in picture.DerivationDescription
    assert {ds.StudyInstanceUID for ds in others} == {picture.StudyInstanceUID}
    for found in others:
        assert _references(found, picture.SOPInstanceUID), found.SOPClassUID.name


def test_a_picture_has_the_same_uids_under_any_name_and_another_picture_others(tmp_path):
    first = phantoms.picture(tmp_path / "a.png")
    moved = tmp_path / "elsewhere" / "b.png"
    moved.parent.mkdir()
    shutil.copy(first, moved)
    other = phantoms.picture(tmp_path / "c.png", phantoms.speckle(seed=5))
    a, b, c = (dicoms.made(dicoms.read(path), "seg")[0] for path in (first, moved, other))
    assert dicoms.bytes_of(a) == dicoms.bytes_of(b)
    assert a.SOPInstanceUID != c.SOPInstanceUID and a.StudyInstanceUID != c.StudyInstanceUID
    assert a.PatientID != c.PatientID


def test_a_lossy_picture_says_so(tmp_path):
    picture = dicoms.made(dicoms.read(phantoms.picture(tmp_path / "a.jpg")), "seg")[0]
    assert picture.LossyImageCompression == "01"


def test_bright_low_values_stay_bright(tmp_path):
    reading = dicoms.read(phantoms.picture(tmp_path / "a.png"))
    turned = replace(reading, pixels=replace(reading.pixels, photometric="MONOCHROME1"))
    assert dicoms.made(turned, "seg")[0].PhotometricInterpretation == "MONOCHROME1"


@pytest.mark.parametrize("kind", ["int16", "int32", "float32"])
def test_values_that_a_capture_cannot_hold_are_changed_and_that_is_said(tmp_path, kind):
    reading = dicoms.read(phantoms.picture(tmp_path / "a.png"))
    values = (phantoms.speckle().astype(kind) - 50) * (3000 if kind == "int32" else 1)
    picture = dicoms.made(replace(reading, pixels=replace(reading.pixels, values=values)), "seg")[0]
    assert "unchanged" not in picture.DerivationDescription
    if kind == "int16":
        assert np.array_equal(picture.pixel_array.astype(int) - 50 + (50 + int(values.min())), values)


def test_every_object_says_what_it_is_not_for(us, qapp):
    for found in dicoms.made(dicoms.read(us)):
        assert "not for diagnosis" in found.SeriesDescription
        assert all(
            len(str(found.get(name, ""))) <= 64 for name in ("SeriesDescription", "ContentDescription")
        )


def test_nothing_of_the_patient_is_warned_about(tmp_path, qapp):
    path = phantoms.us_grey(tmp_path / "us.dcm", PatientName="Single name of Kovaleva")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dicoms.made(dicoms.read(path))
    assert not [str(one.message) for one in caught if "Kovaleva" in str(one.message)]


def test_a_reading_without_any_ai_has_a_report_but_no_segmentation(us):
    reading = dicoms.read(us, analysis=None)
    assert dicoms.made(reading, "seg") == []
    assert len(dicoms.made(reading, "sr")) == 1


def test_an_unknown_kind_is_named():
    with pytest.raises(KeyError, match="rtstruct"):
        objects([phantom.reading()], ("rtstruct",), ExportOptions())


def test_a_loose_picture_has_no_millimetres_anywhere(tmp_path):
    reading = dicoms.read(phantoms.picture(tmp_path / "a.png"))
    assert reading.calibration == UNCALIBRATED
    for found in dicoms.made(reading, "seg", "sr", "gsps"):
        assert "PixelSpacing" not in found
        # The distance from the nipple is the reader's own and stays in millimetres.
        assert not any(e.keyword == "CodeValue" and e.value == "mm2" for e in found.iterall())


def test_the_objects_of_a_whole_slide_speak_of_a_picture_of_the_magnification_that_was_read(tmp_path):
    reading = dicoms.slide(tmp_path)
    stored = dcmread(reading.instance.path)
    picture, *others = dicoms.made(reading, "seg", "sr", "sc", "gsps", "ko")
    assert picture.SOPClassUID == UID("1.2.840.10008.5.1.4.1.1.7")
    assert (picture.pixel_array == reading.pixels.values).all()
    assert picture.ImageType[0] == "DERIVED"
    assert picture.SourceImageSequence[0].ReferencedSOPInstanceUID == stored.SOPInstanceUID
    assert picture.SeriesInstanceUID != stored.SeriesInstanceUID
    assert len({one.SOPClassUID for one in others}) == 5
    for one in (picture, *others):
        assert (one.PatientID, one.StudyInstanceUID) == ("4711", stored.StudyInstanceUID)
    for one in others:
        said = [e.value for e in one.iterall() if e.keyword == "ReferencedSOPInstanceUID"]
        assert picture.SOPInstanceUID in said and stored.SOPInstanceUID not in said
    outline = next(one for one in others if one.SOPClassUID == dicoms.SEG)
    assert (outline.Rows, outline.Columns) == reading.pixels.size


@pytest.mark.parametrize("kind", ["seg", "ko"])
def test_an_export_of_several_images_goes_on_after_one_that_has_no_object_and_says_so(tmp_path, kind):
    good = dicoms.read(phantoms.us_grey(tmp_path / "good.dcm"))
    # A record that contradicts itself: no library makes an object of pixels that are no picture.
    flat = replace(good.pixels, values=np.zeros((3, 4, 5, 6), np.uint8))
    bad = dicoms.read(phantoms.picture(tmp_path / "bad.png"), pixels=flat)
    out = tmp_path / "out"
    with pytest.raises(ExportError, match=r"written, but of one image there is no such object: bad\.png: "):
        exporter(kind).export([bad, good], out, SilentTask(), ExportOptions())
    assert [path.name for path in out.rglob(f"*_{kind}.dcm")] == [f"good_{kind}.dcm"]
    with pytest.raises(ExportError, match=r"^bad\.png: the object cannot be made"):
        exporter(kind).export([bad], tmp_path / "none", SilentTask(), ExportOptions())

"""Key images, presentation states, key objects and reports as DICOM."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from breastview.exporters._dicom_objects import objects
from breastview.exporters._key_image import compose
from breastview.exporters._protocol import ExportOptions
from breastview.imaging.window import to_display
from breastview.study.calibration import UNCALIBRATED
from breastview.study.instance import Window
from breastview.study.reading import Assessment, ReadState
from breastview.study.segmentation import MaskSource
from tests import phantoms
from tests.exporters import dicoms


@pytest.fixture
def us(tmp_path):
    path = phantoms.us_grey(tmp_path / "us.dcm", PixelSpacing=[0.1, 0.1])
    return dicoms.read(path, measurements=dicoms.MEASUREMENTS)


def test_the_key_image_is_the_one_of_the_png(us):
    found = dicoms.one(us, "sc")
    assert np.array_equal(found.pixel_array, np.asarray(compose(us, ExportOptions()).convert("RGB")))
    assert (found.ConversionType, found.SamplesPerPixel) == ("WSD", 3)
    assert "PixelSpacing" not in found
    assert found.SourceImageSequence[0].ReferencedSOPInstanceUID == us.instance.uid


def layers(state):
    """Return what is drawn as {layer: [graphic objects and texts]}."""
    drawn: dict[str, list] = {}
    for annotation in state.GraphicAnnotationSequence:
        drawn.setdefault(annotation.GraphicLayer, []).append(annotation)
    return drawn


def test_outlines_and_measurements_lie_in_layers_that_say_whose_they_are(us):
    drawn = layers(dicoms.one(us, "gsps"))
    assert {name: len(found) for name, found in drawn.items()} == {
        "AI": 1, "MEASUREMENTS": len(dicoms.MEASUREMENTS)
    }  # fmt: skip
    edited = us.mask.copy()
    edited[:15] = False
    assert "AI EDITED" in layers(dicoms.one(dicoms.edited(us, edited), "gsps"))
    away = np.zeros_like(us.mask)
    away[40:46, 50:60] = True
    assert "READER" in layers(dicoms.one(dicoms.edited(us, away, MaskSource.READER), "gsps"))


def test_outlines_are_closed_and_lie_where_the_lesion_is(us):
    (outline,) = layers(dicoms.one(us, "gsps"))["AI"]
    points = np.array(outline.GraphicObjectSequence[0].GraphicData).reshape(-1, 2)
    assert np.array_equal(points[0], points[-1])
    expected = np.array(us.findings[0].contour) + 0.5
    assert np.allclose(points[:-1], expected, atol=1e-4)


def test_sizes_stand_beside_outlines_and_measurements(us):
    drawn = layers(dicoms.one(us, "gsps"))
    finding = us.findings[0]
    (size,) = drawn["AI"][0].TextObjectSequence
    assert size.UnformattedTextValue == f"1: {finding.long_mm:.1f} x {finding.short_mm:.1f} mm"
    assert "1.0 mm (PixelSpacing)" in drawn["MEASUREMENTS"][0].TextObjectSequence[0].UnformattedTextValue


def test_what_was_drawn_beyond_the_edge_ends_there(us):
    beyond = replace(dicoms.MEASUREMENTS[0], points=((-5.0, 3.0), (200.0, 90.0)))
    (line,) = layers(dicoms.one(replace(us, measurements=(beyond,)), "gsps"))["MEASUREMENTS"]
    assert list(line.GraphicObjectSequence[0].GraphicData) == [0.0, 3.5, 64.0, 48.0]


def test_the_window_is_the_shown_one(us):
    options = ExportOptions(window=Window(100.0, 60.0, "Mine"), invert=True)
    state = dicoms.made(us, "gsps", options=options)[-1]
    (voi,) = state.SoftcopyVOILUTSequence
    assert (float(voi.WindowCenter), float(voi.WindowWidth)) == (100.0, 60.0)
    assert state.PresentationLUTShape == "INVERSE"


def test_low_values_that_are_bright_are_shown_so(tmp_path):
    reading = dicoms.read(phantoms.mammogram(tmp_path / "mg.dcm", "MONOCHROME1"))
    assert dicoms.one(reading, "gsps").PresentationLUTShape == "INVERSE"


def test_the_files_own_table_is_kept(us):
    table = np.sqrt(np.linspace(0, 1, 256)) * 255
    pixels = replace(us.pixels, voi_lut=table.astype(np.uint8), voi_first=0)
    state = dicoms.one(replace(us, pixels=pixels), "gsps")
    (lut,) = state.SoftcopyVOILUTSequence[0].VOILUTSequence
    data = np.frombuffer(lut.LUTData, np.uint16) if isinstance(lut.LUTData, bytes) else np.array(lut.LUTData)
    shown = (data[us.pixels.values] / 257).round().astype(np.uint8)
    assert np.array_equal(shown, to_display(pixels))


def test_the_rescale_of_the_file_is_kept(tmp_path):
    path = phantoms.mammogram(tmp_path / "mg.dcm", RescaleSlope=2, RescaleIntercept=-10, RescaleType="US")
    state = dicoms.one(dicoms.read(path), "gsps")
    assert (float(state.RescaleSlope), float(state.RescaleIntercept)) == (2.0, -10.0)


def test_a_pixels_size_is_given_only_where_it_is_true_of_the_whole_picture(us, tmp_path):
    (area,) = dicoms.one(us, "gsps").DisplayedAreaSelectionSequence
    assert [float(value) for value in area.PresentationPixelSpacing] == [0.1, 0.1]
    for reading in (
        dicoms.read(phantoms.us_with_regions(tmp_path / "regions.dcm")),
        replace(us, instance=replace(us.instance, calibrations=(UNCALIBRATED,))),
    ):
        (area,) = dicoms.one(reading, "gsps").DisplayedAreaSelectionSequence
        assert "PresentationPixelSpacing" not in area
        assert list(area.PresentationPixelAspectRatio) == [1, 1]


def test_a_colour_picture_has_a_colour_state(tmp_path):
    state = dicoms.one(dicoms.read(phantoms.us_rgb(tmp_path / "us.dcm")), "gsps")
    assert state.SOPClassUID.name == "Color Softcopy Presentation State Storage"
    assert "ICCProfile" in state and "SoftcopyVOILUTSequence" not in state


def test_key_objects_name_the_pictures_and_who_chose_them(us):
    found = dicoms.one(us, "ko")
    assert found.ConceptNameCodeSequence[0].CodeMeaning == "Of Interest"
    assert [i.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
            for i in found.ContentSequence if i.ValueType == "IMAGE"] == [us.instance.uid]  # fmt: skip
    assert "Dr Erika Müller" in [str(i.PersonName) for i in found.ContentSequence if i.ValueType == "PNAME"]


def test_the_report_is_a_whole_pdf_of_all_readings_of_the_study(us, tmp_path, qapp):
    from pypdf import PdfReader

    cine = phantoms.us_cine(tmp_path / "cine.dcm", StudyInstanceUID=us.instance.study.uid)
    (found,) = objects([us, dicoms.read(cine, 1)], ("epdf",), ExportOptions())
    pdf = found.EncapsulatedDocument[: found.EncapsulatedDocumentLength]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "2026-11-20 20:10 UTC" in text, "made when the record was"
    assert found.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert {i.ReferencedSOPInstanceUID for i in found.SourceInstanceSequence} == {
        us.instance.uid, dcmread(cine).SOPInstanceUID
    }  # fmt: skip


def test_the_time_on_the_report_is_utc_whatever_the_picture_s_zone(tmp_path, qapp):
    from pypdf import PdfReader

    zoned = dicoms.read(phantoms.us_grey(tmp_path / "zoned.dcm", TimezoneOffsetFromUTC="+0530"))
    found = dicoms.one(zoned, "epdf")
    assert (found.ContentDate, found.ContentTime) == ("20261121", "014000")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(found.EncapsulatedDocument)).pages)
    assert "2026-11-20 20:10 UTC" in text


def test_a_study_time_of_hours_alone_is_the_full_hour_on_the_report(tmp_path, qapp):
    from pypdf import PdfReader

    path = phantoms.us_grey(tmp_path / "us.dcm", StudyDate="20260105", StudyTime="09")
    found = dicoms.one(dicoms.read(path, analysis=None, assessment=Assessment()), "epdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(found.EncapsulatedDocument)).pages)
    assert "2026-01-05 09:00 UTC" in text


@pytest.mark.parametrize(("state", "flag"), [(ReadState.FINAL, "VERIFIED"), (ReadState.SEEN, "UNVERIFIED")])
def test_the_report_is_verified_where_all_its_readings_are_final(us, state, flag, qapp):
    reading = replace(us, assessment=replace(us.assessment, state=state))
    assert dicoms.one(reading, "epdf").VerificationFlag == flag

"""DICOM in and out of phantoms: codecs, colour, grey scale, millimetres, names, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from breastview import inflation
from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.imaging.window import to_display
from breastview.readers.dicom.description import person
from breastview.readers.foreign._content import whole
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe
from breastview.study.instance import Instance, Window
from tests import phantoms


def opened(path: Path) -> Instance:
    found = describe(path, path.name)
    assert found is not None
    return found


def item(**elements: Any) -> Sequence:
    found = Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return Sequence([found])


GREY = phantoms.speckle()
DEEP = GREY.astype(np.uint16) * 16
COLOUR = phantoms.coloured()


@pytest.mark.parametrize("codec", ["jpeg-lossless", "jpeg-ls", "jpeg2000", "jpeg-xl", "rle"])
@pytest.mark.parametrize(
    ("pixels", "photometric"), [(GREY, "MONOCHROME2"), (DEEP, "MONOCHROME2"), (COLOUR, "RGB")]
)
def test_lossless_compression_gives_back_every_pixel(
    codec: str, pixels: NDArray[Any], photometric: str, tmp_path: Path
) -> None:
    path = phantoms.compressed(tmp_path / "a.dcm", codec, pixels, photometric)
    found = read_frame(opened(path))
    assert found.values.dtype == pixels.dtype
    np.testing.assert_array_equal(found.values, pixels)


@pytest.mark.parametrize(("codec", "pixels", "tolerance"), [("jpeg", GREY, 12), ("jpeg12", DEEP, 120)])
def test_lossy_jpeg_is_close(codec: str, pixels: NDArray[Any], tolerance: int, tmp_path: Path) -> None:
    path = phantoms.compressed(tmp_path / "a.dcm", codec, pixels, "MONOCHROME2")
    instance = opened(path)
    assert instance.lossy == "JPEG"
    difference = np.abs(read_frame(instance).values.astype(int) - pixels)
    assert difference.max() <= tolerance


@pytest.mark.parametrize("codec", ["rle", "jpeg-ls", "jpeg2000"])
def test_signed_values_keep_their_sign_through_compression(codec: str, tmp_path: Path) -> None:
    signed = (DEEP.astype(np.int32) - 2048).astype(np.int16)
    elements = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 1}
    stored = signed if codec == "rle" else (signed & 0x0FFF).astype(np.uint16)
    path = phantoms.compressed(tmp_path / "a.dcm", codec, stored, "MONOCHROME2", **elements)
    np.testing.assert_array_equal(read_frame(opened(path)).values, signed)


def test_each_frame_of_a_cine_is_its_own(tmp_path: Path) -> None:
    instance = opened(phantoms.us_cine(tmp_path / "cine.dcm", frames=4))
    assert (instance.frames, instance.frame_time) == (4, 40.0)
    for frame in range(4):
        np.testing.assert_array_equal(read_frame(instance, frame).values, phantoms.speckle(seed=frame))


@pytest.mark.parametrize("codec", ["rle", "jpeg-lossless"])
def test_each_frame_of_a_compressed_cine_is_its_own(codec: str, tmp_path: Path) -> None:
    loop = np.stack([phantoms.speckle(seed=seed) for seed in range(3)])
    instance = opened(phantoms.compressed(tmp_path / "cine.dcm", codec, loop, "MONOCHROME2", frames=3))
    for frame in (2, 0, 1):
        np.testing.assert_array_equal(read_frame(instance, frame).values, loop[frame])


@pytest.mark.parametrize("bits", [8, 16])
def test_palette_becomes_rgb(bits: int, tmp_path: Path) -> None:
    found = read_frame(opened(phantoms.us_palette(tmp_path / "p.dcm", bits=bits)))
    index = GREY.astype(int)
    np.testing.assert_array_equal(found.values, np.stack([index, 255 - index, index // 2], axis=2))


def test_segmented_palette_is_expanded(tmp_path: Path) -> None:
    # Discrete (0) one entry, then linear (1) 255 more up to the end (PS3.3 C.7.9.2).
    ramp = np.array([0, 1, 0, 1, 255, 255 * 257], "<u2").tobytes()
    given = {f"Segmented{name}PaletteColorLookupTableData": ramp for name in ("Red", "Green", "Blue")}
    path = phantoms.us_palette(tmp_path / "p.dcm")
    import pydicom

    dataset = pydicom.dcmread(path)
    for keyword, value in given.items():
        delattr(dataset, keyword.removeprefix("Segmented"))
        setattr(dataset, keyword, value)
    dataset.save_as(path)
    found = read_frame(opened(path)).values
    assert np.abs(found.astype(int) - GREY[:, :, None]).max() <= 1


def test_planar_colour_is_put_together(tmp_path: Path) -> None:
    data = np.ascontiguousarray(np.moveaxis(COLOUR, -1, 0)).tobytes()
    path = phantoms.us_rgb(tmp_path / "a.dcm", PlanarConfiguration=1, PixelData=data)
    np.testing.assert_array_equal(read_frame(opened(path)).values, COLOUR)


def test_ybr_full_becomes_rgb(tmp_path: Path) -> None:
    from pydicom.pixels import convert_color_space

    ybr = convert_color_space(COLOUR, "RGB", "YBR_FULL")
    path = phantoms.us_rgb(tmp_path / "a.dcm", PhotometricInterpretation="YBR_FULL", PixelData=ybr.tobytes())
    assert np.abs(read_frame(opened(path)).values.astype(int) - COLOUR).max() <= 2


def test_subsampled_ybr_becomes_rgb_and_a_full_one_under_that_name_too(tmp_path: Path) -> None:
    from pydicom.pixels import convert_color_space

    ybr = convert_color_space(COLOUR, "RGB", "YBR_FULL")
    even, odd = ybr[:, ::2], ybr[:, 1::2]
    halved = np.stack([even[..., 0], odd[..., 0], even[..., 1], even[..., 2]], axis=-1)
    for name, content in (("half", halved), ("full", ybr)):
        path = phantoms.us_rgb(
            tmp_path / f"{name}.dcm", PhotometricInterpretation="YBR_FULL_422", PixelData=content.tobytes()
        )
        difference = np.abs(read_frame(opened(path)).values.astype(int) - COLOUR)
        assert difference.max() <= 2


def test_monochrome1_is_shown_inverted(tmp_path: Path) -> None:
    bright = read_frame(opened(phantoms.mammogram(tmp_path / "2.dcm", "MONOCHROME2")))
    dark = read_frame(opened(phantoms.mammogram(tmp_path / "1.dcm", "MONOCHROME1")))
    np.testing.assert_array_equal(bright.values, dark.values)
    np.testing.assert_array_equal(to_display(dark), 255 - to_display(bright))


@pytest.mark.parametrize("bits", [9, 10, 12, 14, 16])
def test_window_over_all_bits_shows_eight_of_them(bits: int, tmp_path: Path) -> None:
    shown = to_display(read_frame(opened(phantoms.mammogram(tmp_path / "a.dcm", bits=bits))))
    assert np.abs(shown.astype(int) - GREY).max() <= 1


def test_unused_upper_bits_do_not_count(tmp_path: Path) -> None:
    dirty = DEEP | np.uint16(0x8000)
    path = phantoms.mammogram(tmp_path / "a.dcm", PixelData=dirty.tobytes())
    np.testing.assert_array_equal(read_frame(opened(path)).values, DEEP)


def test_samples_in_the_upper_bits_are_shifted_down(tmp_path: Path) -> None:
    path = phantoms.mammogram(tmp_path / "a.dcm", HighBit=15, PixelData=(DEEP << 4).tobytes())
    np.testing.assert_array_equal(read_frame(opened(path)).values, DEEP)


@pytest.mark.parametrize(
    ("slope", "intercept", "dtype"),
    [(1, -1024, np.int16), (2, 0, np.uint16), (0.5, 10, np.float32), (100, 0, np.int32)],
)
def test_rescale_gives_modality_values(slope: float, intercept: float, dtype: type, tmp_path: Path) -> None:
    path = phantoms.mammogram(tmp_path / "a.dcm", RescaleSlope=slope, RescaleIntercept=intercept)
    stored = (GREY.astype(np.uint32) * 4095 // 255).astype(np.float64)
    found = read_frame(opened(path)).values
    assert found.dtype == dtype
    np.testing.assert_allclose(found, stored * slope + intercept)


def test_modality_lut_is_applied(tmp_path: Path) -> None:
    table = (np.arange(256)[::-1] * 100).astype("<u2")
    lut = item(LUTDescriptor=[256, 0, 16], LUTData=table.tobytes(), ModalityLUTType="US")
    lut[0]["LUTData"].VR = "OW"
    path = phantoms.us_grey(tmp_path / "a.dcm", ModalityLUTSequence=lut)
    np.testing.assert_array_equal(read_frame(opened(path)).values, table[GREY])


def test_voi_lut_is_the_look_to_begin_with_and_a_window_replaces_it(tmp_path: Path) -> None:
    table = np.linspace(4095, 0, 4096).astype("<u2")
    lut = item(LUTDescriptor=[4096, 0, 12], LUTData=table.tobytes())
    lut[0]["LUTData"].VR = "OW"
    pixels = read_frame(opened(phantoms.mammogram(tmp_path / "a.dcm", VOILUTSequence=lut)))
    expected = np.rint(table[pixels.values] * (255 / 4095)).astype(np.uint8)
    np.testing.assert_array_equal(to_display(pixels), expected)
    assert np.abs(to_display(pixels, Window(2048, 4000)).astype(int) - GREY).max() < 5


def test_linear_exact_and_sigmoid_windows_are_shown_as_defined(tmp_path: Path) -> None:
    centre, width = 1000.0, 800.0
    given = {"WindowCenter": centre, "WindowWidth": width}
    exact = read_frame(opened(phantoms.mammogram(tmp_path / "e.dcm", VOILUTFunction="LINEAR_EXACT", **given)))
    x = exact.values.astype(np.float64)
    expected = np.clip((x - centre) / width + 0.5, 0, 1) * 255
    np.testing.assert_array_equal(to_display(exact), np.rint(expected).astype(np.uint8))
    curved = read_frame(opened(phantoms.mammogram(tmp_path / "s.dcm", VOILUTFunction="SIGMOID", **given)))
    expected = 255 / (1 + np.exp(-4 * (x - centre) / width))
    np.testing.assert_array_equal(to_display(curved), np.rint(expected).astype(np.uint8))


def test_padding_neither_shines_nor_widens_the_window(tmp_path: Path) -> None:
    values = DEEP.copy()
    values[:, :8] = 65535
    import pydicom

    path = phantoms.mammogram(
        tmp_path / "a.dcm", bits=16, PixelData=values.tobytes(), PixelPaddingValue=65535
    )
    dataset = pydicom.dcmread(path)
    del dataset.WindowCenter, dataset.WindowWidth
    dataset.save_as(path)
    pixels = read_frame(opened(path))
    assert pixels.window.centre < 4096
    assert not to_display(pixels)[:, :8].any()


def test_windows_and_their_names_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = phantoms.mammogram(
        tmp_path / "a.dcm", WindowCenter=[2000, 1000], WindowWidth=[4000, 500],
        WindowCenterWidthExplanation=["NORMAL", "HARDER"],
    )  # fmt: skip
    assert opened(path).windows == (Window(2000, 4000, "NORMAL"), Window(1000, 500, "HARDER"))


def test_ultrasound_regions_give_millimetres_where_they_are_two_dimensional(tmp_path: Path) -> None:
    calibration = opened(phantoms.us_with_regions(tmp_path / "a.dcm")).calibration()
    assert calibration.source == "US region"
    left, right = calibration.at(5, 5), calibration.at(40, 5)
    assert left is not None and right is not None
    assert (left.dx, right.dx) == pytest.approx((0.1, 0.2))
    assert calibration.at(5, 45) is None, "a Doppler trace has no millimetres"
    assert calibration.common([(5, 5), (40, 5)]) is None, "no length crosses two regions"


@pytest.mark.parametrize(
    ("elements", "source", "dx", "dy"),
    [
        ({"PixelSpacing": [0.2, 0.3]}, "PixelSpacing", 0.3, 0.2),
        ({"ImagerPixelSpacing": [0.1, 0.1]}, "ImagerPixelSpacing, at the detector", 0.1, 0.1),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "PixelSpacing": [0.1, 0.1]},
            "ImagerPixelSpacing, at the detector", 0.1, 0.1,
        ),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "EstimatedRadiographicMagnificationFactor": 1.0},
            "ImagerPixelSpacing", 0.1, 0.1,
        ),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "PixelSpacing": [0.1, 0.1],
             "PixelSpacingCalibrationType": "FIDUCIAL"},
            "PixelSpacing, fiducial", 0.1, 0.1,
        ),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "PixelSpacing": [0.08, 0.08],
             "PixelSpacingCalibrationType": "GEOMETRY", "EstimatedRadiographicMagnificationFactor": 1.25},
            "PixelSpacing, geometry", 0.08, 0.08,
        ),
        ({"Modality": "CR", "PixelSpacing": [0.1, 0.1]}, "PixelSpacing, magnification unknown", 0.1, 0.1),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "EstimatedRadiographicMagnificationFactor": 1.25},
            "ImagerPixelSpacing ÷ magnification", 0.08, 0.08,
        ),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "PixelSpacing": [0.1, 0.1],
             "EstimatedRadiographicMagnificationFactor": 1.25},
            "ImagerPixelSpacing ÷ magnification", 0.08, 0.08,
        ),
        (
            {"ImagerPixelSpacing": [0.1, 0.1], "PixelSpacing": [0.09, 0.09],
             "EstimatedRadiographicMagnificationFactor": 1.25},
            "PixelSpacing", 0.09, 0.09,
        ),
        ({"PixelSpacing": [0, 0]}, "", None, None),
        ({"PixelSpacing": [-1, 5]}, "", None, None),
    ],
)  # fmt: skip
def test_spacing_of_radiographs_says_where_it_comes_from(
    elements: dict[str, Any], source: str, dx: float | None, dy: float | None, tmp_path: Path
) -> None:
    calibration = opened(phantoms.us_grey(tmp_path / "a.dcm", **elements)).calibration()
    assert calibration.source == source
    if dx is None:
        assert calibration.regions == ()
    else:
        assert (calibration.regions[0].dx, calibration.regions[0].dy) == pytest.approx((dx, dy))


def test_each_frame_has_the_spacing_of_its_functional_group(tmp_path: Path) -> None:
    groups = [Dataset(), Dataset()]
    for group, spacing in zip(groups, (0.1, 0.2), strict=True):
        group.PixelMeasuresSequence = item(PixelSpacing=[spacing, spacing])
    path = phantoms.us_cine(tmp_path / "a.dcm", frames=2, PerFrameFunctionalGroupsSequence=Sequence(groups))
    instance = opened(path)
    assert [instance.calibration(frame).regions[0].dx for frame in (0, 1)] == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Doe^Jane", "Doe, Jane"), ("Doe^Jane^Q^Dr^", "Doe, Jane Q Dr"), ("DOE", "DOE"), ("", ""),
        ("^Jane", "Jane"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田, 太郎) (やまだ, たろう)"),
    ],
)  # fmt: skip
def test_person_names_read_as_family_comma_given(stored: str, shown: str) -> None:
    assert person(stored) == shown


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 192", "Müller^Änne"), ("ISO_IR 100", "Müller^Änne"), ("ISO_IR 144", "Иванова^Анна"),
        ("ISO_IR 127", "قباني^لنزار"), ("GB18030", "王^小东"), ("ISO_IR 192", "김^희중"),
    ],
)  # fmt: skip
def test_names_of_every_script_are_read(character_set: str, name: str, tmp_path: Path) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm", SpecificCharacterSet=character_set, PatientName=name)
    assert opened(path).patient.name == name.replace("^", ", ")


def test_header_fills_the_instance(tmp_path: Path) -> None:
    path = phantoms.mammogram(
        tmp_path / "a.dcm", StudyDescription="Screening", AccessionNumber="A7", InstitutionName="Clinic",
        ReferringPhysicianName="Roe^Ann", SeriesDescription="R CC", PatientBirthDate="19600101",
        PatientSex="F",
        Manufacturer="Maker", ManufacturerModelName="Model 3", LossyImageCompression="01",
        LossyImageCompressionRatio=15, LossyImageCompressionMethod="ISO_10918_1",
    )  # fmt: skip
    one = opened(path)
    assert (one.modality, one.laterality, one.view, one.device) == ("MG", "R", "CC", "Maker Model 3")
    assert (one.rows, one.columns, one.bits_stored) == (phantoms.ROWS, phantoms.COLUMNS, 12)
    assert one.lossy == "JPEG, 15:1"
    assert (one.study.description, one.study.accession) == ("Screening", "A7")
    assert one.study.institution == "Clinic"
    assert one.study.referring_physician == "Roe, Ann"
    assert (one.patient.identifier, one.patient.birth_date, one.patient.sex) == ("P-1", "19600101", "F")


@pytest.mark.parametrize("code", ["399368009", "R-10226"])
def test_view_comes_from_its_code(code: str, tmp_path: Path) -> None:
    views = item(CodeValue=code, CodingSchemeDesignator="SCT", CodeMeaning="medio-lateral oblique")
    assert opened(phantoms.mammogram(tmp_path / "a.dcm", ViewCodeSequence=views)).view == "MLO"


@pytest.mark.parametrize(
    ("sop_class", "words"),
    [
        ("1.2.840.10008.5.1.4.1.1.66.4", "segmentation; it belongs to another picture and is not shown"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "structured report"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "presentation state"),
        ("1.2.840.10008.5.1.4.1.1.9.1.1", "waveform"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "PDF"),
        ("1.2.840.10008.5.1.4.1.1.481.5", "radiotherapy plan"),
        ("1.2.840.10008.5.1.4.1.1.6.1", "no pixel data"),
    ],
)
def test_objects_without_a_picture_say_what_they_are(sop_class: str, words: str, tmp_path: Path) -> None:
    path = phantoms.object_without_picture(tmp_path / "a.dcm", sop_class)
    with pytest.raises(UnsupportedFile, match=words):
        describe(path, path.name)


def test_video_is_refused_by_name(tmp_path: Path) -> None:
    import pydicom

    path = phantoms.compressed(tmp_path / "a.dcm", "jpeg", GREY, "MONOCHROME2")
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.MPEG4HP41
    dataset.save_as(path)
    with pytest.raises(UnsupportedFile, match="video"):
        describe(path, path.name)


def test_bare_data_set_is_opened(tmp_path: Path) -> None:
    path = phantoms.without_meta(phantoms.us_rgb(tmp_path / "bare.dcm"))
    assert path.read_bytes()[128:132] != b"DICM"
    np.testing.assert_array_equal(read_frame(opened(path)).values, COLOUR)


def test_deflated_data_set_is_opened(tmp_path: Path) -> None:
    import pydicom

    path = phantoms.us_grey(tmp_path / "a.dcm")
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    dataset.save_as(path)
    np.testing.assert_array_equal(read_frame(opened(path)).values, GREY)


def bomb(path: Path, version: bytes) -> Path:
    """Write a deflated data set of 20 MB, with a File Meta Information Version that may be of any length."""
    import pydicom

    dataset = pydicom.dcmread(phantoms.us_grey(path))
    dataset.file_meta.TransferSyntaxUID = pydicom.uid.DeflatedExplicitVRLittleEndian
    dataset.file_meta.FileMetaInformationVersion = version
    dataset.add_new((0x0009, 0x0010), "LO", "BOMB")
    dataset.add_new((0x0009, 0x1001), "OB", bytes(20_000_000))
    dataset.save_as(path)
    assert path.stat().st_size < 200_000 + len(version)
    return path


@pytest.mark.parametrize("version", [b"\0\1", bytes(2000), bytes(100_000)], ids=len)
def test_a_deflated_data_set_does_not_grow_without_end(
    version: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inflation, "LARGEST", 10_000_000)
    path = bomb(tmp_path / "a.dcm", version)
    with pytest.raises(UnreadableFile, match=r"more than a gigabyte|damaged"):
        describe(path, path.name)
    with pytest.raises(UnreadableFile):
        whole(path)


def test_big_header_before_the_pixels_is_read_whole(tmp_path: Path) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm", EncapsulatedDocument=b"\0" * 200_000, StudyDescription="Long")
    instance = opened(path)
    assert instance.study.description == "Long"
    np.testing.assert_array_equal(read_frame(instance).values, GREY)


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ({"Rows": 65535, "Columns": 65535}, "more than any breast image"),
        ({"Rows": 0}, "no picture size"),
        ({"NumberOfFrames": 2_000_000}, "more than any breast image"),
        ({"Rows": 12000, "Columns": 12000}, "shorter than its header says"),
        ({"NumberOfFrames": 40}, "shorter than its header says"),
    ],
)
def test_sizes_the_file_cannot_hold_are_refused_at_once(
    elements: dict[str, Any], words: str, tmp_path: Path
) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm", **elements)
    with pytest.raises(UnreadableFile, match=words):
        describe(path, path.name)


def test_code_stream_of_another_size_than_the_header_is_a_sentence(tmp_path: Path) -> None:
    path = phantoms.compressed(tmp_path / "a.dcm", "jpeg", GREY, "MONOCHROME2", Rows=200)
    with pytest.raises(UnreadableFile, match="the header says"):
        read_frame(opened(path))


def test_wrong_transfer_syntax_does_not_matter_where_the_stream_tells_its_kind(tmp_path: Path) -> None:
    path = phantoms.compressed(tmp_path / "a.dcm", "jpeg-ls", GREY, "MONOCHROME2")
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.4.80", b"1.2.840.10008.1.2.4.50", 1))
    np.testing.assert_array_equal(read_frame(opened(path)).values, GREY)


def test_deeply_nested_sequences_end_in_a_sentence_or_a_picture(tmp_path: Path) -> None:
    innermost = Dataset()
    innermost.PatientID = "x"
    for _ in range(150):
        outer = Dataset()
        outer.ReferencedStudySequence = Sequence([innermost])
        innermost = outer
    path = phantoms.us_grey(tmp_path / "a.dcm", SequenceOfUltrasoundRegions=Sequence([innermost]))
    try:
        np.testing.assert_array_equal(read_frame(opened(path)).values, GREY)
    except UnreadableFile as error:
        assert "damaged" in str(error)


@pytest.mark.parametrize(
    ("letters", "known"),
    [(["A", "F"], ("A", "F")), (["p", "fl"], ("P", "FL")), (["A"], ("", "")), (["X", "F"], ("", ""))],
)
def test_directions_are_told_both_or_neither(
    letters: list[str], known: tuple[str, str], tmp_path: Path
) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm", PatientOrientation=letters)
    assert opened(path).directions == known


@pytest.mark.parametrize(("ratio", "aspect"), [([2, 1], 2.0), ([5, 6], 5 / 6), ([0, 1], 1.0), ([1], 1.0)])
def test_the_shape_of_pixels_is_read_where_there_are_no_millimetres(
    ratio: list[int], aspect: float, tmp_path: Path
) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm", PixelAspectRatio=ratio)
    assert opened(path).pixel_aspect == pytest.approx(aspect)

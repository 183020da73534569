"""Every real DICOM file of the shared data opens as what it is, or is refused with its sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breastview.errors import UnreadableFile
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe, scan
from breastview.study.foreign import Companion
from breastview.study.instance import Instance, Refusal
from breastview.study.pixels import FramePixels
from breastview.task import SilentTask

pytestmark = pytest.mark.data

# path: frames, shape of a frame, dtype, photometric interpretation after decoding
PICTURES: dict[str, tuple[int, tuple[int, ...], str, str]] = {
    "broken/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm": (
        1, (512, 512), "float32", "MONOCHROME2"),
    "broken/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm": (
        1, (512, 512), "float32", "MONOCHROME2"),
    "broken/JLSL_RGB_ILV0.dcm": (1, (256, 256, 3), "uint8", "RGB"),
    "charset/chrH32.dcm": (1, (32, 32), "uint8", "MONOCHROME2"),
    "colour/OT-PAL-8-face.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "colour/SC_rgb_jpeg_dcmtk.dcm": (1, (100, 100, 3), "uint8", "RGB"),
    "colour/SC_ybr_full_422_uncompressed.dcm": (1, (100, 100, 3), "uint8", "RGB"),
    "colour/sm_image.dcm": (1, (50, 50, 3), "uint8", "RGB"),
    "colour/sm_image_jpegls.dcm": (1, (50, 50, 3), "uint8", "RGB"),
    "mg/MG1_J2KI.dcm": (1, (4664, 3064), "uint16", "MONOCHROME2"),
    "misc/emri_small_jpeg_ls_lossless.dcm": (10, (64, 64), "uint16", "MONOCHROME2"),
    "misc/mlut_18.dcm": (1, (512, 512), "uint16", "MONOCHROME2"),
    "misc/vlut_04.dcm": (1, (512, 512), "uint8", "MONOCHROME2"),
    "us/color-pl.dcm": (1, (120, 256, 3), "uint8", "RGB"),
    "us/examples_jpeg2k.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "us/examples_palette.dcm": (1, (350, 800, 3), "uint8", "RGB"),
    "us/examples_rgb_color.dcm": (1, (240, 320, 3), "uint8", "RGB"),
    "us/examples_ybr_color.dcm": (30, (240, 320, 3), "uint8", "RGB"),
    "us/gdcm-US-ALOKA-16.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "us/gdcm-US-ALOKA-16_big.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "us/jpeg-ls-Palette.dcm": (10, (430, 600, 3), "uint8", "RGB"),
    "us/JPEGLosslessP14SV1_3s_2f_u_08_08.dcm": (2, (768, 1024, 3), "uint8", "RGB"),
    "us/JPGLosslessP14SV1_1s_1f_8b.dcm": (1, (768, 1024), "uint8", "MONOCHROME2"),
    "us/OBXXXX1A_rle.dcm": (1, (600, 800, 3), "uint8", "RGB"),
    "us/OBXXXX1A_rle_2frame.dcm": (2, (600, 800, 3), "uint8", "RGB"),
    "us/philips_rle_palette_no-pixel-spacing.dcm": (1, (600, 800, 3), "uint8", "RGB"),
    "us/US1_RLE.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "us/US1_UNCR.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "us/US-PAL-8-10x-echo.dcm": (10, (430, 600, 3), "uint8", "RGB"),
    "us/US-RGB-8-esopecho.dcm": (1, (120, 256, 3), "uint8", "RGB"),
    "us/US-YBR_FULL_422-uncompressed.dcm": (1, (555, 800, 3), "uint8", "RGB"),
    "us/will-jxl.dcm": (27, (708, 1016, 3), "uint8", "RGB"),
    "us/YBR_FULL-RLE.dcm": (1, (480, 640, 3), "uint8", "RGB"),
    "xray/dx_image.dcm": (1, (169, 211), "uint8", "MONOCHROME1"),
    "xray/RG2_JPLY_fixed.dcm": (1, (2140, 1760), "uint16", "MONOCHROME2"),
    "xray/RG3_J2KI.dcm": (1, (1760, 1760), "uint16", "MONOCHROME1"),
    "xray/RG3_J2KR.dcm": (1, (1760, 1760), "uint16", "MONOCHROME1"),
}  # fmt: skip

REFUSED = {
    "broken/3gb-bulk-data-truncated.dcm": "no picture size",
    "broken/badVR.dcm": "radiotherapy dose",
    "broken/ExplVR_LitEndNoMeta.dcm": "radiotherapy ion plan",
    "broken/liver_rle.dcm": "segmentation",
    "broken/meta_missing_tsyntax.dcm": "no picture size",
    "broken/MR_truncated.dcm": "ends too early",
    "broken/nested_priv_SQ.dcm": "no picture size",
    "broken/no_meta.dcm": "not a DICOM file",
    "broken/rtplan_truncated.dcm": "radiotherapy plan",
    "seg_sr_pr/liver.dcm": "segmentation",
    "seg_sr_pr/liver_deflate.dcm": "segmentation",
    "seg_sr_pr/partial_overlaps.dcm": "segmentation",
    "seg_sr_pr/seg.dcm": "segmentation",
    "seg_sr_pr/seg_image_cr_binary.dcm": "segmentation",
    "seg_sr_pr/seg_image_ct_binary.dcm": "segmentation",
    "seg_sr_pr/seg_image_ct_binary_overlap.dcm": "segmentation",
    "seg_sr_pr/seg_image_ct_true_fractional.dcm": "segmentation",
    "seg_sr_pr/seg_image_sm_control_labelmap_palette_color.dcm": "label map segmentation",
    "seg_sr_pr/sm_annotations.dcm": "annotations",
    "seg_sr_pr/sr.dcm": "structured report",
    "seg_sr_pr/sr_document.dcm": "structured report",
    "seg_sr_pr/sr_document_with_multiple_groups.dcm": "structured report",
}

UNDECODABLE = {"broken/JPEG2000-embedded-sequence-delimiter.dcm": "cannot be decoded"}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "dicom"


def opened(folder: Path, name: str) -> Instance:
    found = describe(folder / name, name)
    assert found is not None
    return found


def frame(folder: Path, name: str, index: int = 0) -> FramePixels:
    return read_frame(opened(folder, name), index)


def test_the_folder_gives_one_entry_a_file_and_each_is_what_it_should_be(folder: Path) -> None:
    entries = {entry.label: entry for entry in scan([folder], SilentTask())}
    assert set(entries) == PICTURES.keys() | REFUSED.keys() | UNDECODABLE.keys()
    refused = {label for label, entry in entries.items() if not isinstance(entry, Instance)}
    assert refused == REFUSED.keys()
    for label, words in REFUSED.items():
        entry = entries[label]
        if isinstance(entry, Companion):
            assert words in {"segmentation", "label map segmentation", "structured report"}
            assert entry.refers
            continue
        assert isinstance(entry, Refusal)
        assert words in entry.reason
        assert entry.reason.endswith(".")


@pytest.mark.parametrize("name", PICTURES)
def test_picture_decodes_to_its_shape_in_first_and_last_frame(folder: Path, name: str) -> None:
    frames, shape, dtype, photometric = PICTURES[name]
    instance = opened(folder, name)
    assert instance.frames == frames
    assert (instance.rows, instance.columns) == shape[:2]
    for index in {0, frames - 1}:
        pixels = read_frame(instance, index)
        assert pixels.values.shape == shape
        assert pixels.values.dtype == dtype
        assert pixels.photometric == photometric
        assert not pixels.values.flags.writeable
        assert index or pixels.values.min() < pixels.values.max()


@pytest.mark.parametrize("name", UNDECODABLE)
def test_damaged_code_stream_is_a_sentence_when_its_pixels_are_asked_for(folder: Path, name: str) -> None:
    instance = opened(folder, name)
    with pytest.raises(UnreadableFile, match=UNDECODABLE[name]):
        read_frame(instance)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("us/US1_RLE.dcm", "us/US1_UNCR.dcm"),
        ("us/examples_jpeg2k.dcm", "us/US1_UNCR.dcm"),
        ("us/gdcm-US-ALOKA-16.dcm", "us/gdcm-US-ALOKA-16_big.dcm"),
        ("us/OBXXXX1A_rle.dcm", "us/OBXXXX1A_rle_2frame.dcm"),
        ("us/jpeg-ls-Palette.dcm", "us/US-PAL-8-10x-echo.dcm"),
        ("us/color-pl.dcm", "us/US-RGB-8-esopecho.dcm"),
        ("colour/sm_image.dcm", "colour/sm_image_jpegls.dcm"),
    ],
)
def test_the_same_picture_through_two_codecs_is_equal(folder: Path, one: str, other: str) -> None:
    first, second = frame(folder, one), frame(folder, other)
    np.testing.assert_array_equal(first.values, second.values)


def test_lossy_and_lossless_jpeg_2000_of_one_picture_are_close(folder: Path) -> None:
    lossy, lossless = frame(folder, "xray/RG3_J2KI.dcm"), frame(folder, "xray/RG3_J2KR.dcm")
    difference = np.abs(lossy.values.astype(int) - lossless.values)
    assert difference.mean() < 3


def test_two_progressive_jpegs_of_one_slice_are_close(folder: Path) -> None:
    one, other = (
        frame(folder, f"broken/CTImage.dcm_JPEGProcess{name}.dcm").values
        for name in ("6_8TransferSyntax_1.2.840.10008.1.2.4.53", "10_12TransferSyntax_1.2.840.10008.1.2.4.55")
    )
    assert np.abs(one - other).mean() < 5


@pytest.mark.parametrize("name", ["colour/SC_rgb_jpeg_dcmtk.dcm", "colour/SC_ybr_full_422_uncompressed.dcm"])
def test_test_bars_have_their_colours_whatever_the_header_calls_them(folder: Path, name: str) -> None:
    values = frame(folder, name).values[5::10, 50].astype(int)
    bars = [
        (255, 0, 0), (255, 128, 128), (0, 255, 0), (128, 255, 128), (0, 0, 255), (128, 128, 255), (0, 0, 0),
        (64, 64, 64), (192, 192, 192), (255, 255, 255),
    ]  # fmt: skip
    assert np.abs(values - np.array(bars)).max() <= 6


def test_frames_of_a_cine_differ(folder: Path) -> None:
    instance = opened(folder, "us/will-jxl.dcm")
    first, last = read_frame(instance, 0), read_frame(instance, 26)
    assert not np.array_equal(first.values, last.values)
    assert instance.frame_time == pytest.approx(47.4, abs=0.1)


@pytest.mark.parametrize(
    ("name", "source", "mm"),
    [
        ("us/will-jxl.dcm", "US region", 0.27239),
        ("us/examples_ybr_color.dcm", "US region", 0.510497),
        ("us/gdcm-US-ALOKA-16_big.dcm", "US region", 0.382653),
        ("us/US-YBR_FULL_422-uncompressed.dcm", "US region", 0.0616),
        ("xray/RG2_JPLY_fixed.dcm", "PixelSpacing, magnification unknown", 0.2),
        ("us/US1_UNCR.dcm", "", None),
    ],
)
def test_millimetres_are_those_of_the_file(folder: Path, name: str, source: str, mm: float | None) -> None:
    calibration = opened(folder, name).calibration()
    assert calibration.source == source
    if mm is not None:
        assert calibration.regions[0].dx == pytest.approx(mm, abs=1e-6)


def test_modality_lut_spreads_twelve_signed_bits_over_sixteen(folder: Path) -> None:
    # The table of this file is y = 16 (x + 2048), but for its last entries.
    values = frame(folder, "misc/mlut_18.dcm").values
    assert values.min() == 0
    assert values.max() == 65535


def test_voi_lut_is_offered_as_a_table(folder: Path) -> None:
    pixels = frame(folder, "misc/vlut_04.dcm")
    assert pixels.voi_lut is not None
    np.testing.assert_array_equal(pixels.voi_lut, np.arange(256))


def test_person_names_come_in_their_script(folder: Path) -> None:
    patient = opened(folder, "charset/chrH32.dcm").patient
    assert patient.name == "ﾔﾏﾀﾞ, ﾀﾛｳ (山田, 太郎) (やまだ, たろう)"


@pytest.mark.parametrize(
    "name", ["us/US1_RLE.dcm", "us/OBXXXX1A_rle.dcm", "us/YBR_FULL-RLE.dcm", "us/examples_rgb_color.dcm"]
)
def test_pixels_agree_with_pydicom(folder: Path, name: str) -> None:
    import pydicom
    from pydicom.pixels import apply_color_lut

    dataset = pydicom.dcmread(folder / name)
    expected = dataset.pixel_array
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        expected = apply_color_lut(expected, dataset) >> 8
    np.testing.assert_array_equal(frame(folder, name).values, expected)

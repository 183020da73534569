"""PNG, JPEG, BMP and TIFF of every kind seen in breast imaging data."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from breastview.errors import UnreadableFile
from breastview.imaging.window import to_display
from breastview.readers import raster
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe
from breastview.study.calibration import UNCALIBRATED
from breastview.study.instance import Instance
from tests import phantoms

GREY = phantoms.speckle()
COLOUR = phantoms.coloured()


def opened(path: Path) -> Instance:
    found = describe(path, path.name)
    assert found is not None
    return found


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".tiff"])
@pytest.mark.parametrize("values", [GREY, COLOUR], ids=["grey", "colour"])
def test_lossless_pictures_give_back_every_pixel(suffix: str, values: np.ndarray, tmp_path: Path) -> None:
    found = read_frame(opened(phantoms.picture(tmp_path / f"a{suffix}", values)))
    np.testing.assert_array_equal(found.values, values)
    np.testing.assert_array_equal(to_display(found), values)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif"])
def test_pixels_of_every_format_are_decoded_in_a_child(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = opened(phantoms.picture(tmp_path / f"a{suffix}", GREY))
    here: list[int] = []
    monkeypatch.setattr(raster, "_array", here.append)  # what turns Pillow's picture into numbers
    assert read_frame(instance).values.shape == GREY.shape and not here


def test_jpeg_is_close_and_marked_lossy(tmp_path: Path) -> None:
    instance = opened(phantoms.picture(tmp_path / "a.jpg", GREY, quality=95))
    assert instance.lossy == "JPEG"
    assert np.abs(read_frame(instance).values.astype(int) - GREY).max() < 20


def test_grey_picture_saved_as_colour_comes_back_grey(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png", np.repeat(GREY[:, :, None], 3, axis=2))
    found = read_frame(opened(path))
    assert found.photometric == "MONOCHROME2"
    np.testing.assert_array_equal(found.values, GREY)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_are_kept(suffix: str, tmp_path: Path) -> None:
    deep = GREY.astype(np.uint16) * 200
    instance = opened(phantoms.picture(tmp_path / f"a{suffix}", deep))
    found = read_frame(instance)
    assert instance.bits_stored == 16
    assert found.values.dtype == np.uint16
    np.testing.assert_array_equal(found.values, deep)
    shown = to_display(found)
    assert (shown.min(), shown.max()) == (0, 255)


def test_float_tiff_is_shown_over_its_range(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(GREY.astype(np.float32) / 255).save(path)
    found = read_frame(opened(path))
    np.testing.assert_allclose(found.values, GREY / 255, rtol=1e-6)


def test_sixteen_bit_tiff_in_which_zero_is_white_is_monochrome1(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Image.fromarray(GREY.astype(np.uint16)).save(path, tiffinfo={262: 0})
    content = bytearray(path.read_bytes())
    place = content.find(struct.pack("<HHI", 262, 3, 1))
    content[place + 8 : place + 10] = struct.pack("<H", 0)
    path.write_bytes(bytes(content))
    instance = opened(path)
    assert instance.photometric == "MONOCHROME1"
    found = read_frame(instance)
    brightest = np.unravel_index(to_display(found).argmax(), found.values.shape)
    assert found.values[brightest] == found.values.min()


def test_transparency_is_laid_over_black(tmp_path: Path) -> None:
    alpha = np.full(GREY.shape, 255, np.uint8)
    alpha[:10] = 0
    path = phantoms.picture(tmp_path / "a.png", np.dstack([COLOUR, alpha]))
    found = read_frame(opened(path)).values
    assert not found[:10].any()
    np.testing.assert_array_equal(found[10:], COLOUR[10:])


def test_palette_and_one_bit_pictures_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    Image.fromarray(GREY).convert("P").save(path)
    np.testing.assert_array_equal(read_frame(opened(path)).values, GREY)
    path = tmp_path / "b.png"
    Image.fromarray(phantoms.lesion()).save(path)
    np.testing.assert_array_equal(read_frame(opened(path)).values, phantoms.lesion() * np.uint8(255))


def test_cmyk_jpeg_has_its_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(COLOUR).convert("CMYK").save(path, quality=100)
    found = read_frame(opened(path)).values.astype(int)
    red, green, blue = found[5, 5], found[5, 60], found[40, 5]
    assert np.abs(np.stack([red, green, blue]) - np.eye(3, dtype=int) * 255).max() < 30


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png"])
def test_exif_orientation_is_applied_to_size_and_pixels(
    suffix: str, orientation: int, tmp_path: Path
) -> None:
    from PIL import ImageOps

    path = tmp_path / f"a{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(COLOUR).save(path, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
    instance = opened(path)
    found = read_frame(instance)
    assert (instance.rows, instance.columns) == expected.shape[:2] == found.size
    np.testing.assert_array_equal(found.values, expected)


def test_pages_of_a_tiff_are_frames(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    pages = [Image.fromarray(phantoms.speckle(seed=seed)) for seed in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    instance = opened(path)
    assert instance.frames == 3
    for frame in (2, 0, 1):
        np.testing.assert_array_equal(read_frame(instance, frame).values, phantoms.speckle(seed=frame))


def test_a_page_of_another_size_is_shown_or_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    first, second = Image.fromarray(phantoms.speckle(20, 20)), Image.fromarray(phantoms.speckle(400, 300))
    first.save(path, save_all=True, append_images=[second])
    with pytest.raises(UnreadableFile, match="page 2 has another size"):
        read_frame(opened(path), 1)


@pytest.mark.parametrize(
    "name", ["Befund Müller.png", "снимок.jpg", "乳房 超音波.tif", "صورة.bmp", "a" * 200 + ".png"]
)
def test_any_file_name_works(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "Ordner für 写真"
    assert read_frame(opened(phantoms.picture(folder / name))).size == GREY.shape


def test_loose_pictures_have_no_millimetres_whatever_their_dots_per_inch(tmp_path: Path) -> None:
    assert opened(phantoms.picture(tmp_path / "a.png", dpi=(300, 300))).calibrations == (UNCALIBRATED,)


def test_the_folder_is_study_and_series(tmp_path: Path) -> None:
    one, two = (opened(phantoms.picture(tmp_path / "Frau X" / name)) for name in ("a.png", "b.png"))
    other = opened(phantoms.picture(tmp_path / "Frau Y" / "a.png"))
    assert one.study == two.study
    assert one.study.description == "Frau X"
    assert one.study.uid != other.study.uid


def test_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    np.testing.assert_array_equal(read_frame(opened(path)).values, GREY)
    path = phantoms.us_grey(tmp_path / "b.png")
    assert opened(path).reader == "dicom"
    path = phantoms.picture(tmp_path / "c.png").rename(tmp_path / "c.dcm")
    assert opened(path).reader == "picture"


def test_png_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    content = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    with pytest.raises(UnreadableFile, match="too large"):
        describe(path, path.name)


def test_truncated_picture_is_a_sentence(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.jpg", GREY)
    path.write_bytes(path.read_bytes()[:-800])
    with pytest.raises(UnreadableFile, match="ends too early or is damaged"):
        read_frame(opened(path))

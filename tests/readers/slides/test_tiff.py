"""Whole slides: told from pictures, opened at a magnification that fits, with true millimetres or none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.readers.formats.picture import READER as PICTURE
from breastview.readers.formats.slide import READER as SLIDE
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.readers.slides import levels, tiff
from breastview.study.instance import Instance
from breastview.task import SilentTask
from tests.readers.slides import made


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.slide(tmp_path_factory.mktemp("slides") / "a.tif")


def opened(path: Path) -> Instance:
    (entry,) = scan([path], SilentTask())
    assert isinstance(entry, Instance), entry
    return entry


def test_a_slide_is_a_case_of_one_picture_and_not_a_cine_of_its_magnifications(pyramid: Path) -> None:
    one = opened(pyramid)
    assert one.reader == "slide" and one.modality == "SM" and one.frames == 1
    assert (one.rows, one.columns) == (1536, 2304)
    assert one.series.description == "Whole slide of 2304 × 1536 px, opened at 1:1"
    pixels = read_frame(one)
    assert pixels.photometric == "RGB" and not pixels.values.flags.writeable
    assert (pixels.values == made.field(1536, 2304)).all()
    (region,) = one.calibration().regions
    assert region.dx == region.dy == pytest.approx(made.UM / 1000)


def test_a_magnification_that_fits_is_read_and_its_pixels_are_as_large_as_they_are(
    pyramid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "LARGEST", 600)
    monkeypatch.setattr(levels, "_TOO_COARSE", 150)
    header = tiff.read_header(pyramid)
    assert header.choice == levels.Choice(1) and (header.rows, header.columns) == (384, 576)
    assert header.um_per_px == pytest.approx(4 * made.UM) and header.whole == (1536, 2304)
    whole = tiff.decode(pyramid)
    expected = cv2.resize(made.field(1536, 2304), (576, 384), interpolation=cv2.INTER_AREA)
    assert (whole == expected).all()


def test_one_without_magnifications_is_made_smaller_tile_by_tile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made.slide(tmp_path / "flat.tif", 1000, 1500, (1,))
    assert not tiff.is_slide(path.read_bytes()[:512], path)  # small enough for a picture
    for module in (levels, tiff):
        monkeypatch.setattr(module, "LARGEST", 400)
    assert tiff.is_slide(path.read_bytes()[:512], path)
    header = tiff.read_header(path)
    assert (header.rows, header.columns, header.choice.factor) == (250, 375, 4)
    assert header.um_per_px == pytest.approx(4 * made.UM)
    expected = cv2.resize(made.field(1000, 1500), (375, 250), interpolation=cv2.INTER_AREA)
    assert np.abs(tiff.decode(path).astype(int) - expected).max() <= 1


def test_jpeg_tiles_are_read_and_said_to_be_lossy(tmp_path: Path) -> None:
    one = opened(made.slide(tmp_path / "lossy.tif", 512, 768, (1, 4), compression="jpeg"))
    assert one.lossy == "JPEG"
    difference = np.abs(read_frame(one).values.astype(int) - made.field(512, 768))
    assert np.median(difference) <= 2


def test_the_size_of_a_pixel_comes_from_the_maker_or_the_resolution_or_is_not_known(tmp_path: Path) -> None:
    words = "Aperio Image Library\r\n512x512|AppMag = 40|MPP = 0.2498"
    aperio = made.slide(tmp_path / "x.svs", 512, 512, (1, 4), description=words)
    assert tiff.read_header(aperio).um_per_px == pytest.approx(0.2498)
    unknown = opened(made.slide(tmp_path / "unknown.tif", 512, 512, (1, 4), unscaled=True))
    assert not unknown.calibration().regions
    screen = made.slide(
        tmp_path / "screen.tif", 512, 512, (1, 4), unscaled=True, resolution=(72, 72), resolutionunit=2
    )
    assert tiff.read_header(screen).um_per_px == 0  # 72 to the inch is no microscope


def test_a_picture_stays_a_picture(tmp_path: Path) -> None:
    import tifffile

    path = tmp_path / "plain.tif"
    tifffile.imwrite(path, made.field(300, 400))
    assert opened(path).reader == "picture"
    head = path.read_bytes()[:512]
    assert PICTURE.sniff(head, path) and not SLIDE.sniff(head, path)
    assert PICTURE.sniff(head, Path("in-a-zip.tif")) and not SLIDE.sniff(head, Path("in-a-zip.tif"))


def test_a_damaged_slide_is_refused_with_a_sentence(pyramid: Path, tmp_path: Path) -> None:
    content = pyramid.read_bytes()
    cut = tmp_path / "cut.svs"
    cut.write_bytes(content[:4000])
    with pytest.raises(UnreadableFile):
        read_frame(SLIDE.describe(cut, "cut.svs"))
    nonsense = tmp_path / "nonsense.tif"
    nonsense.write_bytes(b"II*\0" + b"\xff" * 600)
    assert not tiff.is_slide(nonsense.read_bytes()[:512], nonsense)


def test_a_deep_slide_says_what_it_would_need_to_be(tmp_path: Path) -> None:
    import tifffile

    path = tmp_path / "deep.tif"
    deep = np.zeros((512, 512, 3), np.uint16)
    with tifffile.TiffWriter(path) as file:
        file.write(deep, tile=(256, 256), photometric="rgb", subifds=1, metadata=None)
        file.write(deep[::4, ::4], tile=(128, 128), photometric="rgb", subfiletype=1, metadata=None)
    with pytest.raises(UnsupportedFile, match="8-bit"):
        tiff.read_header(path)

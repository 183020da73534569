"""What every file format promises, asked of each plug-in alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview import registry
from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.readers._protocol import Reader
from breastview.readers.pixels import FORMATS, read_frame, reader_named
from breastview.study.instance import Instance
from tests import phantoms

SAMPLES: dict[str, Callable[[Path], Path]] = {
    "dicom": lambda folder: phantoms.us_grey(folder / "sample.dcm"),
    "picture": lambda folder: phantoms.picture(folder / "sample.png"),
    "slide": lambda folder: phantoms.slide(folder / "sample.svs"),
}

formats = pytest.mark.parametrize("name", registry.names(FORMATS))


@formats
def test_every_format_has_a_sample_here(name: str) -> None:
    assert name in SAMPLES


@formats
def test_reader_has_lower_case_suffixes_and_knows_its_own_files(name: str, tmp_path: Path) -> None:
    reader: Reader = reader_named(name)
    assert reader.suffixes
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in reader.suffixes)
    path = SAMPLES[name](tmp_path)
    assert reader.sniff(path.read_bytes()[:512], path)
    assert not reader.sniff(b"Dear reader, this is a letter and no picture. " * 12, tmp_path / "letter.txt")
    assert not reader.sniff(b"", tmp_path / "empty")


@formats
def test_description_agrees_with_the_pixels(name: str, tmp_path: Path) -> None:
    reader = reader_named(name)
    path = SAMPLES[name](tmp_path)
    instance = reader.describe(path, "a/label.png")
    assert isinstance(instance, Instance)
    assert (instance.path, instance.label, instance.reader) == (path, "a/label.png", name)
    assert len(instance.calibrations) in (1, instance.frames)
    assert instance.study.uid
    assert instance.series.uid
    pixels = reader.pixels(instance, 0)
    assert pixels.size == (instance.rows, instance.columns)
    assert not pixels.values.flags.writeable
    assert pixels.photometric in ("MONOCHROME1", "MONOCHROME2", "RGB")
    assert pixels.window.width >= 1
    np.testing.assert_array_equal(pixels.values, phantoms.speckle())


@formats
@pytest.mark.parametrize("content", [b"", b"\0" * 2000, b"not a picture at all " * 100])
def test_rubbish_is_a_sentence(name: str, content: bytes, tmp_path: Path) -> None:
    reader = reader_named(name)
    path = tmp_path / f"rubbish{min(reader.suffixes)}"
    path.write_bytes(content)
    with pytest.raises((UnreadableFile, UnsupportedFile)) as raised:
        reader.describe(path, path.name)
    assert str(raised.value).startswith("rubbish")


@formats
def test_every_cut_of_a_sound_file_is_a_sentence_or_a_picture(name: str, tmp_path: Path) -> None:
    reader = reader_named(name)
    content = SAMPLES[name](tmp_path).read_bytes()
    path = tmp_path / f"cut{min(reader.suffixes)}"
    for length in range(1, len(content) - 1, max(1, len(content) // 60)):
        path.write_bytes(content[:length])
        try:
            pixels = reader.pixels(reader.describe(path, path.name), 0)
        except (UnreadableFile, UnsupportedFile):
            continue
        # Only a closing mark was lost.
        assert length > 0.95 * len(content)
        np.testing.assert_array_equal(pixels.values, phantoms.speckle())


@formats
def test_a_file_that_has_gone_is_a_sentence(name: str, tmp_path: Path) -> None:
    reader = reader_named(name)
    path = SAMPLES[name](tmp_path)
    instance = reader.describe(path, path.name)
    path.unlink()
    with pytest.raises(UnreadableFile, match="cannot be read"):
        reader.describe(path, path.name)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_frame(instance)


@formats
def test_a_frame_that_is_not_there_is_a_sentence(name: str, tmp_path: Path) -> None:
    instance = reader_named(name).describe(SAMPLES[name](tmp_path), "x")
    with pytest.raises(UnreadableFile, match="no frame 2"):
        read_frame(instance, 1)
    with pytest.raises(UnreadableFile):
        read_frame(replace(instance, frames=9), 5)

"""Objects of other systems: what they say of a picture, where, and that damage never gets far."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pydicom
import pytest

from breastview import registry
from breastview.errors import BreastViewError, UnreadableFile
from breastview.readers import foreign
from breastview.readers.scan import describe, scan
from breastview.session._foreign import Foreign
from breastview.session._opened import Opened
from breastview.study.foreign import Companion, Kind
from breastview.study.instance import Instance, Refusal
from breastview.task import SilentTask
from tests import conftest, foreign_objects, phantoms

SIZE = (phantoms.ROWS, phantoms.COLUMNS)
SHARED = conftest.DATA / "dicom" / "seg_sr_pr"
MAKERS = (
    lambda path, picture: foreign_objects.segmentation(path, picture, [phantoms.lesion()]),
    foreign_objects.presentation, foreign_objects.report, foreign_objects.document,
)  # fmt: skip


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return phantoms.us_grey(tmp_path / "study" / "picture.dcm")


def uid(path: Path) -> str:
    return str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID)


def read(path: Path) -> Companion:
    found = foreign.describe(path, path.name)
    assert found is not None
    return found


def test_every_kind_is_a_reader_of_families_of_its_own() -> None:
    names = registry.names(foreign.PACKAGE)
    families = [registry.load(foreign.PACKAGE, name).READER.families for name in names]
    assert len(families) == 4
    assert len({one for some in families for one in some}) == sum(map(len, families))


def test_a_header_says_who_made_it_and_what_it_belongs_to(tmp_path: Path, picture: Path) -> None:
    found = read(foreign_objects.segmentation(tmp_path / "seg.dcm", picture, [phantoms.lesion()]))
    assert (found.kind, found.reader, found.date) == (Kind.SEGMENTATION, "seg", "20260203")
    assert found.name == "Other Maker CAD 3000: Second reader"
    assert found.refers == {uid(picture)}


def test_binary_segments_come_back_as_they_are(tmp_path: Path, picture: Path) -> None:
    masks = [phantoms.lesion(), ~phantoms.lesion(), np.eye(*SIZE, dtype=bool)]
    found = read(foreign_objects.segmentation(tmp_path / "seg.dcm", picture, masks))
    overlay = foreign.overlay(found, uid(picture), 0, SIZE)
    assert [mask.name for mask in overlay.masks] == ["Mass 1", "Mass 2", "Mass 3"]
    for mask, true in zip(overlay.masks, masks, strict=True):
        assert np.array_equal(mask.values > 0, true)
        assert not mask.fractional
    assert foreign.overlay(found, "1.2.3", 0, SIZE).masks == ()


def test_a_fractional_segment_keeps_its_fractions(tmp_path: Path, picture: Path) -> None:
    levels = np.random.default_rng(1).integers(0, 256, SIZE).astype(np.uint8)
    found = read(foreign_objects.segmentation(tmp_path / "s.dcm", picture, [levels], fractional=True))
    (mask,) = foreign.overlay(found, uid(picture), 0, SIZE).masks
    assert np.array_equal(mask.values, levels)
    assert mask.fractional


def test_a_segment_lies_over_its_own_frame(tmp_path: Path) -> None:
    cine = phantoms.us_cine(tmp_path / "cine.dcm", frames=3)
    masks = [phantoms.lesion(), ~phantoms.lesion()]
    found = read(foreign_objects.segmentation(tmp_path / "seg.dcm", cine, masks, frames=[0, 2]))
    shown = [foreign.overlay(found, uid(cine), frame, SIZE).masks for frame in range(3)]
    assert [len(masks) for masks in shown] == [1, 0, 1]
    assert shown[2][0].name == "Mass 2"


def test_a_segmentation_of_another_size_is_told_and_not_drawn(tmp_path: Path, picture: Path) -> None:
    found = read(foreign_objects.segmentation(tmp_path / "seg.dcm", picture, [np.ones((8, 8), bool)]))
    overlay = foreign.overlay(found, uid(picture), 0, SIZE)
    assert overlay.masks == ()
    assert "8 × 8" in overlay.notes[0]


def test_a_presentation_state_gives_graphics_words_and_window(tmp_path: Path, picture: Path) -> None:
    found = read(foreign_objects.presentation(tmp_path / "p.dcm", picture))
    overlay = foreign.overlay(found, uid(picture), 0, SIZE)
    line, circle, words = overlay.drawings
    assert line.points == ((10.0, 8.0), (20.0, 18.0))
    assert not line.closed
    assert circle.closed
    assert {round(float(np.hypot(x - 30, y - 20)), 6) for x, y in circle.points} == {6.0}
    assert words.text == "look here"
    assert words.points == ((phantoms.COLUMNS / 2 - 0.5, phantoms.ROWS / 4 - 0.5),)
    assert overlay.window is not None
    assert (overlay.window.centre, overlay.window.width) == (100, 50)
    assert "rectangular" in overlay.notes[0]


def test_a_report_keeps_numbers_and_units_as_written(tmp_path: Path, picture: Path) -> None:
    found = read(foreign_objects.report(tmp_path / "sr.dcm", picture))
    overlay = foreign.overlay(found, uid(picture), 0, SIZE)
    (number,) = overlay.numbers
    assert (number.name, number.value, number.unit, number.group) == ("Long axis", "12.50", "mm", "Lesion A")
    assert overlay.drawings[0].points == ((10.0, 12.0), (40.0, 12.0))
    assert overlay.drawings[1].text == "Lesion A"
    page = foreign.page(found)
    assert page is not None
    words = [line for _, line in page.lines]
    assert "Long axis: 12.50 mm" in words
    assert "Comment: Округлое образование" in words
    assert page.lines[0] == (0, "Imaging Measurement Report")


def test_a_measurement_of_another_frame_is_not_shown(tmp_path: Path) -> None:
    cine = phantoms.us_cine(tmp_path / "cine.dcm", frames=3)
    found = read(foreign_objects.report(tmp_path / "sr.dcm", cine, frame=1))
    counts = [len(foreign.overlay(found, uid(cine), frame, SIZE).numbers) for frame in range(3)]
    assert counts == [0, 1, 0]


def test_a_document_comes_back_byte_for_byte(tmp_path: Path, picture: Path) -> None:
    found = read(foreign_objects.document(tmp_path / "pdf.dcm", picture))
    page = foreign.page(found)
    assert page is not None
    assert (page.title, page.content, page.suffix) == ("Letter", foreign_objects.PDF_BYTES, ".pdf")
    assert not found.refers


def test_a_document_that_is_no_pdf_is_a_sentence(tmp_path: Path, picture: Path) -> None:
    path = foreign_objects.document(tmp_path / "pdf.dcm", picture)
    dataset = pydicom.dcmread(path)
    dataset.EncapsulatedDocument = b"<script>no</script>"
    dataset.save_as(path)
    with pytest.raises(UnreadableFile, match="no PDF"):
        foreign.page(read(path))


def test_companions_are_no_rows_and_lonely_ones_are_told(tmp_path: Path, picture: Path) -> None:
    for number, maker in enumerate(MAKERS):
        maker(picture.parent / f"{number}.dcm", picture)
    entries = list(scan([picture.parent], SilentTask()))
    assert sum(isinstance(entry, Companion) for entry in entries) == 4
    assert sum(isinstance(entry, Instance) for entry in entries) == 1
    opened = Opened()
    number = opened.begin([picture.parent], SilentTask())
    for entry in entries:
        opened.accompany(entry, number) if isinstance(entry, Companion) else opened.add(entry, number)
    known = Foreign(opened)
    assert len(known.of(opened.cases[0])) == 4
    assert list(known.lonely()) == []
    other = Opened()
    number = other.begin([picture.parent], SilentTask())
    for entry in entries:
        if isinstance(entry, Companion):
            other.accompany(entry, number)
    lonely = list(Foreign(other).lonely())
    assert len(lonely) == 4
    assert all(isinstance(one, Refusal) and "its pictures are not here" in one.reason for one in lonely)


@pytest.mark.parametrize("maker", MAKERS)
def test_damaged_objects_are_a_sentence_or_read_somehow(tmp_path: Path, picture: Path, maker) -> None:  # type: ignore[no-untyped-def]
    sound = maker(tmp_path / "sound.dcm", picture).read_bytes()
    about, path, chance = uid(picture), tmp_path / "mutant.dcm", random.Random(5)
    for turn in range(120):
        mutant = bytearray(sound)
        if turn % 4 == 3:
            del mutant[chance.randrange(132, len(mutant)) :]
        for _ in range(chance.randrange(1, 12)):
            mutant[chance.randrange(132, len(mutant))] = chance.randrange(256)
        path.write_bytes(mutant)
        (found,) = scan([path], SilentTask())
        assert not isinstance(found, Refusal) or len(found.reason) > 10, "a refusal without a reason"
        try:
            if isinstance(found, Companion):
                foreign.overlay(found, about, 0, SIZE)
                foreign.page(found)
        except BreastViewError as error:
            assert error.what, "an error without a sentence"


@pytest.mark.data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared DICOM files are not here")
@pytest.mark.parametrize("name", ["liver", "partial_overlaps", "seg_image_ct_binary_overlap", "seg"])
def test_real_segmentations_are_read_as_highdicom_reads_them(name: str) -> None:
    highdicom = pytest.importorskip("highdicom")
    path = SHARED / f"{name}.dcm"
    true = highdicom.seg.segread(path)
    found = read(path)
    sources = sorted({one[2] for one in true.get_source_image_uids()})
    size = (true.Rows, true.Columns)
    for source in sources:
        overlay = foreign.overlay(found, source, 0, size)
        expected = true.get_pixels_by_source_instance([source], ignore_spatial_locations=True)[0]
        drawn = {mask.name: mask.values > 0 for mask in overlay.masks}
        for number in true.segment_numbers:
            label = true.get_segment_description(number).segment_label
            mask = drawn.get(label, np.zeros(size, bool))
            assert np.array_equal(mask, expected[..., number - 1] > 0), label


def test_pictures_are_described_as_before(picture: Path) -> None:
    assert isinstance(describe(picture, "picture.dcm"), Instance)
    assert foreign.describe(picture, "picture.dcm") is None

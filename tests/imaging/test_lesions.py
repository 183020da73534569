"""Lesions keep their numbers through edits, and say who drew them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from breastview.imaging.lesions import above, area_share, findings, labelled, with_segmentation
from breastview.imaging.packed_labels import PackedLabels, pack, unpack
from breastview.study.analysis import numbered
from breastview.study.segmentation import MaskSource, Segmentation
from tests.exporters import phantom


def blocks(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros((50, 60), bool)
    for x, y, width, height in boxes:
        mask[y : y + height, x : x + width] = True
    return mask


SMALL, LARGE = (5, 5, 6, 6), (20, 10, 20, 20)


def test_the_largest_lesion_is_number_one():
    labels = labelled(blocks(SMALL, LARGE))
    assert (labels[15, 25], labels[7, 7]) == (1, 2)


def test_a_lesion_that_outgrows_another_keeps_its_number():
    before = labelled(blocks(SMALL, LARGE))
    after = labelled(blocks((2, 5, 14, 40), LARGE), before)
    assert (after[15, 25], after[7, 7]) == (1, 2)


def test_a_number_that_was_deleted_is_given_to_the_next_new_lesion():
    before = labelled(blocks(SMALL, LARGE))
    left = labelled(blocks(SMALL), before)
    assert left.max() == 2, "what is left keeps its number"
    assert set(np.unique(labelled(blocks(SMALL, (45, 40, 5, 5)), left))) == {0, 1, 2}


def test_of_a_lesion_cut_in_two_the_larger_part_keeps_the_number():
    before = labelled(blocks((10, 10, 30, 10)))
    after = labelled(blocks((10, 10, 20, 10), (32, 10, 8, 10)), before)
    assert (after[12, 12], after[12, 35]) == (1, 2)


def test_findings_are_largest_first_and_called_by_their_numbers():
    before = labelled(blocks(SMALL, LARGE))
    found = findings(labelled(blocks((2, 5, 14, 40), LARGE), before))
    assert [one.number for one in found] == [2, 1]
    assert [number for number, _ in numbered(found)] == [1, 2]


def test_each_lesion_says_whether_ai_or_reader_drew_it():
    drawn = blocks(SMALL, LARGE)
    mask = blocks(SMALL, (20, 10, 20, 25), (50, 40, 5, 5))
    by = {one.area_px: one.source for one in findings(labelled(mask), drawn_by_ai=drawn)}
    assert by == {36: MaskSource.AI, 500: MaskSource.EDITED, 25: MaskSource.READER}


def test_a_lesion_of_which_something_was_cut_off_is_edited():
    drawn = blocks(LARGE)
    (one,) = findings(labelled(blocks((20, 10, 19, 20))), drawn_by_ai=drawn)
    assert one.source == MaskSource.EDITED


def test_more_lesions_than_numbers_leave_the_largest():
    mask = np.zeros((70, 70), bool)
    mask[::4, ::4] = True
    mask[40:43, 40:43] = True
    labels = labelled(mask)
    assert labels.max() == 255 and labels[41, 41] == 1


def test_the_map_above_the_ai_s_threshold_is_the_ai_s_mask_but_for_its_edge():
    analysis = phantom.analysis()
    assert np.array_equal(above(analysis, 0.5), analysis.mask)
    assert above(analysis, 0.0).all()


@settings(max_examples=40, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30)), elements=st.integers(0, 3)))
def test_packing_labels_loses_nothing(labels):
    packed = pack(labels)
    assert np.array_equal(unpack(packed), labels)
    assert pack(unpack(packed)) == packed


def test_a_lesion_in_a_large_picture_takes_few_bytes():
    labels = np.zeros((4664, 3064), np.uint8)
    y, x = np.mgrid[:600, :600]
    labels[1000:1600, 800:1400] = ((x - 300) ** 2 + (y - 300) ** 2 <= 290**2) * 3
    assert len(pack(labels).png) < 20_000


@pytest.mark.parametrize("packed", [PackedLabels(5, 5, 0, 0, b"nothing"), PackedLabels(5, 5, 4, 4, b"x")])
def test_damaged_labels_are_refused(packed):
    with pytest.raises(ValueError, match="packed labels"):
        unpack(packed)


def test_labels_that_do_not_fit_their_picture_are_refused():
    whole = pack(np.ones((6, 6), np.uint8))
    with pytest.raises(ValueError, match="fit"):
        unpack(PackedLabels(5, 5, 0, 0, whole.png))


def test_the_reader_s_mask_says_which_share_of_the_tissue_it_covers():
    field = phantom.histology()
    assert field.analysis is not None
    rows, columns = field.pixels.size
    left = np.zeros((rows, columns), bool)
    left[:, : columns // 2] = True
    assert area_share(field.analysis, left) == pytest.approx(0.5)
    # Of a field whose right half is bare glass, nothing of which any map marks, the left half is all.
    glass = field.analysis.heat.classes.copy()
    glass[..., glass.shape[2] // 2 :] = 0
    half = replace(field.analysis, heat=replace(field.analysis.heat, classes=glass))
    assert area_share(half, left) == pytest.approx(1.0)
    assert area_share(phantom.analysis(), left) is None
    edited = with_segmentation(field, Segmentation(left.astype(np.uint8), MaskSource.READER))
    assert edited.edited_area == pytest.approx(0.5)

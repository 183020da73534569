"""Segmentations hold the mask that counts, pixel by pixel, and say who drew it."""

from __future__ import annotations

from dataclasses import replace

import highdicom
import numpy as np
import pytest

from breastview.study.segmentation import MaskSource
from tests import phantoms
from tests.exporters import dicoms, phantom


@pytest.fixture
def us(tmp_path):
    return dicoms.read(phantoms.us_with_regions(tmp_path / "us.dcm"))


def two(rows=phantoms.ROWS, columns=phantoms.COLUMNS):
    """Return a mask of two lesions, the larger one on the right."""
    mask = np.zeros((rows, columns), bool)
    mask[5:12, 4:12] = True
    mask[20:40, 36:60] = True
    return mask


def test_the_ais_mask_is_there_pixel_by_pixel(us):
    found = dicoms.one(us, "seg")
    assert np.array_equal(found.pixel_array.astype(bool), us.mask)
    (segment,) = found.SegmentSequence
    assert segment.SegmentAlgorithmType == "AUTOMATIC"
    assert segment.SegmentLabel == "Lesion 1"
    assert (segment.SegmentedPropertyTypeCodeSequence[0].CodeValue,
            segment.AnatomicRegionSequence[0].CodeValue) == ("52988006", "76752008")  # fmt: skip


def test_the_model_is_named_with_version_and_hash(us):
    (segment,) = dicoms.one(us, "seg").SegmentSequence
    (algorithm,) = segment.SegmentationAlgorithmIdentificationSequence
    assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("phantom-net", "1.2.0")
    assert f"hash={phantom.STAMP.hash}" in algorithm.AlgorithmParameters


def test_each_lesion_is_a_segment_and_together_they_are_the_mask(us):
    mask = two()
    found = dicoms.one(dicoms.edited(us, mask), "seg")
    assert [s.SegmentLabel for s in found.SegmentSequence] == ["Lesion 1", "Lesion 2"]
    planes = found.pixel_array.astype(bool)
    assert np.array_equal(planes.any(axis=0), mask)
    assert not planes.all(axis=0).any()
    assert planes[0].sum() == 20 * 24, "the largest lesion is number 1"


@pytest.mark.parametrize(
    ("source", "kind"), [(MaskSource.EDITED, "SEMIAUTOMATIC"), (MaskSource.READER, "MANUAL")]
)
def test_who_drew_it_is_told_apart(us, source, kind):
    mask = us.mask.copy()
    if source is MaskSource.READER:
        mask = np.zeros_like(mask)
        mask[40:46, 50:60] = True
    else:
        mask[:15] = False
    (segment,) = dicoms.one(dicoms.edited(us, mask, source), "seg").SegmentSequence
    assert segment.SegmentAlgorithmType == kind
    assert ("SegmentationAlgorithmIdentificationSequence" in segment) == (source is MaskSource.EDITED)


def test_a_lesion_of_the_ai_stays_the_ais_beside_one_of_the_reader(us):
    mask = us.mask.copy()
    mask[40:46, 50:60] = True
    segments = dicoms.one(dicoms.edited(us, mask), "seg").SegmentSequence
    assert sorted(s.SegmentAlgorithmType for s in segments) == ["AUTOMATIC", "MANUAL"]


def test_a_mask_without_a_lesion_is_an_empty_segment_that_says_so(us):
    found = dicoms.one(dicoms.edited(us, np.zeros_like(us.mask)), "seg")
    assert not found.pixel_array.any()
    assert found.SegmentSequence[0].SegmentLabel == "No lesion"
    assert found.ContentDescription.startswith("No lesion")


def test_the_probability_map_is_fractional_and_covers_the_picture(us):
    values = np.linspace(0, 255, 12 * 16).reshape(12, 16).astype(np.uint8)
    reading = replace(us, analysis=replace(us.analysis, mask_probability=values))
    _, found = dicoms.made(reading, "seg")
    assert (found.SegmentationType, found.SegmentationFractionalType) == ("FRACTIONAL", "PROBABILITY")
    assert found.MaximumFractionalValue == 255
    assert found.pixel_array.shape == us.pixels.size
    import cv2

    enlarged = cv2.resize(values, us.pixels.size[::-1], interpolation=cv2.INTER_LINEAR)
    assert np.abs(found.pixel_array.astype(int) - enlarged).max() <= 1


def test_the_probability_map_stays_when_the_mask_is_edited(us):
    before, after = (dicoms.made(r, "seg")[1] for r in (us, dicoms.edited(us, two())))
    assert before.SOPInstanceUID == after.SOPInstanceUID


def test_where_the_gate_refused_there_is_none(us):
    refused = replace(us, analysis=phantom.refused().analysis)
    assert dicoms.made(refused, "seg") == []


def test_a_lesion_keeps_its_tracking_number_while_it_is_edited(us):
    smaller = us.mask.copy()
    smaller[:15] = False
    numbers = {
        dicoms.one(r, "seg").SegmentSequence[0].TrackingUID for r in (us, dicoms.edited(us, smaller))
    }  # fmt: skip
    assert len(numbers) == 1


def test_highdicom_reads_it_back(us, tmp_path):
    (tmp_path / "seg.dcm").write_bytes(dicoms.bytes_of(dicoms.one(us, "seg")))
    found = highdicom.seg.segread(tmp_path / "seg.dcm")
    (source,) = found.get_source_image_uids()
    pixels = found.get_pixels_by_source_instance([source[2]], combine_segments=True)
    assert np.array_equal(pixels[0].astype(bool), us.mask)


def test_rows_and_columns_need_not_divide_by_eight(tmp_path):
    odd = phantoms.save(
        phantoms.dataset(phantoms.speckle(37, 53), photometric="MONOCHROME2"), tmp_path / "a.dcm"
    )
    reading = dicoms.read(odd)
    assert np.array_equal(dicoms.one(reading, "seg").pixel_array.astype(bool), reading.mask)

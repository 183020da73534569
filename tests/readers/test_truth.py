"""Ground truth: which masks belong to a picture, and what they say."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview.errors import UnreadableFile
from breastview.readers.scan import scan
from breastview.readers.truth import mask_of, read_truth
from breastview.study.instance import Instance
from breastview.task import SilentTask
from tests import phantoms


def opened(path: Path) -> Instance:
    (found,) = scan([path], SilentTask())
    assert isinstance(found, Instance)
    return found


@pytest.mark.parametrize(
    ("stem", "picture"),
    [
        ("benign (1)_mask", "benign (1)"), ("benign (100)_mask_1", "benign (100)"), ("a_MASK_12", "a"),
        ("mask", ""), ("_mask", ""), ("a_masked", ""), ("benign (1)", ""),
    ],
)  # fmt: skip
def test_mask_names_are_those_of_busi(stem: str, picture: str) -> None:
    assert mask_of(stem) == picture


def test_masks_of_a_picture_are_united(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path)
    truth = read_truth(opened(folder / "benign" / "benign (2).png"))
    assert truth is not None
    np.testing.assert_array_equal(truth, phantoms.lesion())
    assert not truth.flags.writeable


def test_a_picture_without_masks_has_no_truth(tmp_path: Path) -> None:
    assert read_truth(opened(phantoms.picture(tmp_path / "a.png"))) is None


def test_a_mask_that_comes_later_is_found_though_the_folder_was_known(tmp_path: Path) -> None:
    picture = phantoms.picture(tmp_path / "a.png")
    os.utime(tmp_path, (1_000_000_000, 1_000_000_000))  # long ago, so that it is not listed again
    assert opened(picture).truth == opened(picture).truth == ()
    mask = phantoms.picture(tmp_path / "a_mask.png", phantoms.lesion().astype(np.uint8))
    assert opened(picture).truth == (mask,)


@pytest.mark.parametrize("top", [1, 255])
@pytest.mark.parametrize("colour", [False, True])
def test_masks_of_any_coding_say_the_same(top: int, colour: bool, tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png")
    mask = phantoms.lesion().astype(np.uint8) * np.uint8(top)
    phantoms.picture(tmp_path / "a_mask.png", np.dstack([mask, mask, mask * 0]) if colour else mask)
    truth = read_truth(opened(path))
    assert truth is not None
    np.testing.assert_array_equal(truth, phantoms.lesion())


def test_an_empty_mask_says_there_is_no_lesion(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png")
    phantoms.picture(tmp_path / "a_mask.png", np.zeros((phantoms.ROWS, phantoms.COLUMNS), np.uint8))
    truth = read_truth(opened(path))
    assert truth is not None
    assert not truth.any()


def test_a_mask_of_another_size_is_a_sentence(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png")
    phantoms.picture(tmp_path / "a_mask.png", phantoms.lesion(20, 30).astype(np.uint8))
    with pytest.raises(UnreadableFile, match="the mask is 30 × 20 pixels, its picture 64 × 48"):
        read_truth(opened(path))


def test_a_mask_that_has_gone_is_a_sentence(tmp_path: Path) -> None:
    instance = opened(phantoms.picture(tmp_path / "a.png"))
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_truth(replace(instance, truth=(tmp_path / "a_mask.png",)))


def test_a_dicom_picture_can_have_a_mask_beside_it(tmp_path: Path) -> None:
    path = phantoms.us_grey(tmp_path / "a.dcm")
    phantoms.picture(tmp_path / "a_mask.png", phantoms.lesion())
    truth = read_truth(opened(path))
    assert truth is not None
    np.testing.assert_array_equal(truth, phantoms.lesion())

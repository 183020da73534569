"""The input gate: ultrasound passes, other pictures are refused or flagged, each with its reason."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.inference import gate
from breastview.study.instance import Instance, SeriesInfo, StudyInfo


def instance(modality=""):
    return Instance(
        Path("a.png"), "a.png", "picture", 1, 1, StudyInfo("1"), SeriesInfo("2"), modality=modality
    )


def speckle(rows=300, columns=400, seed=0):
    """Speckled tissue that fills the frame, darker with depth."""
    rng = np.random.default_rng(seed)
    depth = np.linspace(150, 60, rows)[:, None]
    return np.clip(depth * rng.rayleigh(0.8, (rows, columns)), 0, 255).astype(np.uint8)


def film(rows=400, columns=300):
    """A smooth half-disc on black: a breast on film."""
    picture = np.zeros((rows, columns), np.uint8)
    cv2.ellipse(picture, (0, rows // 2), (columns * 2 // 3, rows // 2 - 20), 0, 0, 360, 150, -1)
    return cv2.GaussianBlur(picture, (0, 0), 12)


def codes(picture, modality="", expected="US"):
    return [(flag.code, flag.refuses) for flag in gate.inspect(instance(modality), picture, expected)]


@pytest.mark.parametrize("modality", ["", "US", "OT", "SC"])
def test_ultrasound_passes_without_a_word(modality):
    assert codes(speckle(), modality) == []
    assert codes(np.repeat(speckle()[..., None], 3, axis=2), modality) == []


@pytest.mark.parametrize("modality", ["MG", "CT", "MR", "CR", "SM"])
def test_another_modality_is_refused_whatever_it_looks_like(modality):
    assert codes(speckle(), modality) == [("not-ultrasound", True)]
    (flag,) = gate.inspect(instance(modality), speckle())
    assert modality in flag.text


def test_film_without_a_header_is_refused_and_believed_when_the_header_says_ultrasound():
    assert codes(film()) == [("not-ultrasound", True)]
    assert all(not refuses for _, refuses in codes(film(), "US"))


def test_a_whole_screen_with_black_borders_only_gets_a_warning():
    screen = np.zeros((480, 640), np.uint8)
    screen[60:420, 130:510] = speckle(360, 380)
    assert codes(screen, "US") == [("black-side", False)]


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0005, []), (0.02, [("colour", False)]), (0.5, [("colour", True)])]
)
def test_colour_is_mentioned_and_much_of_it_refused(share, expected):
    picture = np.repeat(speckle()[..., None], 3, axis=2)
    coloured = np.random.default_rng(1).random(picture.shape[:2]) < share
    picture[coloured] = (220, 40, 20)
    assert codes(picture) == expected


def test_small_and_blank_pictures_are_refused():
    assert codes(speckle(63, 400)) == [("too-small", True)]
    assert codes(np.full((300, 300), 7, np.uint8)) == [("blank", True)]


def test_flags_that_refuse_come_first():
    picture = np.repeat(speckle()[..., None], 3, axis=2)
    picture[:30, :30] = (220, 40, 20)
    assert codes(picture, "MR") == [("not-ultrasound", True), ("colour", False)]


def test_a_model_for_mammograms_takes_film_and_refuses_ultrasound():
    assert codes(film(), "MG", "MG") == []
    assert codes(film(), "DX", "MG") == []
    assert codes(speckle(), "US", "MG") == [("not-mammograms", True)]


def test_a_picture_of_one_pixel_and_one_without_tissue_are_judged_without_failing():
    assert codes(np.zeros((1, 1, 3), np.uint8)) == [("too-small", True)]
    assert codes(np.zeros((65, 65), np.uint8)) == [("blank", True)]


@pytest.mark.data
def test_breast_ultrasound_of_both_sets_is_never_refused(shared_data):
    found = 0
    for folder in ("busi", "bus_bra"):
        for path in sorted((shared_data / "ultrasound" / folder).glob("images/**/*.jpg"))[::25]:
            picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            assert not any(flag.refuses for flag in gate.inspect(instance(), picture)), path.name
            found += 1
    assert found > 50

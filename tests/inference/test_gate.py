"""The input gate: ultrasound passes; other pictures are refused or flagged, each with reason and place."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.inference import gate
from breastview.study.calibration import Calibration, Region
from breastview.study.instance import Instance, SeriesInfo, StudyInfo
from tests.inference.speckle import tissue

CT, US, SECONDARY = (f"1.2.840.10008.5.1.4.1.1.{ending}" for ending in ("2", "6.1", "7"))


def instance(modality="", **more):
    return Instance(
        Path("a.png"),
        "a.png",
        "picture",
        300,
        400,
        StudyInfo("1"),
        SeriesInfo("2"),
        modality=modality,
        **more,
    )


def coloured(seed=0):
    return np.repeat(tissue(seed=seed)[..., None], 3, axis=2)


def film(rows=400, columns=300):
    """A smooth half-disc on black: a breast on film."""
    picture = np.zeros((rows, columns), np.uint8)
    cv2.ellipse(picture, (0, rows // 2), (columns * 2 // 3, rows // 2 - 20), 0, 0, 360, 150, -1)
    return cv2.GaussianBlur(picture, (0, 0), 12)


def crosses(picture, places, arm=6, lying=False, colour=(255, 255, 255)):
    ends = (
        ((-arm, -arm, arm, arm), (-arm, arm, arm, -arm)) if lying else ((-arm, 0, arm, 0), (0, -arm, 0, arm))
    )
    for x, y in places:
        for x0, y0, x1, y1 in ends:
            cv2.line(picture, (x + x0, y + y0), (x + x1, y + y1), colour, 1)
    return picture


def flags(picture, modality="", expected="US", **more):
    return gate.inspect(instance(modality, **more), picture, expected)


def codes(*arguments, **more):
    return [(flag.code, flag.refuses) for flag in flags(*arguments, **more)]


def near(box, place, within=3):
    """Whether a box has its middle at a place."""
    x, y, width, height = box
    return abs(x + width / 2 - place[0]) <= within and abs(y + height / 2 - place[1]) <= within


@pytest.mark.parametrize("modality", ["", "US", "OT", "SC"])
def test_ultrasound_passes_without_a_word(modality):
    assert codes(tissue(), modality) == []
    assert codes(coloured(), modality) == []


@pytest.mark.parametrize("modality", ["MG", "CT", "MR", "CR", "SM"])
def test_another_modality_is_refused_whatever_it_looks_like(modality):
    (flag,) = flags(tissue(), modality)
    assert (flag.code, flag.refuses) == ("not-ultrasound", True)
    assert modality in flag.text


def test_a_kind_of_object_of_another_modality_is_refused():
    assert codes(tissue(), "OT", sop_class=CT) == [("not-ultrasound", True)]
    assert codes(tissue(), "US", sop_class=CT) == [("header", True)]
    assert codes(tissue(), "US", sop_class=US) == codes(tissue(), "OT", sop_class=SECONDARY) == []


def test_film_without_a_header_is_refused_and_believed_when_the_header_says_ultrasound():
    assert codes(film()) == [("not-ultrasound", True)]
    assert codes(film(), "US") == [("unlike", False)]


def test_a_page_of_text_is_refused_for_what_it_is_and_its_letters_are_not_counted():
    page = np.full((500, 400), 255, np.uint8)
    for row in range(30, 490, 24):
        cv2.putText(page, "a report, not a picture", (20, row), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 1)
    assert codes(page) == [("not-ultrasound", True)]


@pytest.mark.parametrize("colour", [(230, 30, 20), (30, 60, 240)])
def test_a_vessel_in_colour_is_flagged_where_it_is(colour):
    picture = coloured()
    cv2.ellipse(picture, (250, 100), (14, 6), 20, 0, 360, colour, -1)
    (flag,) = flags(picture)
    assert (flag.code, flag.refuses) == ("doppler", False)
    assert near(flag.boxes[0], (250, 100))


def test_much_doppler_is_refused():
    picture = coloured()
    cv2.ellipse(picture, (250, 150), (90, 60), 0, 0, 360, (230, 30, 20), -1)
    assert codes(picture) == [("doppler", True)]


def test_a_map_of_colours_is_refused_as_elastography():
    picture = coloured()
    ramp = cv2.applyColorMap(np.tile(np.linspace(0, 255, 180, dtype=np.uint8), (120, 1)), cv2.COLORMAP_JET)
    part = picture[90:210, 120:300]
    part[:] = cv2.addWeighted(part, 0.5, ramp[..., ::-1].copy(), 0.5, 0)
    (flag,) = flags(picture)
    assert (flag.code, flag.refuses) == ("elastography", True)
    assert near(flag.boxes[0], (210, 150), 8)


def test_a_stain_or_photograph_is_refused_and_a_tinted_grey_scale_is_only_mentioned():
    grey = coloured().astype(np.float32)
    assert codes((grey * (1.0, 0.8, 0.5)).astype(np.uint8)) == [("tint", False)]
    photograph = coloured()
    photograph[::2, ::3], photograph[1::2, ::3] = (200, 60, 40), (60, 160, 40)
    assert ("colour", True) in codes(photograph)


def test_coloured_lines_are_flagged_as_such():
    picture = coloured()
    cv2.rectangle(picture, (100, 60), (260, 180), (200, 200, 60), 1)
    assert codes(picture) == [("colour-marks", False)]


@pytest.mark.parametrize("lying", [False, True])
def test_calipers_are_found_where_they_are(lying):
    places = [(120, 150), (260, 170)]
    (flag,) = flags(crosses(tissue(), places, lying=lying))
    assert (flag.code, flag.refuses) == ("calipers", False)
    assert all(any(near(box, place) for box in flag.boxes) for place in places)
    assert "2 marks" in flag.text


def test_yellow_calipers_are_calipers():
    found = codes(crosses(coloured(), [(120, 150), (260, 170)], colour=(250, 240, 40)))
    assert ("calipers", False) in found


def test_one_cross_alone_is_no_length():
    assert codes(crosses(tissue(), [(120, 150)])) == []


@pytest.mark.parametrize(("text", "grey"), [("RT UOQ", 255), ("MAMA ESQUERDA", 220), ("D 12.4MM", 255)])
def test_burned_in_text_is_found_where_it_is_and_called_inside_the_scan(text, grey):
    picture = tissue()
    cv2.putText(picture, text, (60, 250), cv2.FONT_HERSHEY_SIMPLEX, 0.6, grey, 2)
    (flag,) = flags(picture)
    assert (flag.code, flag.refuses) == ("text", False)
    assert "into the scan" in flag.text
    x, y, _, height = flag.boxes[0]
    assert 50 <= x <= 180
    assert y + height / 2 == pytest.approx(243, abs=6)


def test_text_on_the_border_is_told_apart():
    screen = np.zeros((360, 460), np.uint8)
    screen[50:350, 30:430] = tissue()
    cv2.putText(screen, "CLINIC 2026", (40, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1)
    found = {flag.code: flag.text for flag in flags(screen, "US")}
    assert "beside the scan" in found["text"]


@pytest.mark.parametrize("gap", [0, 8])
def test_two_pictures_side_by_side_are_refused_with_both_places(gap):
    left, right = tissue(seed=1), np.minimum(tissue(seed=2), 254) // 2 + 60
    both = np.hstack([left, np.zeros((300, gap), np.uint8), right.astype(np.uint8)])
    split = next(flag for flag in flags(both, "US") if flag.code == "split")
    assert split.refuses
    assert split.boxes[1][0] == pytest.approx(400 + gap / 2, abs=5)


def test_regions_side_by_side_in_the_header_are_two_pictures():
    regions = (Region(0, 0, 199, 299, 0.1, 0.1), Region(200, 0, 399, 299, 0.2, 0.2))
    assert ("split", True) in codes(tissue(), "US", calibrations=(Calibration("US region", regions),))
    stacked = (Region(0, 0, 399, 149, 0.1, 0.1), Region(0, 150, 399, 299, 0.2, 0.2))
    assert codes(tissue(), "US", calibrations=(Calibration("US region", stacked),)) == []


def test_a_broad_shadow_is_no_divider():
    shadow = np.ones((300, 400))
    shadow[40:, 150:250] = 0.05
    picture = (tissue() * cv2.GaussianBlur(shadow, (0, 0), 8)).astype(np.uint8)
    assert not any(code == "split" for code, _ in codes(picture, "US"))


def test_small_and_blank_pictures_are_refused():
    assert codes(tissue(63, 400)) == [("too-small", True)]
    assert codes(np.full((300, 300), 7, np.uint8)) == [("blank", True)]


def test_flags_that_refuse_come_first():
    picture = crosses(coloured(), [(120, 150), (260, 170)])
    cv2.ellipse(picture, (250, 100), (90, 40), 0, 0, 360, (230, 30, 20), -1)
    assert codes(picture)[0] == ("doppler", True)


def test_a_model_for_mammograms_takes_film_and_refuses_ultrasound():
    assert codes(film(), "MG", "MG") == []
    assert codes(film(), "DX", "MG") == []
    assert codes(tissue(), "US", "MG") == [("not-mammograms", True)]


def test_a_picture_of_one_pixel_and_one_without_tissue_are_judged_without_failing():
    assert codes(np.zeros((1, 1, 3), np.uint8)) == [("too-small", True)]
    assert codes(np.zeros((65, 65), np.uint8)) == [("blank", True)]


def test_boxes_of_a_large_picture_are_in_its_own_pixels():
    large = cv2.resize(crosses(tissue(), [(120, 150), (260, 170)], arm=7), None, fx=5, fy=5)
    flag = next(flag for flag in flags(large, "US") if flag.code == "calipers")
    assert any(near(box, (5 * 120, 5 * 150), 12) for box in flag.boxes)


@pytest.mark.data
def test_breast_ultrasound_of_both_sets_is_never_refused(shared_data):
    found = 0
    for folder in ("busi", "bus_bra"):
        for path in sorted((shared_data / "ultrasound" / folder).glob("images/**/*.jpg"))[::25]:
            picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            assert not any(flag.refuses for flag in gate.inspect(instance(), picture)), path.name
            found += 1
    assert found > 50

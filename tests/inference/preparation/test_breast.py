"""Mammograms in, readings out on the picture's own pixels, at either side and in either polarity."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breastview.imaging.dice import dice
from breastview.imaging.overlay import place
from breastview.inference.analyser import Analyser
from breastview.inference.intended import Intended
from breastview.inference.preparation.breast import NO_BREAST, ON_MUSCLE
from breastview.study.calibration import Calibration
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.kind import Kind
from breastview.study.pixels import FramePixels
from tests.imaging.mammogram.films import film
from tests.inference.bundles import BrightnessRuntime, bundle

MADE_FOR = Intended(kind=Kind.MAMMOGRAM, preparation="breast")


def _read(values, inverted: bool = False, heat=None):
    stored = np.rint(values * 4095).astype(np.uint16)
    photometric = "MONOCHROME1" if inverted else "MONOCHROME2"
    pixels = FramePixels(4095 - stored if inverted else stored, photometric, Window(2048.0, 4096.0))
    instance = Instance(
        Path("a.dcm"), "a.dcm", "dicom", *stored.shape, StudyInfo("1"), SeriesInfo("2"), modality="MG",
        calibrations=(Calibration(),),
    )  # fmt: skip
    made = bundle(size=128, intended=MADE_FOR)
    reader = Analyser(made, opener=lambda bundle, device: BrightnessRuntime(heat=heat))
    return reader.analyse(instance, 0, pixels)


def _bright_lesion(mirrored: bool):
    made = film(muscle=False)
    values = made.values.copy()
    values[made.lesion] = 1.0
    made = type(made)(values, made.breast, made.muscle, made.lesion)
    return made.mirrored() if mirrored else made


@pytest.mark.parametrize("mirrored", [False, True])
def test_what_is_found_lies_where_it_is_on_the_picture(mirrored) -> None:
    made = _bright_lesion(mirrored)
    hot = np.zeros((8, 8))
    hot[5, 3] = 1  # its centre 5.5 / 8 down and 3.5 / 8 away from the chest wall, of a breast 400 px high
    found = _read(made.values, heat=hot)
    assert found.mask.shape == made.values.shape
    assert dice(found.mask, made.lesion) > 0.7
    levels = found.mask_probability
    assert levels.shape[0] / levels.shape[1] == pytest.approx(400 / 320, rel=0.02)
    heat = place(found.heat.classes[2], found.heat.placement, *made.values.shape)
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    from_wall = 319 - column if mirrored else column
    assert row == pytest.approx(400 * 5.5 / 8, abs=15)
    assert from_wall == pytest.approx(400 * 3.5 / 8 - (400 - 217) / 2, abs=15)
    # The tape beyond the breast was never shown to the network.
    beyond = np.s_[:, :6] if mirrored else np.s_[:, 314:]
    assert heat[beyond].max() == 0 and not found.mask[beyond].any()


def test_a_large_picture_gives_the_same_answer_at_the_same_place() -> None:
    made = _bright_lesion(True)
    small = _read(made.values)
    large = _read(np.kron(made.values, np.ones((3, 3)))[:-1, :-2])
    assert large.mask.shape == (1199, 958)
    assert dice(large.mask[1::3, 1::3], small.mask[:, :319]) > 0.9
    assert large.probabilities == pytest.approx(small.probabilities, abs=1e-2)


def test_either_polarity_gives_the_same_answer() -> None:
    made = _bright_lesion(False)
    plain, turned = _read(made.values), _read(made.values, inverted=True)
    assert plain.probabilities == pytest.approx(turned.probabilities, abs=1e-4)
    assert dice(plain.mask, turned.mask) > 0.99


def test_a_mirrored_breast_gives_the_same_answer() -> None:
    left, right = (_read(_bright_lesion(side).values) for side in (False, True))
    assert left.probabilities == pytest.approx(right.probabilities, abs=1e-3)
    assert dice(left.mask, right.mask[:, ::-1]) > 0.95


def test_what_lies_on_the_muscle_is_said_to() -> None:
    assert ON_MUSCLE not in _read(_bright_lesion(False).values).flags
    assert ON_MUSCLE in _read(film().values).flags


def test_a_picture_without_a_breast_gets_no_score() -> None:
    values = np.zeros((400, 320))
    values[:, ::24] = np.linspace(0.3, 1, 400)[:, None]  # lines, as of a page
    found = _read(values)
    assert NO_BREAST in found.flags and found.probabilities is None and not found.mask.any()

"""What the networks see of a mammogram: the same of the same breast, whatever the file holds."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.mammogram.view import bright, view
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels
from tests.imaging.mammogram.films import cranio_caudal, film


def _frame(values, bits: int, inverted: bool) -> FramePixels:
    top = (1 << bits) - 1
    stored = np.rint(values * top).astype(np.uint8 if bits == 8 else np.uint16)
    window = Window((top + 1) / 2, float(top + 1))
    return FramePixels(top - stored if inverted else stored, f"MONOCHROME{1 if inverted else 2}", window)


def _apart(one, other) -> int:
    """Return the largest difference of tissue, where all but a few px of skin are tissue in both."""
    both = (one > 0) & (other > 0)
    assert both.sum() > 0.998 * max((one > 0).sum(), (other > 0).sum())
    return int(np.abs(one.astype(int) - other)[both].max())


@pytest.mark.parametrize("bits", [8, 12, 16])
@pytest.mark.parametrize("inverted", [False, True])
def test_depth_and_polarity_do_not_change_what_the_network_sees(bits, inverted) -> None:
    made = film()
    expected = view(made.values)
    found = view(bright(_frame(made.values, bits, inverted)))
    assert (found.box, found.mirrored) == (expected.box, expected.mirrored)
    assert _apart(found.picture, expected.picture) <= 3


@pytest.mark.parametrize("window", [Window(2048.0, 4096.0), Window(1500.0, 6000.0), Window(2000.0, 5000.0)])
def test_a_window_that_cuts_nothing_off_changes_nothing(window) -> None:
    frame = _frame(film().values, 12, False)
    expected = view(bright(frame)).picture
    other = FramePixels(frame.values, frame.photometric, window)
    assert _apart(view(bright(other)).picture, expected) <= 1


def test_a_look_up_table_is_applied_and_turned_with_the_polarity() -> None:
    frame = _frame(film().values, 12, False)
    table = np.linspace(0, 255, 4096).round().astype(np.uint8)
    shown = FramePixels(frame.values, "MONOCHROME2", frame.window, table)
    turned = FramePixels(4095 - frame.values, "MONOCHROME1", frame.window, table)
    assert np.array_equal(bright(shown), table[frame.values])
    assert np.abs(bright(turned).astype(int) - bright(shown)).max() <= 1


def test_both_breasts_look_to_the_same_side() -> None:
    made = film()
    left, right = view(made.values), view(made.mirrored().values)
    assert (left.mirrored, right.mirrored) == (False, True)
    assert np.abs(left.picture.astype(int) - right.picture).mean() < 2


@pytest.mark.parametrize("made", [film(), film().mirrored(), cranio_caudal(), cranio_caudal().mirrored()])
def test_the_background_is_black_and_the_tissue_fills_the_scale(made) -> None:
    found = view(made.values)
    background = found.cut((~made.breast).astype(np.uint8)) > 0
    assert np.mean(found.picture[background] == 0) > 0.9
    tissue = found.picture[found.picture > 0]
    assert tissue.min() >= 12 and tissue.max() == 255


@pytest.mark.parametrize("made", [film(), film().mirrored(), cranio_caudal(), cranio_caudal().mirrored()])
@pytest.mark.parametrize("size", [64, 256])
def test_a_map_over_the_square_lies_where_the_picture_says(made, size) -> None:
    found = view(made.values)
    box = found.placed(size)
    drawn = made.lesion.astype(np.uint8) * 255
    direct = box.apply_plane(drawn)
    shown = _lettered(found.cut(drawn), size)
    turned = shown[:, ::-1] if found.mirrored else shown
    assert np.abs(direct.astype(int) - turned).max() <= 1
    back = box.restore(turned.astype(np.float32) / 255) > 0.5
    assert 2 * (back & made.lesion).sum() / (back.sum() + made.lesion.sum()) > (0.8 if size == 64 else 0.95)
    x, y, width, height = box.placement
    assert (width, height) == (box.side, box.side) and (x, y) == (-box.left, -box.top)
    assert box.area == found.picture.size


def _lettered(plane, size):
    from breastview.imaging.letterbox import Letterbox

    return Letterbox(*plane.shape, size).apply_plane(plane)


def test_a_map_is_nothing_beyond_the_square() -> None:
    made = cranio_caudal()
    values = np.pad(made.values, ((0, 0), (0, 400)))
    found = view(values)
    whole = found.placed(64).restore(np.ones((64, 64), np.float32))
    assert whole.shape == values.shape
    assert whole[:, 500:].max() == 0 and whole[made.breast.nonzero()].min() == 1


def test_the_muscle_is_put_back_on_the_picture() -> None:
    made = film().mirrored()
    muscle = view(made.values).whole_muscle
    assert muscle.shape == made.values.shape
    assert (muscle & made.muscle).sum() > 0.8 * made.muscle.sum()


def test_black_holds_no_breast() -> None:
    assert view(np.zeros((90, 70), np.uint16)) is None

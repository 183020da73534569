"""Which magnification of a slide is opened."""

from __future__ import annotations

import pytest

from breastview.readers.slides.levels import LARGEST, Choice, choose


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(3000, 5000), (750, 1250)], Choice(0)),
        ([(60000, 100000), (15000, 25000), (3750, 6250), (940, 1560)], Choice(2)),
        ([(60000, 100000), (15000, 25000), (900, 1500)], Choice(1, 4)),  # 1500 px would show too little
        ([(60000, 100000), (1875, 3125)], Choice(1)),
        ([(60000, 100000), (600, 1000)], Choice(1)),  # the finer one is too large to be read for it
        ([(20000, 12000)], Choice(0, 4)),
        ([(LARGEST, 100)], Choice(0)),
        ([(LARGEST + 1, 100)], Choice(0, 2)),
    ],
)
def test_the_finest_that_fits_is_opened_or_a_finer_one_made_smaller(
    sizes: list[tuple[int, int]], expected: Choice
) -> None:
    assert choose(sizes) == expected

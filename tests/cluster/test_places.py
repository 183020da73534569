"""Rows of the table go where the window's list has their pictures."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from breastview.cluster.places import place
from breastview.study.tree import natural

NAMES = st.text(st.characters(codec="utf-8", min_codepoint=3), max_size=6) | st.sampled_from(
    ["a1", "a01", "a2", "a10", "A10b", "a", "", "1.2.840.10008", "1.2.840.9"]
)
ORDERS = st.tuples(NAMES.map(natural), NAMES, st.integers(-(2**31), 2**31), NAMES.map(natural))


@given(ORDERS, ORDERS)
def test_bytes_compare_as_the_orders_they_stand_for(one: tuple, other: tuple) -> None:
    assert (place(one) < place(other)) == (one < other)
    assert (place(one) == place(other)) == (one == other)


def test_a_name_that_is_no_valid_unicode_has_a_place() -> None:
    assert place((natural("a\udcff"),)) != place((natural("a"),))

"""Shares as they are written."""

from __future__ import annotations

import pytest

from breastview import language
from breastview.study.shares import percent

SHARES = 0.0, 0.004, 0.5, 0.996, 1.0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["< 1%", "< 1%", "50%", "> 99%", "> 99%"]),
        ("de", ["<_1_%", "<_1_%", "50_%", ">_99_%", ">_99_%"]),
    ],
)
def test_a_share_is_never_called_certain(code, expected):
    before = language.code()
    language.use(code)
    try:
        assert [percent(share) for share in SHARES] == [
            one.replace("_", "\N{NO-BREAK SPACE}") for one in expected
        ]
    finally:
        language.use(before)

"""Scores of frames and times between examinations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from breastview.study.dates import earlier_by
from breastview.study.frame_score import FrameScore, most_suspicious, score_of
from tests.gui.panel.test_wording import ANALYSIS


def test_a_score_holds_probability_and_the_lesions_area() -> None:
    score = score_of(ANALYSIS)
    assert score.suspicion == ANALYSIS.probability("malignant")
    assert score.area == sum(finding.area_px for finding in ANALYSIS.findings)


def test_a_refused_frame_has_no_probability() -> None:
    assert score_of(replace(ANALYSIS, probabilities=None)).suspicion is None


def test_the_most_suspicious_frame_is_the_first_of_the_highest_and_never_one_without_a_score() -> None:
    low, high = FrameScore(0.2), FrameScore(0.7)
    assert most_suspicious([None, low, high, FrameScore(), high]) == 2
    assert most_suspicious([None, FrameScore(failed=True)]) is None


@pytest.mark.parametrize(
    ("first", "later", "words"),
    [
        ("20240301", "20260102", "1 y 10 m earlier"), ("20230102", "20260102", "3 y earlier"),
        ("20251202", "20260102", "31 days earlier"), ("20251002", "20260102", "3 months earlier"),
        ("", "20260102", ""), ("20260102", "20260102", ""), ("20261302", "20270102", ""),
    ],
)  # fmt: skip
def test_how_much_earlier_an_examination_was(first: str, later: str, words: str) -> None:
    assert earlier_by(first, later) == words

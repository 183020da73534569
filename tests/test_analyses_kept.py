"""Analyses in memory are counted with all they hold."""

from __future__ import annotations

from dataclasses import replace

from breastview.session import _analyses
from tests.gui.panel.test_wording import ANALYSIS


def test_the_outlines_of_lesions_count_towards_what_is_kept_in_memory() -> None:
    from breastview.imaging.measure import findings
    from breastview.study.calibration import UNCALIBRATED
    from tests import phantoms

    mask = phantoms.speckle(seed=1) > -1
    outlined = replace(ANALYSIS, findings=findings(mask, UNCALIBRATED))
    points = sum(len(one.contour) for one in outlined.findings)
    assert _analyses._size(outlined) - _analyses._size(replace(ANALYSIS, findings=())) >= 100 * points > 0

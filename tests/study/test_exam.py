"""The figure of a mammography examination: the highest of its views, and what may not be said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from breastview.study.exam import Told, ViewScore, assembled, exam_key
from breastview.study.instance import Instance, SeriesInfo, StudyInfo
from breastview.study.view_names import named_view


@pytest.mark.parametrize(
    ("stem", "laterality", "view", "rest"),
    [
        ("R_CC", "R", "CC", ""), ("LMLO", "L", "MLO", ""), ("right mlo", "R", "MLO", ""),
        ("CC-L", "L", "CC", ""), ("A_1141_1.LEFT_CC.LJPEG", "L", "CC", "a 1141 1 ljpeg"),
        ("20586908_6c61_MG_R_ML_ANON", "R", "ML", "20586908 6 c 61 mg anon"), ("rechtsCC", "R", "CC", ""),
        ("p7_rcc", "R", "CC", "p 7"),
    ],
)  # fmt: skip
def test_a_name_tells_side_and_view_where_they_stand_together(
    stem: str, laterality: str, view: str, rest: str
) -> None:
    found = named_view(stem)
    assert (found is None) == (not view)
    if found is not None:
        assert (found.laterality, found.view, found.rest) == (laterality, view, rest)


@pytest.mark.parametrize(
    "stem",
    ["mdb001", "IM0002", "R_CC_L_CC", "R_1_CC", "benign (10)", "RML", "LM", "left", "cc", "mlo_cc_r_mlo_l"],
)
def test_a_name_that_does_not_tell_is_not_guessed(stem: str) -> None:
    assert named_view(stem) is None


def scored(name: str, suspicion: float | None, told: Told = Told.SCORED) -> ViewScore:
    return ViewScore(name[0], name[1:], told, suspicion)


FOUR = [scored("LMLO", 0.1), scored("RCC", 0.2), scored("LCC", 0.3), scored("RMLO", 0.65)]


def test_a_breast_and_the_examination_have_the_figure_of_their_highest_view() -> None:
    exam = assembled(FOUR)
    tops = [breast.highest for breast in exam.breasts]
    assert [(one.name, one.suspicion) for one in tops if one] == [("R MLO", 0.65), ("L CC", 0.3)]
    assert exam.highest == tops[0]
    assert exam.summary == "highest of the views 65% (R MLO)"
    assert exam.asymmetry == "Right breast: higher by 35 points than the other side."
    assert [one.name for one in exam.views] == ["R CC", "R MLO", "L CC", "L MLO"]


def test_what_is_missing_waits_or_has_no_score_is_said_and_nothing_compared() -> None:
    waiting = assembled([*FOUR[:2], scored("LCC", None, Told.WAITING)])
    assert waiting.progress == "views read: 2 of 3; missing: R MLO"
    assert not waiting.complete and waiting.difference is None and waiting.asymmetry == ""
    assert waiting.summary == "highest of the views 20% (R CC); views read: 2 of 3; missing: R MLO"
    refused = assembled([*FOUR[:3], scored("RMLO", None, Told.REFUSED)])
    assert refused.complete and refused.difference is None
    assert refused.asymmetry == "The sides are not compared: they do not have figures of the same views."
    assert refused.right.views[1].words == "no score: refused by the input gate"


def test_without_any_score_there_is_no_figure() -> None:
    exam = assembled([scored("RCC", None, Told.FAILED), scored("LCC", None, Told.KEPT_BACK)])
    assert exam.highest is None and exam.right.highest is None
    assert exam.summary == "no view has a score" and exam.complete


def test_that_the_model_does_not_commit_itself_stays_with_the_figure() -> None:
    exam = assembled([scored("RCC", 0.5, Told.ABSTAINED), scored("LCC", 0.2)])
    assert exam.summary == "highest of the views 50%, does not commit itself (R CC)"


def test_a_repeated_view_counts_and_is_numbered() -> None:
    exam = assembled([scored("RCC", 0.1), scored("RCC", 0.4)])
    assert [one.name for one in exam.views] == ["R CC", "R CC (2)"]
    assert exam.highest is not None and exam.highest.name == "R CC (2)"


def test_views_belong_together_by_study_or_by_what_their_names_share() -> None:
    dicom = Instance(
        Path("a"),
        "a",
        "dicom",
        8,
        8,
        StudyInfo("1.2"),
        SeriesInfo("s"),
        modality="MG",
        laterality="R",
        view="CC",
    )
    assert exam_key(dicom) == "1.2"
    assert exam_key(replace(dicom, view="")) == exam_key(replace(dicom, laterality="B")) == ""
    assert exam_key(replace(dicom, modality="US")) == ""
    assert exam_key(replace(dicom, modality="", exam="folder\np 7")) == "folder\np 7"

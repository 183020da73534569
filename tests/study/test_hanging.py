"""Hanging protocols and priors, on headers alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from breastview.study.hanging import Wall, counterpart, hanging, priors, same_moment, same_patient
from breastview.study.instance import Instance, Patient, SeriesInfo, StudyInfo


def view(name: str, study: str = "now", date: str = "20260102", **fields: object) -> Instance:
    """Return a mammogram ("RCC", "LMLO") of a study."""
    instance = Instance(
        Path(f"{study}/{name}"), name, "dicom", 10, 8, StudyInfo(study, date), SeriesInfo("s"),
        Patient("Muster, Erika", "ID-1", "19700101"), modality="MG", laterality=name[:1],
        view=name[1:].split("#")[0],
    )  # fmt: skip
    return replace(instance, **fields)  # type: ignore[arg-type]


FOUR = [view(name) for name in ("LMLO", "RCC", "LCC", "RMLO")]


def places(names: list[Instance], current: int = 0) -> dict[str, tuple[int, int, Wall]]:
    found = hanging(names, names[current])
    return {one.instance.label: (one.place.row, one.place.column, one.place.wall) for one in found}


def test_the_four_views_hang_back_to_back_cc_over_mlo() -> None:
    assert places(FOUR) == {
        "RCC": (0, 0, Wall.RIGHT), "LCC": (0, 1, Wall.LEFT),
        "RMLO": (1, 0, Wall.RIGHT), "LMLO": (1, 1, Wall.LEFT),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["RMLO", "LMLO"], {"RMLO": (0, 0), "LMLO": (0, 1)}),
        (["LCC", "LMLO"], {"LCC": (0, 0), "LMLO": (1, 0)}),
    ],
)
def test_rows_and_columns_without_a_view_are_closed_up(
    names: list[str], expected: dict[str, tuple[int, int]]
) -> None:
    found = places([view(name) for name in names])
    assert {name: place[:2] for name, place in found.items()} == expected


def test_other_modalities_other_views_and_single_views_do_not_hang() -> None:
    assert places([view("RCC", modality="US"), view("LCC", modality="US")]) == {}
    assert places([view("RXCCL"), *FOUR]) == {}
    assert places([view("RCC")]) == {}
    assert places([view("RCC"), view("LCC", study="another")]) == {}


def test_of_repeated_views_the_last_one_hangs_unless_the_reader_is_at_the_first() -> None:
    first, again, other = view("RCC#1", number=1), view("RCC#2", number=2), view("LCC")
    assert "RCC#2" in places([first, again, other], current=2)
    assert "RCC#1" in places([first, again, other], current=0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Patient("A", "1"), Patient("B", "1"), True),
        (Patient("A", "1", "19700101"), Patient("A", "2", "19700101"), False),
        (Patient("Müller, A", "", "19700101"), Patient("müller, a", "7", "19700101"), True),
        (Patient("Müller, A"), Patient("Müller, A"), False),
        (Patient(), Patient(), False),
    ],
)
def test_a_patient_is_known_by_number_else_by_name_and_birth_date(
    one: Patient, other: Patient, same: bool
) -> None:
    assert same_patient(one, other) is same


def test_priors_are_earlier_studies_of_the_same_patient_latest_first() -> None:
    old, older = view("RCC", "old", "20240101"), view("RCC", "older", "20200101")
    later, nobody = view("RCC", "later", "20270101"), view("RCC", "undated", "")
    stranger = view("RCC", "other", "20230101", patient=Patient("X", "ID-2"))
    found = priors([older, later, nobody, stranger, old, *FOUR], FOUR[0])
    assert [study[0].study.uid for study in found] == ["old", "older"]


def test_the_counterpart_is_of_the_same_view_else_of_the_same_side_else_as_far_on() -> None:
    prior = [view("RCC", "old"), view("LCC", "old"), view("RMLO", "old")]
    assert counterpart(view("LCC"), FOUR, prior).label == "LCC"
    assert counterpart(view("LMLO"), FOUR, prior).label == "LCC"
    plain = [view(f"#{n}", laterality="", view="", modality="US") for n in range(4)]
    others = [view(f"#{n}", "old", laterality="", view="", modality="US") for n in range(2)]
    assert [counterpart(one, plain, others).label for one in plain] == ["#0", "#1", "#1", "#1"]


@pytest.mark.parametrize(
    ("frame", "frames", "others", "there"), [(0, 9, 5, 0), (8, 9, 5, 4), (4, 9, 5, 2), (3, 9, 1, 0)]
)
def test_a_cine_beside_another_is_shown_as_far_into_it(
    frame: int, frames: int, others: int, there: int
) -> None:
    assert same_moment(frame, frames, others) == there


def test_loose_pictures_hang_by_the_examination_their_names_tell() -> None:
    loose = [view(name, modality="", exam="folder\np 1") for name in ("RCC", "LMLO")]
    stranger = view("LCC", modality="", exam="folder\np 2")
    assert {name: place[:2] for name, place in places([*loose, stranger]).items()} == {
        "RCC": (0, 0), "LMLO": (1, 1)
    }  # fmt: skip

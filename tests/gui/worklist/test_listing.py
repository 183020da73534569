"""Which cases are listed, in which order, under which headings."""

from __future__ import annotations

from pathlib import Path

from breastview.gui.worklist.listing import Filter, Heading, Sort, cases, lines, study_title
from breastview.gui.worklist.row import Row, Score
from breastview.study.instance import Instance, Patient, Refusal, SeriesInfo, StudyInfo
from breastview.study.reading import ReadState


def case(label: str, study: str = "s", name: str = "", date: str = "", description: str = "") -> Instance:
    return Instance(
        Path("/data") / label, label, "picture", 10, 10, StudyInfo(study, date, description=description),
        SeriesInfo("1"), Patient(name),
    )  # fmt: skip


ROWS = [
    Row(case("b (10).png", "two"), ReadState.UNREAD, False, Score(0.9, True)),
    Row(Refusal(Path("/data/x.dcm"), "x.dcm", "The file ends too early.")),
    Row(case("b (9).png", "two"), ReadState.SEEN, True, Score(0.1)),
    Row(case("a.dcm", "one", "Ärztin, Eva", "20260102", "Breast"), ReadState.FINAL),
    Row(case("c.png", "two"), ReadState.SEEN, False, Score(None, note="This is no ultrasound.")),
]


def test_cases_stand_under_their_study_in_natural_order_and_refused_files_come_last() -> None:
    listed = lines(ROWS, Filter.ALL, "", Sort.ORDER)
    assert listed == (
        Heading("data", 3), 2, 0, 4, Heading("Ärztin, Eva · 2026-01-02 · Breast", 1), 3,
        Heading("Could not be shown", 1), 1,
    )  # fmt: skip


def test_sorted_by_suspicion_the_highest_comes_first_without_headings() -> None:
    assert lines(ROWS, Filter.ALL, "", Sort.SUSPICION) == (0, 2, 3, 4, 1)


def test_filters_list_unread_marked_suspicious_and_problems() -> None:
    def of(wanted: Filter) -> set[int]:
        return {line for line in lines(ROWS, wanted, "", Sort.ORDER) if isinstance(line, int)}

    assert of(Filter.UNREAD) == {0}
    assert of(Filter.MARKED) == {2}
    assert of(Filter.SUSPICIOUS) == {0}
    assert of(Filter.PROBLEMS) == {1, 4}


def test_every_word_searched_for_must_be_found_in_patient_study_or_name() -> None:
    def found(search: str) -> list[int]:
        return [line for line in lines(ROWS, Filter.ALL, search, Sort.ORDER) if isinstance(line, int)]

    assert found("ÄRZTIN 2026-01") == [3]
    assert found("ends early") == [1]
    assert found("png (9)") == [2]
    assert found("nothing such") == []


def test_keys_step_through_cases_and_never_onto_refused_files_unless_only_those_are_listed() -> None:
    assert cases(ROWS, lines(ROWS, Filter.ALL, "", Sort.ORDER)) == (2, 0, 4, 3)
    assert cases(ROWS, lines(ROWS, Filter.ALL, "x.dcm", Sort.ORDER)) == (1,)


def test_a_study_without_any_name_is_called_by_its_folder() -> None:
    assert study_title(case("benign/b.png")) == "benign"

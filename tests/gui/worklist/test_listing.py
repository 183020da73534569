"""Which cases are listed, in which order, under which headings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from breastview.gui.worklist.listing import Filter, Heading, Sort, called, cases, lines, study_title
from breastview.gui.worklist.row import Row, Score, entropy
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


def test_uncertainty_puts_the_undecided_first_and_cases_without_a_score_last() -> None:
    rows = [
        Row(case("sure.png"), score=Score(0.01, uncertainty=entropy((0.99, 0.01)))),
        Row(case("abstains.png"), score=Score(0.5, True, "…", 1.0, abstained=True)),
        Row(case("unread by the AI.png")),
        Row(case("unsure.png"), score=Score(0.4, uncertainty=entropy((0.6, 0.4)))),
    ]
    assert lines(rows, Filter.ALL, "", Sort.UNCERTAINTY) == (1, 3, 0, 2)
    assert entropy((0.5, 0.5)) == 1.0 and entropy((1.0, 0.0)) == 0.0


def test_the_newest_study_stands_first_by_date_and_its_pictures_stay_together() -> None:
    rows = [
        Row(case("a.png", "old", date="20240101")), Row(case("b.png", "new", date="20260101")),
        Row(case("c.png", "undated")), Row(case("d.png", "new", date="20260101")),
    ]  # fmt: skip
    listed = [line for line in lines(rows, Filter.ALL, "", Sort.DATE) if isinstance(line, int)]
    assert listed == [1, 3, 0, 2]


def test_states_have_headings_and_names_are_sorted_patients_first() -> None:
    assert lines(ROWS, Filter.ALL, "", Sort.STATE) == (
        Heading("Unread", 1), 0, Heading("Seen", 2), 2, 4, Heading("Final", 1), 3,
        Heading("Could not be shown", 1), 1,
    )  # fmt: skip
    assert lines(ROWS, Filter.ALL, "", Sort.NAME) == (3, 2, 0, 4, 1)


def test_further_filters_list_what_they_say() -> None:
    rows = [
        Row(case("a.png"), ReadState.PRELIMINARY, edited=True), Row(case("b.png"), ReadState.FINAL),
        Row(case("c.png"), score=Score(0.5, True, "…", 1.0, abstained=True)),
        Row(case("d.png"), score=Score(note="This is no ultrasound.")),
    ]  # fmt: skip
    found = {
        wanted: [line for line in lines(rows, wanted, "", Sort.NAME) if isinstance(line, int)]
        for wanted in Filter
    }
    assert (found[Filter.PRELIMINARY], found[Filter.FINAL], found[Filter.EDITED]) == ([0], [1], [0])
    assert (found[Filter.ABSTAINED], found[Filter.SUSPICIOUS], found[Filter.GATED]) == ([2], [2], [3])


def test_a_veiled_case_is_neither_ranked_nor_filtered_by_what_the_ai_says() -> None:
    rows = [Row(case("a.png")), Row(case("b.png"), score=Score(0.9, True, "", 1.0, True), veiled=True)]
    for sort in (Sort.SUSPICION, Sort.UNCERTAINTY):
        assert lines(rows, Filter.ALL, "", sort) == (0, 1)
    for wanted in (Filter.SUSPICIOUS, Filter.ABSTAINED, Filter.GATED, Filter.PROBLEMS):
        assert lines(rows, wanted, "", Sort.ORDER) == ()


def test_a_file_that_is_called_by_its_uid_is_shown_by_what_it_is() -> None:
    plain = case("study/US0001.dcm")
    assert called(plain) == "study/US0001.dcm"
    sent = replace(
        case("1.2.3.4.dcm"), uid="1.2.3.4", modality="MG", laterality="R", view="CC", number=3,
        series=SeriesInfo("1.2.3", number=2),
    )  # fmt: skip
    assert called(sent) == "MG R CC 2-3"
    assert called(Refusal(Path("1.2.dcm"), "1.2.dcm", "It is damaged.")) == "1.2.dcm"


def test_examinations_stand_under_their_figures_the_highest_first_and_other_cases_after_them() -> None:
    def view(study: str, name: str, suspicion: float | None) -> Row:
        taken = replace(
            case(f"{study}/{name}.dcm", study, study), modality="MG", laterality=name[0], view=name[1:]
        )
        return Row(taken, score=None if suspicion is None else Score(suspicion))

    rows = [
        view("Low", "RCC", 0.1), view("Low", "LCC", 0.2), *ROWS[:2], view("High", "LCC", None),
        view("High", "RCC", 0.7), view("None", "RCC", None),
    ]  # fmt: skip
    missing = "missing: R MLO, L MLO"
    assert lines(rows, Filter.ALL, "", Sort.EXAM) == (
        Heading("High", 2, "1/2", f"highest of the views 70% (R CC); views read: 1 of 2; {missing}"), 4, 5,
        Heading("Low", 2, "20% (L CC)", "highest of the views 20% (L CC)"), 1, 0,
        Heading("None", 1, "0/1", "no view has a score"), 6,
        Heading("data", 1), 2, Heading("Could not be shown", 1), 3,
    )  # fmt: skip


def test_a_filtered_examination_keeps_the_figure_of_all_its_views_and_a_veiled_one_shows_none() -> None:
    views = [
        Row(
            replace(case(f"{name}.dcm"), modality="MG", laterality=name[0], view=name[1:]),
            score=Score(suspicion), marked=name == "RCC",
        )
        for name, suspicion in (("RCC", 0.1), ("LCC", 0.6))
    ]  # fmt: skip
    (heading, row) = lines(views, Filter.MARKED, "", Sort.EXAM)
    assert isinstance(heading, Heading) and heading.figure == "60% (L CC)" and row == 0
    veiled = [replace(one, veiled=True) for one in views]
    (heading, *_) = lines(veiled, Filter.ALL, "", Sort.EXAM)
    assert isinstance(heading, Heading) and heading.tip == "no view has a score" and not heading.figure

"""The session knows which views make up an examination, how far they are read, and what follows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from breastview.session import Session
from breastview.settings import Settings
from breastview.study.exam import Exam, Told
from breastview.study.instance import Instance
from breastview.study.kind import Kind
from breastview.study.reading import Assessment, Reading
from breastview.task import SilentTask
from tests import doubles, phantoms


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> doubles.Factory:
    return doubles.reads_mammograms(monkeypatch, tmp_path / "models")


@pytest.fixture
def session(factory: doubles.Factory) -> Iterator[Session]:
    with Session(Settings(), analyser_factory=factory) as session:
        yield session


def opened(session: Session, folder: Path) -> dict[str, Instance]:
    for _ in session.open([folder]):
        pass
    return {case.path.stem: case for case in session.cases}


def exam(session: Session, instance: Instance) -> Exam:
    found = session.exams.of(instance)
    assert found is not None
    return found


def test_views_are_read_one_by_one_and_then_all(session: Session, tmp_path: Path) -> None:
    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    assert exam(session, cases["RCC"]).progress == "views read: 0 of 4"
    session.analysis(cases["RCC"])
    assert exam(session, cases["LMLO"]).progress == "views read: 1 of 4"
    session.exams.complete(cases["LMLO"])
    whole = exam(session, cases["RCC"])
    figures = {name: session.summary(case).suspicion for name, case in cases.items()}
    assert {one.name.replace(" ", ""): one.suspicion for one in whole.views} == figures
    assert whole.complete and whole.highest is not None
    assert whole.highest.suspicion == max(one for one in figures.values() if one is not None)


def test_a_record_with_the_ai_asked_holds_the_whole_examination(session: Session, tmp_path: Path) -> None:
    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    reading = session.reading(cases["RCC"], analyse=True)
    assert reading.exam is not None and reading.exam.complete and len(reading.exam.views) == 4


def test_refused_and_unreadable_views_have_no_figure(
    session: Session, factory: doubles.Factory, tmp_path: Path
) -> None:
    factory.attributes["refuses"] = lambda instance, _frame: instance.path.stem == "RCC"
    factory.attributes["fails"] = lambda instance, _frame: instance.path.stem == "LCC"
    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    session.exams.complete(cases["RCC"])
    told = {one.name: one.told for one in exam(session, cases["RCC"]).views}
    assert told == {
        "R CC": Told.REFUSED, "L CC": Told.FAILED, "R MLO": Told.SCORED, "L MLO": Told.SCORED,
    }  # fmt: skip


def test_what_is_kept_back_shows_in_no_figure(session: Session, tmp_path: Path) -> None:
    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    session.exams.complete(cases["RCC"])
    session.blinding.on = True
    assert exam(session, cases["RCC"]).highest is None
    session.assess(cases["RCC"], 0, Assessment(category="2"))
    session.blinding.commit(cases["RCC"], 0, "2", "")
    shown = {one.name: one.told for one in exam(session, cases["RCC"]).views}
    assert shown.pop("R CC") is Told.SCORED and set(shown.values()) == {Told.KEPT_BACK}


def test_loose_pictures_are_an_examination_where_their_names_say_so(session: Session, tmp_path: Path) -> None:
    phantoms.mammography_pictures(tmp_path / "loose", "p1_R_CC p1_L_CC p2_R_CC")
    phantoms.picture(tmp_path / "loose" / "mdb001.png")
    cases = opened(session, tmp_path / "loose")
    assert [one.path.stem for one in session.exams.views(cases["p1_R_CC"])] == ["p1_L_CC", "p1_R_CC"]
    assert exam(session, cases["p2_R_CC"]).progress == "views read: 0 of 1; missing: R MLO, L CC, L MLO"
    assert session.exams.of(cases["mdb001"]) is None


def test_a_cancelled_task_reads_no_further_view(
    session: Session, factory: doubles.Factory, tmp_path: Path
) -> None:
    from breastview.errors import Cancelled

    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    task = SilentTask()
    task.cancel()
    with pytest.raises(Cancelled):
        session.exams.complete(cases["RCC"], task)
    assert not factory.analysed


def test_a_view_that_the_reader_has_read_as_another_kind_is_no_view(session: Session, tmp_path: Path) -> None:
    cases = opened(session, phantoms.mammography_study(tmp_path / "study"))
    session.kinds.choose(cases["RCC"], Kind.ULTRASOUND)
    assert session.exams.of(cases["RCC"]) is None
    assert [one.name for one in exam(session, cases["LCC"]).views] == ["R MLO", "L CC", "L MLO"]


def test_an_experimental_model_makes_an_experimental_figure(session: Session, tmp_path: Path) -> None:
    cases = opened(session, phantoms.mammography_study(tmp_path / "study", "RCC"))
    assert not exam(session, cases["RCC"]).experimental
    manifest = tmp_path / "models" / "mg-stand-in" / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(values | {"kind": values["kind"] | {"experimental": True}}))
    session.settings = replace(session.settings, reader="Dr. A")
    assert exam(session, cases["RCC"]).experimental


def test_every_record_of_a_list_holds_the_whole_examination(session: Session, tmp_path: Path) -> None:
    from breastview.cli._console import ConsoleTask
    from breastview.cli._records import frames_of, records

    opened(session, phantoms.mammography_study(tmp_path / "study"))
    task = ConsoleTask()
    found = list(records(session, frames_of(session.cases), task, batch=1))
    exams = [one.exam for one in found if isinstance(one, Reading)]
    assert len(exams) == 4 and all(one is not None and one.complete for one in exams)
    assert len({one.summary for one in exams if one is not None}) == 1

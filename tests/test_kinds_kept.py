"""As what kind of picture files are read: found once, kept, overruled by the reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breastview.inference.gate import kinds
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.store.audit import Event
from breastview.study.kind import Kind, KindOf, Said
from tests import doubles, phantoms


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in of every kind."""
    folder = doubles.install(monkeypatch, tmp_path / "models").parent
    doubles.bundle_folder(folder, "films", modality="MG")
    doubles.bundle_folder(folder, "slides", modality="SM")
    return folder


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[np.ndarray]:
    """Take bright pictures for mammograms and dark ones for none; return what was looked at."""
    seen: list[np.ndarray] = []

    def look(picture: np.ndarray) -> KindOf:
        seen.append(picture)
        if picture.mean() > 100:
            return KindOf(Kind.MAMMOGRAM, Said.LOOK)
        return KindOf(None, Said.LOOK, kinds.LIKE_NONE)

    monkeypatch.setattr(kinds, "by_look", look)
    return seen


def opened(session: Session, folder: Path) -> dict[str, object]:
    list(session.open([folder]))
    return {case.path.stem: case for case in session.cases}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A bright and a dark picture, a mammogram, an ultrasound image and a CT slice."""
    folder = tmp_path / "mixed"
    phantoms.picture(folder / "bright.png", phantoms.speckle())
    phantoms.picture(folder / "dark.png", (phantoms.speckle(seed=1) // 4).astype(np.uint8))
    phantoms.mammogram(folder / "film.dcm")
    phantoms.us_grey(folder / "scan.dcm")
    phantoms.us_grey(folder / "slice.dcm", Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
    return folder


def test_each_picture_of_a_mixed_folder_gets_the_model_of_its_kind_or_a_refusal(models, mixed, looked):
    factory = doubles.Factory()
    with Session(Settings(), Store.of_user(), factory) as session:
        cases = opened(session, mixed)
        found = {one.instance.path.stem: one.analysis for one in session.analyse_all(
            [(case, 0) for case in cases.values()], batch=5)}  # fmt: skip
        names = {name: analysis.bundle.name for name, analysis in found.items()}
        assert names == {
            "bright": "films", "dark": "kind-gate", "film": "films", "scan": "stand-in", "slice": "kind-gate",
        }  # fmt: skip
        assert [name for name, analysis in found.items() if analysis.refused] == ["dark", "slice"]
        assert "says CT" in found["slice"].sentence
        assert "choose the kind by hand" in found["dark"].sentence
        summaries = session.summaries()
        assert {path.stem for path, one in summaries.items() if one.refused} == {"dark", "slice"}
        told = {path.stem: one.told for path, one in summaries.items()}
        assert told["film"].sentence == "Read as a mammogram, by the DICOM header."
        assert told["bright"].sentence == "Read as a mammogram, by its look."
        for name, case in cases.items():
            assert session.cached_analysis(case).bundle.name == names[name]
            assert session.is_current(case, session.analysis(case))


def test_only_loose_pictures_are_looked_at_and_each_once(models, mixed, looked):
    for _ in range(2):
        with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
            for case in opened(session, mixed).values():
                session.analysis(case)
                session.analysis(case)
    assert len(looked) == 2


def test_a_look_by_earlier_rules_is_not_kept(models, mixed, looked, monkeypatch):
    with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
        session.kinds.of(opened(session, mixed)["bright"])
    monkeypatch.setattr(kinds, "revision", lambda: "other")
    with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
        case = opened(session, mixed)["bright"]
        assert session.kinds.known(case) is None
        assert session.cached_analysis(case) is None
        session.kinds.of(case)
    assert len(looked) == 2


def test_the_reader_overrules_look_and_header_and_that_is_kept_by_content(models, mixed, looked):
    with Session(Settings(reader="A"), Store.of_user(), doubles.Factory()) as session:
        cases = opened(session, mixed)
        assert session.analysis(cases["slice"]).refused
        session.kinds.choose(cases["slice"], Kind.HISTOLOGY)
        session.kinds.choose(cases["dark"], Kind.MAMMOGRAM)
        assert session.analysis(cases["slice"]).bundle.name == "slides"
        assert session.analysis(cases["dark"]).bundle.name == "films"
        assert session.kinds.known(cases["dark"]).sentence == "Read as a mammogram, by your choice."
        logged = [one for one in session.store.audit.entries() if one.event == Event.KIND_CHOSEN]
        assert [one.reader for one in logged] == ["A", "A"]
    (mixed / "dark.png").rename(mixed / "moved.png")
    with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
        cases = opened(session, mixed)
        assert session.analysis(cases["moved"]).bundle.name == "films"
        session.kinds.choose(cases["moved"], None)
        assert session.analysis(cases["moved"]).bundle.name == "kind-gate"


def test_a_kind_for_a_whole_run_is_not_kept(models, mixed, looked):
    with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
        session.kinds.forced = Kind.HISTOLOGY
        cases = opened(session, mixed)
        assert {session.analysis(case).bundle.name for case in cases.values()} == {"slides"}
        session.kinds.forced = None
        assert session.analysis(cases["film"]).bundle.name == "films"


def test_without_a_model_for_a_kind_its_pictures_say_so_and_the_others_are_read(
    mixed, looked, tmp_path, monkeypatch
):
    doubles.install(monkeypatch, tmp_path / "models")
    with Session(Settings(), Store.of_user(), doubles.Factory()) as session:
        cases = opened(session, mixed)
        outcomes = list(session.analyse_all([(case, 0) for case in cases.values()], batch=5))
        failed = {one.instance.path.stem: one.failure for one in outcomes if one.failure}
        assert set(failed) == {"bright", "film"}
        assert all("no model for mammograms is installed" in text for text in failed.values())


def test_a_model_chosen_by_name_holds_for_its_own_kind_alone(models, mixed, looked):
    doubles.bundle_folder(models, "other-films", "0.1", modality="MG")
    with Session(Settings(bundle="other-films"), Store.of_user(), doubles.Factory()) as session:
        cases = opened(session, mixed)
        assert session.analysis(cases["film"]).bundle.name == "other-films"
        assert session.analysis(cases["scan"]).bundle.name == "stand-in"
        session.settings = Settings(mammogram_bundle="other-films")
        assert session.analysis(cases["film"]).bundle.name == "other-films"
        session.settings = Settings(histology_bundle="other-films")  # of another kind: passed over
        assert session.bundle_for("SM").stamp.name == "slides"


def test_an_experimental_model_gives_way_to_one_that_is_none(models):
    doubles.bundle_folder(models, "new-films", "9.0", modality="MG", experimental=True)
    with Session(Settings()) as session:
        assert session.bundle_for("MG").stamp.name == "films"
        assert [one.experimental for one in session.bundles if one.stamp.name == "new-films"] == [True]

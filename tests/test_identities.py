"""A file is looked at when it is listed or read; what is asked about it afterwards touches no disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from breastview.session import Session, _identities
from breastview.settings import Settings
from breastview.study.calibration import Ruler
from breastview.study.instance import Instance
from breastview.study.reading import Assessment
from tests import doubles, phantoms


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(Settings(), analyser_factory=doubles.Factory()) as session:
        yield session


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the files that are looked at from now on."""
    paths: list[Path] = []
    look = _identities.signature

    def noted(path: Path) -> _identities.Signature:
        paths.append(path)
        return look(path)

    monkeypatch.setattr(_identities, "signature", noted)
    return paths


def opened(session: Session, *files: Path) -> tuple[Instance, ...]:
    return tuple(one for one in session.open(files) if isinstance(one, Instance))


def test_what_the_window_asks_of_a_picture_that_was_read_touches_no_file(
    session: Session, tmp_path: Path, looked: list[Path]
) -> None:
    (case,) = opened(session, phantoms.picture(tmp_path / "case.png", phantoms.speckle(seed=1)))
    session.blinding.on = True
    session.pixels(case)
    analysis = session.analysis(case)
    looked.clear()
    assert session.blinding.hides(case)
    assert session.is_current(case, analysis)
    assert session.measuring.measured(case, 0, analysis) is analysis
    assert session.assessment(case) == Assessment() and session.segmentation(case) is None
    session.assess(case, 0, Assessment(category="3"))
    session.set_ruler(case, Ruler((0, 0), (0, 10), 10.0))
    assert session.ruler(case) is not None and session.measurements(case) == ()
    assert session.kinds.known(case) is not None
    assert session.case_of(session.pairing.place(case, 0).sha) == case
    assert looked == []


def test_a_file_that_was_changed_is_analysed_anew(session: Session, tmp_path: Path) -> None:
    (case,) = opened(session, phantoms.picture(tmp_path / "case.png", phantoms.speckle(seed=1)))
    session.analysis(case)
    before = session.pairing.place(case, 0).sha
    phantoms.picture(case.path, 255 - phantoms.speckle(seed=1))
    session.analysis(case)
    assert session.pairing.place(case, 0).sha != before


def test_a_list_is_looked_at_once_a_file_and_knows_what_was_read_before(
    tmp_path: Path, looked: list[Path]
) -> None:
    from breastview.store import Store

    file = phantoms.picture(tmp_path / "case.png", phantoms.speckle(seed=1))
    record = tmp_path / "record.sqlite3"
    with Session(Settings(), Store(record)) as first:
        (case,) = opened(first, file)
        sha = first.pairing.place(case, 0).sha
    with Session(Settings(), Store(record)) as second:
        (case,) = opened(second, file)
        looked.clear()
        second.summaries()
        assert second.case_of(sha) == case and looked == [file]


def test_where_a_member_of_an_archive_lies_is_told_without_a_look_at_the_archive(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    picture = phantoms.picture(tmp_path / "case.png", phantoms.speckle(seed=1))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(picture, "inner/case.png")
    (case,) = opened(session, tmp_path / "all.zip")
    monkeypatch.setattr(Path, "stat", lambda *_args, **_named: pytest.fail("a file was looked at"))
    origin = session.origin(case)
    monkeypatch.undo()
    assert origin == tmp_path / "all.zip" / "inner" / "case.png"

"""`breastview report`: a PDF with what the reader wrote in the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.reading import Assessment, ReadState
from tests import phantoms


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def assessed(path: Path, frame: int, assessment: Assessment) -> None:
    with Session(Settings(), Store.of_user()) as session:
        list(session.open([path], remember=False))
        session.assess(session.cases[0], frame, assessment)


def test_a_report_holds_the_readers_words_and_the_models_name(run, scans: Path, tmp_path: Path) -> None:
    opinion = Assessment(category="4A", notes="Irregular margin at ten", state=ReadState.PRELIMINARY)
    assessed(scans / "a" / "one.png", 0, opinion)
    options = ("--reader", "Dr. Phantom", "--institution", "Institute of Phantoms", "--paper", "Letter")
    answer = run("report", scans / "a", "-o", tmp_path / "r.pdf", *options)
    assert answer.code == 0, answer.err
    text = text_of(tmp_path / "r.pdf")
    assert "Irregular margin" in text
    assert "Dr. Phantom" in text
    assert "Institute of Phantoms" in text
    assert "stand-in" in text
    assert float(pypdf.PdfReader(tmp_path / "r.pdf").pages[0].mediabox.width) == pytest.approx(612, abs=1)


def test_of_a_cine_the_frames_of_interest_are_reported(run, scans: Path, tmp_path: Path, factory) -> None:
    run("report", scans / "cine.dcm", "-o", tmp_path / "first.pdf")
    assert factory.analysed == [("cine.dcm", 0)]
    assessed(scans / "cine.dcm", 2, Assessment(marked=True))
    run("report", scans / "cine.dcm", "-o", tmp_path / "marked.pdf")
    assert factory.analysed[1:] == [("cine.dcm", 2)]
    run("report", scans / "cine.dcm", "-o", tmp_path / "all.pdf", "--every-frame")
    assert len(factory.analysed) == 3


def test_without_the_ai_no_model_is_loaded(run, scans: Path, tmp_path: Path, factory) -> None:
    assert run("report", scans, "-o", tmp_path / "r.pdf", "--no-ai").code == 0
    assert factory.made == []
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")


def test_what_cannot_be_read_is_said_and_the_rest_reported(run, scans: Path, tmp_path: Path) -> None:
    (scans / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    answer = run("report", scans, "-o", tmp_path / "r.pdf")
    assert answer.code == 1
    assert "broken.png" in answer.err
    assert (tmp_path / "r.pdf").exists()


def test_nothing_to_report_writes_nothing(run, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    answer = run("report", tmp_path / "broken.png", "-o", tmp_path / "r.pdf")
    assert answer.code == 1
    assert "no picture to report" in answer.err
    assert not (tmp_path / "r.pdf").exists()


@pytest.mark.parametrize("arguments", [(), ("-o",), ("--paper", "A5", "-o", "r.pdf")])
def test_wrong_usage(run, scans: Path, arguments: tuple[str, ...]) -> None:
    assert run("report", scans, *arguments).code == 2


def test_the_window_keeps_its_session(run, scans: Path, tmp_path: Path) -> None:
    with Session(Settings(), Store.of_user()) as session:
        list(session.open([scans]))
        session.save_view(session.cases[0], 0, {"x": 1})
        before = session.last()
    phantoms.picture(tmp_path / "other.png")
    run("report", tmp_path / "other.png", "-o", tmp_path / "r.pdf")
    with Session(replace(Settings()), Store.of_user()) as session:
        assert session.last() == before
        assert session.store.recent() == (scans,)

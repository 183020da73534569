"""The command line on phantoms, with a stand-in for the AI."""

from __future__ import annotations

import csv
import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import breastview.session
from breastview import cli
from tests import doubles, phantoms


@dataclass
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def factory() -> doubles.Factory:
    """Return the maker of stand-ins."""
    return doubles.Factory()


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    factory: doubles.Factory,
) -> Callable[..., Answer]:
    """Run a command line in this process and return its answer."""
    doubles.install(monkeypatch, tmp_path / "models")
    session = functools.partial(breastview.session.Session, analyser_factory=factory)
    monkeypatch.setattr(breastview.session, "Session", session)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")

    def run(*arguments: str | Path) -> Answer:
        capfd.readouterr()
        try:
            cli.main([str(one) for one in arguments])
            code = 0
        except SystemExit as end:
            code = end.code or 0
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Two pictures in folders, a cine of three frames and a text."""
    folder = tmp_path / "scans"
    phantoms.picture(folder / "a" / "one.png", phantoms.speckle(seed=1))
    phantoms.picture(folder / "b" / "two.png", phantoms.speckle(seed=2))
    phantoms.us_cine(folder / "cine.dcm", frames=3)
    (folder / "notes.txt").write_text("no picture")
    return folder


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

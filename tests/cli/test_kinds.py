"""The command line on several kinds of pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import doubles, phantoms
from tests.cli.conftest import table
from tests.inference import bundle_files


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    doubles.bundle_folder(tmp_path / "models", "films", modality="MG")
    phantoms.us_grey(tmp_path / "mixed" / "a.dcm")
    phantoms.mammogram(tmp_path / "mixed" / "b.dcm")
    phantoms.us_grey(tmp_path / "mixed" / "c.dcm", Modality="CT", SOPClassUID="1.2.840.10008.5.1.4.1.1.2")
    return tmp_path / "mixed"


def models_of(path: Path) -> list[str]:
    return sorted(row["bundle"].split()[0] for row in table(path))


def test_each_file_is_read_by_the_model_of_its_kind(run, mixed: Path, tmp_path: Path) -> None:
    answer = run("analyse", mixed, "--csv", tmp_path / "out.csv")
    assert answer.code == 0, answer.err
    assert models_of(tmp_path / "out.csv") == ["films", "kind-gate", "stand-in"]


def test_everything_can_be_read_as_one_kind(run, mixed: Path, tmp_path: Path) -> None:
    answer = run("analyse", mixed, "--csv", tmp_path / "out.csv", "--kind", "mg")
    assert answer.code == 0, answer.err
    assert models_of(tmp_path / "out.csv") == ["films"] * 3
    answer = run("report", mixed, "-o", tmp_path / "out.pdf", "--kind", "mg")
    assert answer.code == 0, answer.err


def test_an_unknown_kind_is_wrong_usage(run, mixed: Path, tmp_path: Path) -> None:
    assert run("analyse", mixed, "--csv", tmp_path / "out.csv", "--kind", "ct").code == 2


def test_the_models_are_listed_with_what_they_read_and_whether_they_are_experimental(
    run, tmp_path: Path
) -> None:
    kind = {"modality": "MG", "tasks": ["classification", "segmentation"], "experimental": True}
    bundle_files.write(tmp_path / "listed" / "films", {"name": "films", "kind": kind})
    bundle_files.write(tmp_path / "listed" / "scans", {"name": "scans"})
    answer = run("models", "--folder", tmp_path / "listed")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    films, scans = (next(line for line in lines if name in line) for name in ("films", "scans"))
    assert "MG" in films and "US" in scans
    assert answer.out.count("experimental") == 1

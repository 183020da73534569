"""A few cases of the soak: nothing goes wrong; how long the window hung is no matter here."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from typer.testing import CliRunner

from breastview import cli
from breastview.bench import made, run, soak, table
from breastview.gui.actions import ACTIONS
from breastview.gui.stopwatch import at_random
from breastview.gui.stopwatch.hold_ups import Watch
from breastview.gui.stopwatch.stage import idle
from tests import doubles

CASES = 8


def test_a_short_soak_goes_well_and_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    found = {result.name: result for result in soak.results(tmp_path, CASES)}
    assert list(found) == [
        "soak",
        "soak-memory",
        "soak-widgets",
        "soak-threads",
        "soak-files",
        "soak-hold-ups",
    ]
    assert all(result.measured is not None for result in found.values()), found["soak"].missing
    errors, hold_ups = found["soak"].measured, found["soak-hold-ups"].measured
    assert errors is not None and hold_ups is not None
    assert errors.value == 0, errors.others
    assert errors.others["cases"] == errors.others["listed"] == CASES
    assert hold_ups.value > 0 and "median" in str(hold_ups.others["by the clock"])
    assert all(list(table.lines(result)) for result in found.values())
    run.save(tmp_path / "soak.json", found.values(), quick=True)
    assert len(json.loads((tmp_path / "soak.json").read_text(encoding="utf-8"))["rows"]) == len(found)


def test_a_hold_up_is_noticed_with_its_place_and_its_doing(qapp: QApplication) -> None:
    watch = Watch()
    watch.doing = "hang"
    watch.start()
    end = time.monotonic() + 60
    while "bench/made.py:speckle" not in watch.causes and time.monotonic() < end:
        for seed in range(5):  # the window's thread works in a file of the program
            made.speckle(800, 800, seed)
        idle(0.01)
    watch.stop()
    told = watch.told()
    assert any(
        cause["place"] == "bench/made.py:speckle" and cause["doing"] == "hang" for cause in told["causes"]
    )
    assert sum(times for ms, times in told["pauses"] if ms >= 50) == sum(c["times"] for c in told["causes"])


def test_no_random_action_opens_a_dialog_or_ends_the_program() -> None:
    assert {"quit", "open.files", "settings", "measure.ruler"} & set(at_random.MENU) == set()
    assert len(at_random.MENU) > 80 and set(at_random.MENU) <= {action.id for action in ACTIONS}


@pytest.mark.parametrize(("number", "kind"), [(23, ".dcm"), (41, ".png"), (97, ".dcm")])
def test_the_cases_are_of_every_kind(number: int, kind: str, tmp_path: Path) -> None:
    files = sorted(soak.made_cases(tmp_path, 97).iterdir())
    assert len(files) == 97 and files[number - 1].suffix == kind
    assert files[96].stat().st_size == soak.ROWS * soak.COLUMNS // 2


def test_the_command_soaks_only_when_it_is_asked_to() -> None:
    app = cli.application(("bench",))
    listed = CliRunner().invoke(app, ["bench", "--list"])
    assert listed.exit_code == 0 and "soak" in listed.stdout
    assert soak.NAME not in run.rows()
    assert CliRunner().invoke(app, ["bench", "soak", "--cases", "0"]).exit_code == 2

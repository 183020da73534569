"""How runs end: what a crash leaves behind, and what the next start makes of it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from breastview.errors import AnalysisError
from breastview.session import Session, endings
from breastview.session.endings import Endings
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.analysis import Analysis
from tests import doubles, phantoms

KEY, OTHER = ("a" * 64, 0, "b" * 12), ("c" * 64, 3, "b" * 12)
ENDS = """
import faulthandler, importlib.util, os, resource, signal, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
found = importlib.util.spec_from_file_location("endings", sys.argv[1])  # alone: the program takes seconds
module = importlib.util.module_from_spec(found)
found.loader.exec_module(module)
here = module.Endings(Path(sys.argv[2]))
faulthandler.enable(here.trace())
keys = [(sha, int(frame), bundle) for sha, frame, bundle in (one.split() for one in sys.argv[4:])]
with here.working(keys):
    os.abort() if sys.argv[3] == "abort" else os.kill(os.getpid(), signal.SIGKILL)
"""


def ended(folder: Path, how: str, *keys: endings.Key) -> None:
    """Let a program end in the midst of work: by `os.abort` in it, or killed from outside."""
    words = [" ".join(map(str, key)) for key in keys]
    call = [sys.executable, "-c", ENDS, str(endings.__file__), str(folder), how, *words]
    done = subprocess.run(call, capture_output=True)
    assert done.returncode < 0, done.stderr


def test_a_crash_names_what_the_ai_was_at_work_on_and_the_ai_leaves_it_out_from_then_on(
    tmp_path: Path,
) -> None:
    ended(tmp_path, "abort", KEY)
    after = Endings(tmp_path)
    assert after.unexpected and after.worked_on == (KEY,)
    assert after.leaves_out(KEY) and not after.leaves_out(OTHER)
    after.close()
    later = Endings(tmp_path)
    assert not later.unexpected and later.leaves_out(KEY)
    later.forgive(KEY)
    later.close()
    assert not Endings(tmp_path).leaves_out(KEY)


def test_the_trace_of_a_crash_is_private_and_names_places_alone(tmp_path: Path) -> None:
    ended(tmp_path, "abort", KEY)
    (trace,) = tmp_path.glob("*.trace")
    assert trace.stat().st_mode & 0o077 == 0
    (text,) = endings.traces(tmp_path)
    assert "Fatal Python error: Aborted" in text and KEY[0] not in text


def test_a_run_that_was_killed_counts_against_a_frame_only_the_second_time(tmp_path: Path) -> None:
    ended(tmp_path, "kill", KEY)
    first = Endings(tmp_path)
    assert first.unexpected and first.doubts(KEY) and not first.leaves_out(KEY)
    first.close()
    ended(tmp_path, "kill", KEY)
    assert Endings(tmp_path).leaves_out(KEY)


def test_of_several_frames_together_none_is_left_out_but_each_goes_alone(tmp_path: Path) -> None:
    ended(tmp_path, "abort", KEY, OTHER)
    after = Endings(tmp_path)
    assert all(after.doubts(key) and not after.leaves_out(key) for key in (KEY, OTHER))
    after.forgive(KEY)
    assert not after.doubts(KEY) and after.doubts(OTHER)


def test_a_run_that_lives_is_not_taken_for_dead_and_one_that_was_closed_leaves_nothing(
    tmp_path: Path,
) -> None:
    living = Endings(tmp_path)
    with living.working([KEY]):
        assert not Endings(tmp_path).unexpected
    living.close()
    living.close()
    assert not Endings(tmp_path).unexpected
    assert [path.suffix for path in tmp_path.iterdir()] == [".run", ".run"]  # of the two that still live


def test_files_of_runs_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    made = Endings(folder)
    with made.working([KEY]):
        made.hung()
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.suffix for path in folder.iterdir()} == {".run", ".hung"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_where_nothing_can_be_written_runs_are_not_remembered_and_work_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "runs"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    made = Endings(blocked)
    with made.working([KEY]):
        pass
    assert made.trace() is None and not made.unexpected


def test_damaged_notes_of_a_run_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "x.crash").write_bytes(b"\xff\xfe half a li")
    (tmp_path / "y.crash").write_text("sha frame bundle\n", encoding="utf-8")
    assert not Endings(tmp_path).leaves_out(KEY)


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    doubles.install(monkeypatch, tmp_path / "models")
    return phantoms.us_grey(tmp_path / "scans" / "a.dcm")


def session(tmp_path: Path, factory: doubles.Factory) -> Session:
    found = Endings(tmp_path / "runs")
    return Session(Settings(), Store(tmp_path / "record.sqlite3"), factory, endings=found)


class Hangs(doubles.StandIn):
    """Gives no answer until it is let go."""

    let_go = threading.Event()

    def analyse_batch(self, frames: object, task: object = None) -> list[Analysis]:
        """Wait."""
        self.begun.set()
        self.let_go.wait(120)
        return super().analyse_batch(frames, task)  # type: ignore[arg-type]


def test_a_frame_that_hangs_holds_nobody_up_and_is_left_out_until_asked_for(
    tmp_path: Path, scan: Path
) -> None:
    phantoms.us_grey(tmp_path / "scans" / "b.dcm", PatientID="another")
    made: list[doubles.StandIn] = []

    def factory(folder: Path, device: str) -> doubles.StandIn:
        made.append((doubles.StandIn if made else Hangs)(folder, device))
        return made[-1]

    with Session(
        Settings(), Store(tmp_path / "record.sqlite3"), factory, endings=Endings(tmp_path / "runs")
    ) as one:
        stuck, other = one.open([scan.parent])
        thread = threading.Thread(target=lambda: one.analysis(stuck), daemon=True)
        thread.start()
        while not (made and made[0].begun.wait(60)):
            thread.join(0.01)
        one.start_over()
        assert one.analysis(other).bundle.name == "stand-in"
        with pytest.raises(AnalysisError, match="the AI leaves it out"):
            one.analysis(stuck)
        assert one.summary(stuck).failure
        one.try_again(stuck, 0)
        assert one.analysis(stuck).bundle.name == "stand-in"
        Hangs.let_go.set()
        thread.join(60)


def test_in_a_batch_what_is_left_out_fails_alone(tmp_path: Path, scan: Path) -> None:
    phantoms.us_grey(tmp_path / "scans" / "b.dcm", PatientID="another")
    with session(tmp_path, doubles.Factory()) as one:
        left, _other = one.open([scan.parent])
        key = (one._identities.of(left.path), 0, one.bundle_for("US").stamp.hash)
    ended(tmp_path / "runs", "abort", key)
    with session(tmp_path, doubles.Factory()) as one:
        assert one.ended_on() == "a.dcm"
        found = list(one.analyse_all([(case, 0) for case in one.open([scan.parent])]))
    assert [bool(outcome.analysis) for outcome in found] == [False, True]
    assert found[0].failure.startswith("a.dcm: the AI leaves it out")

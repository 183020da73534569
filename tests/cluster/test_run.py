"""Runs through two real workers: the same as one process gives, whoever dies meanwhile."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")
pytest.importorskip("pyarrow")

from pyarrow import parquet

from breastview.cli import _records
from breastview.cli._console import ConsoleTask
from breastview.cluster import address, run, sources, tables
from breastview.errors import ClusterError
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.csv import EXPORTER
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.store.batches import Batches
from breastview.task import SilentTask
from tests import doubles, phantoms
from tests.cli.conftest import table
from tests.cluster import stand_in

PLAN = run.Plan(Settings(device="cpu"), batch=4, analyser=stand_in.NAME)
STUDIES, PICTURES = 12, 4


class Cluster:
    """Two workers, what they did, and a gate that slow pictures wait for."""

    def __init__(self, client: Any, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.log, self.gate = folder / "log", folder / "gate"

    def analysed(self) -> list[tuple[str, int]]:
        """Return the name and the process of every frame that a worker began."""
        found = (path.name.rsplit("-", 3) for path in self.log.iterdir())
        return [(name, int(process)) for name, _, process, _ in found]

    def clear(self) -> None:
        """Forget what was done, and shut the gate."""
        self.gate.unlink(missing_ok=True)
        for path in self.log.iterdir():
            path.unlink()


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "log").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        doubles.install(patch, folder / "models")
        patch.setenv("BREASTVIEW_HOME", str(folder / "home"))
        patch.setenv(stand_in.LOG, str(folder / "log"))
        patch.setenv("BREASTVIEW_TEST_GATE", str(folder / "gate"))
        patch.setattr(address, "ALLOWED", 0)
        with address.connected("local:2") as client:
            yield Cluster(client, folder)


@pytest.fixture
def cluster(workers: Cluster) -> Cluster:
    workers.clear()
    return workers


@pytest.fixture
def batches(tmp_path: Path) -> Iterator[Batches]:
    store = Store(tmp_path / "run.sqlite3")
    yield store.batches
    store.close()


def archive(folder: Path, slow: int = 0) -> Path:
    """Make studies and some other files; of the `slow` studies that come last the first picture is slow."""
    for study in range(STUDIES):
        uid = f"1.2.3.{study + 1}"
        for number in range(PICTURES):
            name = f"{stand_in.SLOW if study < slow and number == 0 else 'p'}{study}-{number}.dcm"
            phantoms.us_grey(
                folder / f"patient {12 - study}" / name, StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1",
                InstanceNumber=number, PatientID=f"P{study}", SOPInstanceUID=f"{uid}.1.{number}",
                ImageComments=str(folder),  # workers keep results by content; each test has its own
            )  # fmt: skip
    phantoms.us_cine(folder / "cine.dcm", frames=3)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    return folder


def one_process(folder: Path, path: Path) -> str:
    """Return the table that `breastview analyse` writes without a cluster."""
    task = ConsoleTask()
    options = ExportOptions()
    with (
        Session(Settings(device="cpu"), analyser_factory=stand_in.make) as session,
        EXPORTER.writing(path, options) as add,
    ):
        cases, refusals = _records.found(session, [folder], task)
        for refusal in _records.refused(session, refusals):
            add(refusal)
        for record in _records.records(session, _records.frames_of(cases), task, 4):
            add(record)
    return path.read_text(encoding="utf-8")


def clustered(batches: Batches, path: Path) -> str:
    tables.write_csv(batches.rows, path)
    return path.read_text(encoding="utf-8")


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + 240
    while not true():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)


def start(cluster: Cluster, batches: Batches, folder: Path, plan: run.Plan = PLAN) -> Callable[[], None]:
    """Begin a run on a thread; what is returned waits for its end and raises what it raised."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            source = sources.source([str(folder)], batches)
            run.Run(cluster.client, batches, source, plan, SilentTask()).execute()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def end() -> None:
        thread.join(300)
        assert not thread.is_alive(), "the run does not end"
        if errors:
            raise errors[0]

    return end


def test_the_table_is_that_of_one_process_and_a_second_run_does_nothing(
    cluster: Cluster, batches: Batches, tmp_path: Path
) -> None:
    folder = archive(tmp_path / "archive")
    start(cluster, batches, folder)()
    expected = one_process(folder, tmp_path / "one.csv")
    assert clustered(batches, tmp_path / "many.csv") == expected
    assert len(expected.splitlines()) == 1 + STUDIES * PICTURES + 3 + 1
    tables.write_parquet(batches.rows, tmp_path / "many.parquet")
    found = parquet.read_table(tmp_path / "many.parquet")
    rows = table(tmp_path / "one.csv")
    assert found.column_names == list(rows[0]) and found.num_rows == len(rows)
    assert [f"{p:.6g}" if p is not None else "" for p in found["p_malignant"].to_pylist()] == [
        row["p_malignant"] for row in rows
    ]
    assert str(found.schema.field("frame").type) == "int64"
    began = len(cluster.analysed())
    start(cluster, batches, folder)()
    assert len(cluster.analysed()) == began
    assert clustered(batches, tmp_path / "again.csv") == expected


def test_a_worker_that_is_killed_loses_nothing(cluster: Cluster, batches: Batches, tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive", slow=STUDIES)
    end = start(cluster, batches, folder)
    until(lambda: any(name.startswith(stand_in.SLOW) for name, _ in cluster.analysed()))
    _, victim = cluster.analysed()[0]
    os.kill(victim, signal.SIGKILL)
    cluster.gate.touch()
    end()
    assert clustered(batches, tmp_path / "many.csv") == one_process(folder, tmp_path / "one.csv")
    assert batches.quarantined() == ()
    assert {process for _, process in cluster.analysed()} > {victim}


def test_a_picture_that_ends_every_worker_is_left_out_and_nothing_else(
    cluster: Cluster, batches: Batches, tmp_path: Path
) -> None:
    folder = archive(tmp_path / "archive")
    expected = one_process(folder, tmp_path / "one.csv").splitlines()
    poison = folder / "patient 3" / f"{stand_in.POISON}.dcm"
    phantoms.us_grey(poison, StudyInstanceUID="1.2.3.9", SeriesInstanceUID="1.2.3.9.1", PatientID="P8")
    start(cluster, batches, folder)()
    assert batches.quarantined() == (str(poison),)
    rows = clustered(batches, tmp_path / "many.csv").splitlines()
    (left_out,) = set(rows) - set(expected)
    assert "quarantine" in left_out and len(rows) == len(expected) + 1
    # It is not tried again unasked.
    start(cluster, batches, folder)()
    assert batches.quarantined() == (str(poison),)


@contextmanager
def two_commands(cluster: Cluster) -> Iterator[tuple[str, Callable[[], None]]]:
    """Start a scheduler and a worker as the documents say; give the address, and what kills both at once."""
    file = cluster.folder / "scheduler.json"
    log = (cluster.folder / "commands.log").open("wb")
    scheduler = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), "--no-dashboard"]
    worker = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--nworkers", "1", "--nthreads", "1"]
    python = [sys.executable, "-m"]
    lines = (
        [*python, "distributed.cli.dask_scheduler", *scheduler],
        [*python, "distributed.cli.dask_worker", *worker, "--no-dashboard"],
    )
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    env = dict(os.environ, PYTHONPATH=paths, BREASTVIEW_HOME=str(cluster.folder / "home"))
    started: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        for process in started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    try:
        for line in lines:
            started.append(subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True, env=env))
            until(lambda: file.exists() and file.stat().st_size > 0)
        yield json.loads(file.read_text())["address"], kill
    finally:
        kill()
        log.close()


def test_a_run_goes_on_after_the_whole_cluster_is_gone(
    cluster: Cluster, batches: Batches, tmp_path: Path
) -> None:
    folder = archive(tmp_path / "archive", slow=2)
    plan = run.Plan(PLAN.settings, batch=1, analyser=stand_in.NAME)
    with two_commands(cluster) as (where, kill), address.connected(where) as client:
        end = start(Cluster(client, cluster.folder), batches, folder, plan)
        until(lambda: batches.totals().frames > 0)
        kill()
        with pytest.raises(ClusterError, match="went away"):
            end()
    kept = batches.totals().frames
    cluster.clear()
    cluster.gate.touch()
    start(cluster, batches, folder)()
    assert len(cluster.analysed()) <= STUDIES * PICTURES + 3 - kept
    assert clustered(batches, tmp_path / "many.csv") == one_process(folder, tmp_path / "one.csv")


def test_a_bundle_that_a_worker_lacks_is_shipped(cluster: Cluster, batches: Batches, tmp_path: Path) -> None:
    from breastview import paths

    own = Path(paths.__file__).parents[1] / "models" / "us-attentive-3"
    folder = archive(tmp_path / "archive")
    plan = run.Plan(Settings(device="cpu", bundle=str(own)), analyser=stand_in.NAME)
    start(cluster, batches, folder, plan)()
    bundle = json.loads((own / "manifest.json").read_bytes())["name"]
    rows = list(batches.rows())
    assert all(row["bundle"].startswith(bundle) for row in rows if not row["error"])
    assert any(cluster.client.run(stand_in.shipped, doubles.stamp_of(own).hash).values())


def test_a_cancelled_run_keeps_what_is_done(cluster: Cluster, batches: Batches, tmp_path: Path) -> None:
    folder = archive(tmp_path / "archive", slow=STUDIES)
    task = SilentTask()
    source = sources.source([str(folder)], batches)
    running = run.Run(cluster.client, batches, source, PLAN, task)
    thread = threading.Thread(target=running.execute)
    thread.start()
    until(lambda: bool(cluster.analysed()))
    task.cancel()
    thread.join(300)
    assert not thread.is_alive()
    cluster.gate.touch()
    start(cluster, batches, folder)()
    assert clustered(batches, tmp_path / "many.csv") == one_process(folder, tmp_path / "one.csv")


def test_the_command_writes_table_parquet_and_record(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from breastview import cli

    folder = archive(tmp_path / "archive")
    monkeypatch.setattr(address, "connected", lambda *_: nullcontext(cluster.client))
    monkeypatch.setattr(run, "Plan", functools.partial(run.Plan, analyser=stand_in.NAME))
    with pytest.raises(SystemExit) as end:
        cli.main(["analyse", str(folder), "--cluster", "tls://there:8786", "--out", str(tmp_path / "out")])
    assert end.value.code == 1  # the broken picture
    said = capfd.readouterr().err
    assert f"{STUDIES * PICTURES + 3} frames analysed, 1 could not be read." in said
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {"readings.csv", "readings.parquet", "readings.sqlite3"}
    assert (out / "readings.csv").read_text() == one_process(folder, tmp_path / "one.csv")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--cluster", "local:1"], "say where the results go"),
        (["--cluster", "local:1", "--csv", "a.csv", "--masks", "m"], "--masks does not go with --cluster"),
        (["--csv", "a.csv", "--retry"], "go with --cluster"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    options: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from breastview import cli

    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as end:
        cli.main(["analyse", str(tmp_path), *options])
    assert end.value.code == 2 and sentence in " ".join(capfd.readouterr().err.split())


def test_far_sources_need_a_cluster(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from breastview import cli

    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as end:
        cli.main(["analyse", "s3://bucket/x", "--csv", "a.csv"])
    assert end.value.code == 2 and "read with --cluster" in " ".join(capfd.readouterr().err.split())

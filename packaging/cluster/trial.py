"""A made archive through one process, one worker, two workers, and two of which one is killed on the way.

    python packaging/cluster/trial.py FOLDER --frames 2000
    python packaging/cluster/trial.py FOLDER --frames 20000 --stand-in

The table of each must be that of the one process. Each worker has one thread and a core of its own; results
of an earlier run are not used. Prints frames a second by the clock, and by the processor time of the busiest
worker, which other load does not change, and writes FOLDER/trial.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = "tests.cluster.stand_in:make"


def archive(folder: Path, frames: int, small: bool) -> Path:
    """Make an archive of DICOM files, ten a study; no two files are the same."""
    from breastview.bench import made

    place = folder / f"archive-{frames}-{'small' if small else 'full'}"
    if not place.exists():
        making = place.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        if small:
            made.folder(making, frames)
        else:
            for number in range(frames):
                made.ultrasound(making / f"{number // 10:05d}" / f"{number % 10}.dcm", seed=number)
        making.rename(place)
    return place


def environment(folder: Path, stand_in: bool) -> dict[str, str]:
    """Return the environment of a run: a home of its own, with the AI's graph that was made before."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    if (folder / "graphs").is_dir():
        shutil.copytree(folder / "graphs", home / "cache" / "graphs")
    # Compiled once, as in an installed program: else each start of a process compiles all it imports.
    env = dict(os.environ, BREASTVIEW_HOME=str(home), PYTHONPATH=str(ROOT), OMP_NUM_THREADS="1",
               BREASTVIEW_THREADS="1", OPENBLAS_NUM_THREADS="1",
               PYTHONDONTWRITEBYTECODE="", PYTHONPYCACHEPREFIX=str(folder / "compiled"),
               DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="3")  # fmt: skip
    if stand_in:
        sys.path.insert(0, str(ROOT))
        from tests import doubles

        doubles.bundle_folder(folder / "models")
        env["BREASTVIEW_MODELS"] = str(folder / "models")
    return env


def command(pictures: Path, out: Path, stand_in: bool, *options: str) -> list[str]:
    """Return the command that analyses; with the stand-in it is the same behind another analyser."""
    head = [sys.executable, "-m", "breastview"]
    if stand_in:
        head = [sys.executable, str(Path(__file__).with_name("stand_in.py")), STAND_IN]
    return [*head, "analyse", str(pictures), "--csv", str(out), "--device", "cpu", "--quiet", *options]


@contextmanager
def cluster(folder: Path, env: dict[str, str], workers: int):
    """Give the address of a scheduler and a client of it, with workers on a core of their own each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, dask = f"tcp://127.0.0.1:{port}", [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    log = (folder / "dask.log").open("ab")
    started = [subprocess.Popen([*dask, "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
                                env=env, stdout=log, stderr=log)]  # fmt: skip
    cores = sorted(os.sched_getaffinity(0))
    for number in range(workers):
        core = str(cores[number % len(cores)])
        worker = [
            "taskset", "-c", core, sys.executable, "-m", "distributed.cli.dask_worker", address, "--host",
            "127.0.0.1", "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0",
            "--local-directory", str(folder / "dask"),
        ]  # fmt: skip
        started += [subprocess.Popen(worker, env=env, stdout=log, stderr=log)]
    try:
        from distributed import Client

        with Client(address, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=300)
            # What is loaded once is loaded before the time is taken.
            client.run(_loaded)
            yield address, client
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGINT)
        for process in started:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _loaded() -> None:
    import breastview.cluster.work  # noqa: F401


def killed(client: Client, store: Path, least: int, head: subprocess.Popen[bytes]) -> None:
    """Kill one worker once some frames are done."""
    import sqlite3

    while head.poll() is None:
        time.sleep(0.2)
        if not store.exists():
            continue
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
            try:
                (done,) = database.execute("SELECT total(frames) FROM batch_results").fetchone()
            except sqlite3.OperationalError:
                continue
        if done >= least:
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
            print(f"  killed a worker after {done:.0f} frames", flush=True)
            return


def _processor(since: os.times_result | None = None) -> float:
    """Return the processor seconds of the processes that ended so far."""
    now = os.times()
    used = now.children_user + now.children_system
    return used - (since.children_user + since.children_system if since else 0.0)


def one_process(line: list[str], env: dict[str, str]) -> dict[str, Any]:
    """Run the command alone, on one core."""
    cpu, began = os.times(), time.monotonic()
    core = str(min(os.sched_getaffinity(0)))
    code = subprocess.run(["taskset", "-c", core, *line], env=env, check=False).returncode
    used = _processor(cpu)
    return {"seconds": time.monotonic() - began, "code": code, "processor s": used, "busiest s": used}


def several(
    folder: Path, line: list[str], env: dict[str, str], workers: int, store: Path | None, least: int
) -> dict[str, Any]:
    """Run the command with workers; where a record is named, one of them is killed at some frames in it."""
    whole = os.times()
    with cluster(folder, env, workers) as (address, client):
        before = client.run(time.process_time)
        cpu, began = os.times(), time.monotonic()
        head = subprocess.Popen([*line, "--cluster", address], env=env)
        if store is not None:
            killed(client, store, least, head)
        code = head.wait()
        seconds, head_s = time.monotonic() - began, _processor(cpu)
        after = client.run(time.process_time)
    each = [used - before.get(worker, 0.0) for worker, used in after.items()]
    return {"seconds": seconds, "code": code, "processor s": _processor(whole), "head s": head_s,
            "workers s": each, "busiest s": max(each)}  # fmt: skip


def main() -> None:
    """Run all of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--frames", type=int, default=1000)
    parser.add_argument("--stand-in", action="store_true", help="the stand-in of the tests instead of the AI")
    parser.add_argument("--only", default="one process,one worker,two workers,two workers one killed")
    chosen = parser.parse_args()
    folder = chosen.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    pictures = archive(folder, chosen.frames, chosen.stand_in)
    kept = folder / "trial.json"  # of the runs that an earlier call was asked for
    found: dict[str, dict[str, Any]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for name in chosen.only.split(","):
        out = folder / f"{name.replace(' ', '-')}.csv"
        for old in folder.glob(f"{out.stem}.*"):
            old.unlink()
        env = environment(folder, chosen.stand_in)
        line = command(pictures, out, chosen.stand_in)
        if name == "one process":
            one = one_process(line, env)
        else:
            store = out.with_suffix(".sqlite3") if "killed" in name else None
            one = several(folder, line, env, 1 if "one worker" in name else 2, store, chosen.frames // 4)
        if not (folder / "graphs").is_dir() and (folder / "home" / "cache" / "graphs").is_dir():
            shutil.copytree(folder / "home" / "cache" / "graphs", folder / "graphs")
        one["frames/s"] = chosen.frames / one["seconds"]
        one["same"] = out.read_bytes() == (folder / "one-process.csv").read_bytes()
        one["load"] = os.getloadavg()[0]
        found[name] = one
        print(f"{name}: {one['seconds']:.1f} s, {one['frames/s']:.1f} frames/s, "
              f"{chosen.frames / one['busiest s']:.1f} by processor time, exit {one['code']}, "
              f"{'same table' if one['same'] else 'ANOTHER TABLE'}", flush=True)  # fmt: skip
        kept.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""The reader's work is there again: after a restart, a crash, a move of the file and a damaged record."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview.errors import StoreError
from breastview.store import AnalysisSummary, LastSession, Store
from breastview.store._database import Database
from breastview.study.reading import Assessment, ReadState

SHA, OTHER = "a" * 64, "b" * 64
FULL = Assessment(
    category="4A", laterality="R", clock=10, nipple_mm=23.5,
    descriptors=(("shape", "oval"), ("margin", "circumscribed")), notes="Größe unverändert, 乳房\ud800",
    indication="lump", comparison="2024", management="biopsy", state=ReadState.PRELIMINARY, marked=True,
    reader="Dr. É",
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "record.sqlite3"


def test_an_assessment_is_there_after_reopening(path: Path) -> None:
    store = Store(path)
    saved = store.assess(SHA, 3, FULL)
    store.close()
    reopened = Store(path)
    assert reopened.assessment(SHA, 3) == saved
    assert replace(saved, changed_at="") == FULL
    assert saved.changed_at
    assert reopened.assessment(SHA, 2) == Assessment()
    assert reopened.assessment(OTHER, 3) == Assessment()
    assert not reopened.notice


def test_earlier_assessments_stay_in_the_history_and_repeats_add_nothing() -> None:
    store = Store()
    for notes in ("first", "second", "second", "third"):
        store.assess(SHA, 0, Assessment(notes=notes))
    assert [one.notes for one in store.history(SHA, 0)] == ["first", "second", "third"]
    assert store.assessment(SHA, 0).notes == "third"


def test_many_assessments_are_found_at_once() -> None:
    store = Store()
    hashes = [f"{n:064x}" for n in range(900)]
    for n, sha in enumerate(hashes[:600]):
        store.assess(sha, n % 2, Assessment(clock=1 + n % 11))
    store.assess(hashes[0], 0, Assessment(clock=7))
    found = store.assessments(hashes)
    assert len(found) == 600
    assert found[hashes[0]][0].clock == 7
    assert found[hashes[599]] == {1: store.assessment(hashes[599], 1)}


def test_a_hash_counts_only_while_size_and_time_stay() -> None:
    store = Store()
    odd = Path(os.fsdecode(b"/scans/\xff\xfe.png"))
    store.remember_hash(odd, 10, 20, SHA)
    assert store.known_hash(odd, 10, 20) == SHA
    assert store.known_hash(odd, 11, 20) == store.known_hash(odd, 10, 21) == ""
    assert store.known_hashes([(odd, 10, 20), (Path("/new"), 1, 1)]) == {odd: SHA}
    assert store.known_hashes([(odd, 10, 21)]) == {}


def test_analyses_are_listed_by_bundle_in_order_of_frames() -> None:
    store = Store()
    late = AnalysisSummary(2, {"benign": 0.25, "malignant": 0.75}, False, ("colour",), False)
    early = AnalysisSummary(1, None, False, ("not-ultrasound",), True)
    store.remember_analyses("bundle1", [(SHA, late), (SHA, early), (OTHER, late)])
    assert store.analyses([SHA, OTHER], "bundle1") == {SHA: (early, late), OTHER: (late,)}
    assert store.analyses([SHA], "bundle2") == {}


def test_the_recent_list_is_newest_first_without_repeats_and_bounded() -> None:
    store = Store()
    for n in range(20):
        store.remember_opened([Path(f"/scans/{n}")])
    store.remember_opened([Path("/scans/17"), Path("/scans/ö")])
    recent = store.recent()
    assert recent[:3] == (Path("/scans/17"), Path("/scans/ö"), Path("/scans/19"))
    assert len(recent) == len(set(recent)) == 15
    store.forget_recent()
    assert store.recent() == ()


def test_what_was_on_screen_comes_back_whole(path: Path) -> None:
    last = LastSession(
        sources=(Path("/a"), Path(os.fsdecode(b"/b\xff"))), path=Path("/a/1.png"), label="1.png", sha=SHA,
        frame=4, view={"layout": 3, "look": {"opacity": 0.5}, "list": [1, "x", None]},
    )  # fmt: skip
    store = Store(path)
    assert store.last_session() is None
    store.save_session(last)
    store.close()
    assert Store(path).last_session() == last


def test_two_instances_share_a_record(path: Path) -> None:
    one, other = Store(path), Store(path)
    one.assess(SHA, 0, Assessment(notes="from one"))
    assert other.assessment(SHA, 0).notes == "from one"
    other.assess(SHA, 0, Assessment(notes="from the other"))
    assert one.assessment(SHA, 0).notes == "from the other"


def test_threads_of_two_instances_write_at_once_and_lose_nothing(path: Path) -> None:
    stores = Store(path), Store(path)
    errors: list[Exception] = []

    def write(number: int) -> None:
        try:
            for n in range(25):
                stores[number % 2].assess(SHA, number, Assessment(notes=f"{number}-{n}"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    for number in range(4):
        assert [one.notes for one in stores[0].history(SHA, number)] == [f"{number}-{n}" for n in range(25)]


def test_only_the_user_may_read_the_record(path: Path) -> None:
    Store(path).assess(SHA, 0, FULL)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_commits_are_synchronous_and_written_ahead(path: Path) -> None:
    database = Database(path)
    assert database.read("PRAGMA journal_mode") == [("wal",)]
    with database.write() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


WRITER = """
import sys
from pathlib import Path
from breastview.store import Store
from breastview.study.reading import Assessment
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
n = int(sys.argv[2])
while True:
    store.assess("a" * 64, 0, Assessment(notes=str(n)))
    print(n, flush=True)
    n += 1
"""


def test_kill_9_while_writing_loses_nothing_that_was_acknowledged(path: Path) -> None:
    acknowledged: list[int] = []
    chance = random.Random(5)
    for _ in range(5):
        begin = acknowledged[-1] + 1000 if acknowledged else 0
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(begin)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        first = int(child.stdout.readline())
        time.sleep(chance.uniform(0.02, 0.3))
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split("\n")[:-1]  # a line cut in two was not acknowledged
        child.wait()
        acknowledged += [first, *map(int, rest)]
        store = Store(path)
        kept = [int(one.notes) for one in store.history(SHA, 0)]
        store.close()
        assert not store.notice
        assert set(acknowledged) <= set(kept)
        # At most one row a kill was written whose acknowledgement did not get out.
        assert len(kept) - len(acknowledged) <= 5
    assert len(acknowledged) >= 5


def test_a_record_that_is_no_database_is_set_aside_with_a_sentence(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database at all" * 200)
    store = Store(path)
    (aside,) = path.parent.glob("record.damaged-*.sqlite3")
    assert aside.read_bytes().startswith(b"this is no database")
    assert aside.name in store.notice
    assert "damaged" in store.notice
    store.assess(SHA, 0, FULL)
    store.close()
    assert Store(path).assessment(SHA, 0).category == "4A"


def test_what_can_be_read_of_a_damaged_record_is_carried_over(path: Path) -> None:
    store = Store(path)
    for n in range(300):
        store.assess(f"{n:064x}", 0, Assessment(notes="x" * 200 + str(n)))
    store.save_session(LastSession((Path("/scans"),)))
    store.close()
    raw = bytearray(path.read_bytes())
    page = 4096
    half = len(raw) // 2 // page * page
    raw[half : half + 2 * page] = np.random.default_rng(7).bytes(2 * page)
    path.write_bytes(raw)
    mended = Store(path)
    assert "damaged" in mended.notice
    kept = mended.assessments(f"{n:064x}" for n in range(300))
    assert 50 < len(kept) < 300
    assert all(one[0].notes == "x" * 200 + str(int(sha, 16)) for sha, one in kept.items())
    assert f"{len(kept)} entries" in mended.notice
    assert mended.last_session() == LastSession((Path("/scans"),))


def test_a_record_of_a_newer_version_is_left_alone(path: Path) -> None:
    Store(path).close()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer BreastView"):
        Store(path)
    assert list(path.parent.glob("*damaged*")) == []


def test_an_assessment_of_a_newer_version_is_read_as_far_as_it_is_known(path: Path) -> None:
    store = Store(path)
    store.assess(SHA, 0, FULL)
    with sqlite3.connect(path) as database:
        (body,) = database.execute("SELECT body FROM assessments").fetchone()
        body = json.dumps(json.loads(body) | {"future": 1})
        database.execute("UPDATE assessments SET body = ?", (body,))
    assert store.assessment(SHA, 0).notes == FULL.notes


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="record of your work"):
        Store(tmp_path / "file" / "record.sqlite3")

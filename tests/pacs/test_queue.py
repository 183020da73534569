"""The queue of what is to be sent: nothing is lost, nothing goes twice, whatever dies in between."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from breastview.errors import ArchiveRefused, ArchiveUnreachable, Cancelled, StoreError, UnreadableFile
from breastview.pacs import queue as queues
from breastview.pacs._protocol import Address, Query, Row, Sent
from breastview.pacs._queue_database import Database
from breastview.pacs.connect import archive
from breastview.pacs.queue import Busy, Queue, State
from breastview.pacs.sender import Sender
from breastview.task import SilentTask, Task
from tests.pacs import objects
from tests.pacs.servers import Server, serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    one = Queue(tmp_path / "outgoing")
    yield one
    one.close()


class Double:
    """An archive that answers as it is told, and counts."""

    name = "Test"

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.verdict: Callable[[str], Sent | Exception] = lambda uid: Sent(uid, True)
        self.has: set[str] = set()
        self.finds = True

    def send(self, paths: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        from pydicom import dcmread

        for path in paths:
            uid = str(dcmread(path).SOPInstanceUID)
            self.sent[uid] += 1
            verdict = self.verdict(uid)
            if isinstance(verdict, Exception):
                raise verdict
            yield verdict

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        if not self.finds:
            raise ArchiveRefused("no questions", self.name)
        uid = query.within.instance
        yield from [Row(Address("", "", uid))] if uid in self.has else []


def uids(study: list[Dataset]) -> list[str]:
    return [str(one.SOPInstanceUID) for one in study]


def test_objects_wait_are_sent_and_their_files_go(queue: Queue, tmp_path: Path) -> None:
    study, double = objects.study(3), Double()
    assert queue.put("Test", study).new == 3
    assert queue.counts()[State.WAITING] == 3
    changes = []
    assert Sender(queue, lambda name: double, lambda: changes.append(queue.counts()[State.SENT])).drain() == 3
    assert queue.counts() == {State.WAITING: 0, State.SENDING: 0, State.SENT: 3, State.FAILED: 0}
    assert changes[-1] == 3
    assert list((tmp_path / "outgoing" / "objects").iterdir()) == []


def test_the_same_object_is_not_taken_twice_also_after_it_was_sent(queue: Queue) -> None:
    study, double = objects.study(2), Double()
    assert (queue.put("Test", [*study, study[0]]).new, queue.put("Test", study).new) == (2, 0)
    Sender(queue, lambda name: double).drain()
    added = queue.put("Test", study)
    assert (added.new, added.known) == (0, 2)
    Sender(queue, lambda name: double).drain()
    assert set(double.sent.values()) == {1}
    assert queue.put("Other", study).new == 2, "another archive has none of them"


def test_what_was_removed_may_be_sent_again(queue: Queue) -> None:
    study, double = objects.study(1), Double()
    queue.put("Test", study)
    Sender(queue, lambda name: double).drain()
    assert queue.remove([queue.items()[0].identifier]) == 1
    assert queue.put("Test", study).new == 1


def test_what_was_sent_since_a_moment_is_told_in_its_order_and_nothing_else(queue: Queue) -> None:
    double = Double()
    for number in range(3):
        queue.put("Test", objects.study(1))
        if number < 2:
            Sender(queue, lambda name: double).drain()
    first, second = queue.sent_since("")
    assert [first.instance, second.instance] == list(double.sent)
    assert second in queue.sent_since(second.changed_at)
    assert queue.sent_since("9999") == ()


def test_what_was_sent_long_ago_or_many_objects_ago_is_forgotten_and_what_waits_is_not(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "SENT_MOST", 2)
    double = Double()
    queue.put("Test", objects.study(5))
    Sender(queue, lambda name: double).drain()
    waiting = queue.put("Test", objects.study(1))
    assert (waiting.new, queue.counts()[State.SENT], queue.counts()[State.WAITING]) == (1, 2, 1)
    kept = [item.identifier for item in queue.items(State.SENT)]
    with Database(tmp_path / "outgoing").written() as database:
        database.execute(
            "UPDATE outgoing SET changed_at = '2020-01-01T00:00:00.000+00:00' WHERE id = ?", kept[:1]
        )
        database.execute(
            "UPDATE outgoing SET changed_at = '2020-01-01T00:00:00.000+00:00' WHERE state = 'waiting'"
        )
    queue.put("Test", objects.study(1))
    assert [item.identifier for item in queue.items(State.SENT)] == kept[1:]
    assert queue.counts()[State.WAITING] == 2


def test_a_file_is_copied_so_that_it_may_go(queue: Queue, tmp_path: Path) -> None:
    study, double = objects.study(1), Double()
    (file,) = objects.saved(study, tmp_path / "usb")
    queue.put("Test", [file])
    file.unlink()
    Sender(queue, lambda name: double).drain()
    assert list(double.sent) == uids(study)


def test_one_bad_file_and_none_is_taken(queue: Queue, tmp_path: Path) -> None:
    bad = tmp_path / "bad.dcm"
    bad.write_text("no DICOM")
    with pytest.raises(UnreadableFile, match=r"bad\.dcm"):
        queue.put("Test", [*objects.study(2), bad])
    assert queue.items() == ()
    assert list((tmp_path / "outgoing" / "objects").iterdir()) == []


def test_an_archive_out_of_reach_is_tried_later_with_growing_pauses(queue: Queue) -> None:
    double = Double()
    double.verdict = lambda uid: ArchiveUnreachable("nobody answers", "Test", "Check the network.")
    queue.put("Test", objects.study(3))
    now, pauses = time.time(), []
    for _ in range(3):
        items = queue.take(10, now)
        assert len(items) == 3
        queue.unanswered(items, "Nobody answers.", final=False, unsure=False, now=now)
        due = queue.next_due()
        assert due is not None
        assert queue.take(10, due - 1) == ()
        pauses.append(round(due - now))
        now = due
    assert pauses == [30, 60, 120]
    assert {item.reason for item in queue.items()} == {"Nobody answers."}


def test_it_is_given_up_in_the_end_and_begun_again_when_the_reader_says_so(queue: Queue) -> None:
    queue.put("Test", objects.study(1))
    now = time.time()
    for _ in range(queues.TRIES):
        queue.unanswered(queue.take(1, now), "Nobody answers.", final=False, unsure=False, now=now)
        now += queues.LONGEST_PAUSE_S
    (item,) = queue.items(State.FAILED)
    assert item.attempts == queues.TRIES
    assert queue.again([item.identifier]) == 1
    assert len(queue.take(1)) == 1


def test_one_refused_object_fails_and_the_others_go(queue: Queue) -> None:
    study, double = objects.study(3), Double()
    refused = uids(study)[1]
    double.verdict = lambda uid: Sent(uid, uid != refused, "It is not taken." * (uid == refused), final=True)
    queue.put("Test", study)
    Sender(queue, lambda name: double).drain()
    (failed,) = queue.items(State.FAILED)
    assert (failed.instance, failed.reason) == (refused, "It is not taken.")
    assert queue.counts()[State.SENT] == 2
    double.verdict = lambda uid: Sent(uid, True)
    assert queue.put("Test", study).new == 1, "what failed may be put in again"
    Sender(queue, lambda name: double).drain()
    assert double.sent == Counter({refused: 2} | {uid: 1 for uid in uids(study) if uid != refused})


def test_a_refusal_of_the_archive_fails_with_its_sentence_and_is_not_tried_again(queue: Queue) -> None:
    def nobody(name: str) -> Double:
        raise ArchiveRefused(f"there is no archive “{name}”", remedy="Add one in the settings.")

    queue.put("Gone", objects.study(2))
    Sender(queue, nobody).drain()
    assert queue.counts()[State.FAILED] == 2
    assert queue.items()[0].reason == "There is no archive “Gone”. Add one in the settings."


def test_an_object_that_may_have_come_there_is_asked_for_before_it_is_sent_again(queue: Queue) -> None:
    study, double = objects.study(4), Double()
    queue.put("Test", study)
    cut = uids(study)[1]
    broke = ArchiveUnreachable("the connection broke", "Test")
    double.verdict = lambda uid: broke if uid == cut else Sent(uid, True)
    double.has = {cut}  # stored, and the answer lost
    Sender(queue, lambda name: double).drain()
    assert [item.unsure for item in reversed(queue.items())] == [False, True, False, False]
    double.verdict = lambda uid: Sent(uid, True)
    queue.again(item.identifier for item in queue.items(State.WAITING))
    Sender(queue, lambda name: double).drain()
    assert queue.counts()[State.SENT] == 4
    assert set(double.sent.values()) == {1}


def test_where_an_archive_answers_no_questions_the_doubtful_object_is_sent_again(queue: Queue) -> None:
    study, double = objects.study(1), Double()
    double.finds = False
    queue.put("Test", study)
    with queue.sending():
        queue.take(1)  # and the process dies
    Sender(queue, lambda name: double).drain()
    assert queue.counts()[State.SENT] == 1


def test_stopping_puts_back_what_was_not_sent(queue: Queue) -> None:
    study, double, task = objects.study(3), Double(), SilentTask()

    def stop_after_one(uid: str) -> Sent | Exception:
        return Cancelled() if sum(double.sent.values()) > 1 else Sent(uid, True)

    double.verdict = stop_after_one
    queue.put("Test", study)
    with pytest.raises(Cancelled):
        Sender(queue, lambda name: double).drain(task)
    assert queue.counts()[State.WAITING] == 2
    assert queue.counts()[State.SENDING] == 0


def test_a_spoilt_file_fails_alone(queue: Queue) -> None:
    study, double = objects.study(3), Double()
    queue.put("Test", study)
    item = queue.items()[1]
    file = queue.file(item)
    file.write_text("spoilt")
    real = double.send

    def send(paths: Iterable[Path], task: Task | None = None) -> Iterator[Sent]:
        paths = list(paths)
        if file in paths:
            raise UnreadableFile("this is no DICOM file", file)
        return real(paths, task)

    double.send = send  # type: ignore[method-assign]
    Sender(queue, lambda name: double).drain()
    assert [one.instance for one in queue.items(State.FAILED)] == [item.instance]
    assert queue.counts()[State.SENT] == 2


def test_an_error_nobody_expects_fails_one_object_and_the_thread_goes_on(queue: Queue) -> None:
    study, double = objects.study(3), Double()
    poison = uids(study)[1]
    double.verdict = lambda uid: struct.error("odd") if uid == poison else Sent(uid, True)
    queue.put("Test", study)
    sender = Sender(queue, lambda name: double)
    sender.drain()
    (failed,) = queue.items(State.FAILED)
    assert (failed.instance, failed.reason) == (poison, "The object cannot be sent (error).")
    assert queue.counts()[State.SENT] == 2
    assert double.sent[poison] == 1


def test_a_sent_file_that_cannot_be_removed_stops_nothing(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "in use", str(path))

    queue.put("Test", objects.study(2))
    monkeypatch.setattr(Path, "unlink", locked)
    Sender(queue, lambda name: Double()).drain()
    assert queue.counts()[State.SENT] == 2


def test_removing_never_takes_the_file_of_what_is_just_being_sent(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.put("Test", objects.study(1))
    (item,) = queue.items()
    other, read = Queue(tmp_path / "outgoing"), Database.read

    def slow(self: Database, query: str, values: tuple = ()) -> list[tuple]:
        found = read(self, query, values)
        if "SELECT file" in query and "'sending'" in query:
            other.take(1)  # the sender, between a look and what follows from it
        return found

    monkeypatch.setattr(Database, "read", slow)
    removed = queue.remove([item.identifier])
    assert removed == 1 or queue.file(item).exists()
    assert queue.file(item).exists() != bool(removed)
    other.close()


def test_a_full_disk_is_a_sentence_and_over_when_there_is_room_again(queue: Queue, tmp_path: Path) -> None:
    connection = queue._database._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"):
        queue.put("Test", [objects.ultrasound() for _ in range(60)])
    assert queue.items() == ()
    assert list((tmp_path / "outgoing" / "objects").iterdir()) == []
    connection.execute("PRAGMA max_page_count = 100000")
    assert queue.put("Test", objects.study(1)).new == 1


def test_only_one_process_sends_at_a_time(queue: Queue, tmp_path: Path) -> None:
    other = Queue(tmp_path / "outgoing")
    with queue.sending(), pytest.raises(Busy), other.sending():
        pass
    with other.sending():
        pass
    other.close()


def test_the_thread_sends_what_is_put_in_and_ends(queue: Queue) -> None:
    double = Double()
    sender = Sender(queue, lambda name: double)
    sender.start()
    try:
        queue.put("Test", objects.study(2))
        sender.wake()
        end = time.monotonic() + 60
        while queue.counts()[State.SENT] < 2 and time.monotonic() < end:
            time.sleep(0.02)
        assert queue.counts()[State.SENT] == 2
    finally:
        sender.stop()


DRAIN = """
    from pathlib import Path
    from breastview.pacs.configuration import DimseSettings, ListenerSettings
    from breastview.pacs.connect import archive
    from breastview.pacs.queue import Queue
    from breastview.pacs.sender import Sender
    settings = DimseSettings("Test", "127.0.0.1", {port}, "ARCHIVE", timeout_s=60)
    Sender(Queue(Path({folder!r})), lambda name: archive(settings, ListenerSettings())).drain()
"""


def _drainer(server: Server, folder: Path) -> subprocess.Popen[bytes]:
    code = textwrap.dedent(DRAIN).format(port=server.port, folder=str(folder))
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")
def test_killing_the_sender_in_mid_transfer_loses_nothing_and_sends_nothing_twice(
    queue: Queue, tmp_path: Path
) -> None:
    study = objects.study(12)
    queue.put("Test", study)
    with serving() as server:
        process = _drainer(server, tmp_path / "outgoing")

        def kill_now(uid: str, event: object) -> None:
            # The object is stored, and the one who sent it never learns.
            if uid == uids(study)[5] and process.returncode is None:
                process.kill()
                process.wait()

        server.after_storing = kill_now
        process.wait(60)
        assert process.returncode == -signal.SIGKILL
        assert queue.counts()[State.SENT] == 5
        Sender(queue, lambda name: archive(server.settings())).drain()
        assert queue.counts()[State.SENT] == 12
        assert server.stored == Counter(uids(study)), "each exactly once"


def test_an_archive_killed_in_mid_transfer_gets_the_rest_when_it_is_back(queue: Queue) -> None:
    study = objects.study(8)
    queue.put("Test", study)
    server = Server()
    server.start()
    dies_at = uids(study)[4]

    def die(uid: str, event: object) -> None:
        if uid == dies_at and server.stored[uid] == 1:
            for one in server._server.active_associations:
                one.abort()

    server.after_storing = die
    sender = Sender(queue, lambda name: archive(server.settings()))
    sender.drain()
    assert queue.counts()[State.SENT] == 4
    server.stop()
    queue.again(item.identifier for item in queue.items(State.WAITING))
    sender.drain()
    assert "nobody answers" in queue.items(State.WAITING)[0].reason.lower()
    server.start()
    queue.again(item.identifier for item in queue.items(State.WAITING))
    sender.drain()
    server.stop()
    assert queue.counts()[State.SENT] == 8
    assert server.stored == Counter(uids(study)), "each exactly once"


def test_the_folder_is_the_users_alone_and_the_rows_name_nobody(queue: Queue, tmp_path: Path) -> None:
    queue.put("Test", objects.study(1, name="Secret^Name"))
    assert (tmp_path / "outgoing").stat().st_mode & 0o077 == 0
    queue.close()
    assert b"Secret" not in b"".join(file.read_bytes() for file in (tmp_path / "outgoing").glob("*sqlite3*"))

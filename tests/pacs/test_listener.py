"""The listener: what is pushed here comes whole or not at all, from those alone who may."""

from __future__ import annotations

import queue as threads
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import connect
from breastview.pacs._receiver import _allowed
from breastview.pacs.configuration import DimseSettings, ListenerSettings, Tls
from breastview.pacs.listener import Listener, Received
from tests.pacs import certificates, objects, servers


@pytest.fixture
def settings() -> ListenerSettings:
    return ListenerSettings(port=servers.free_port(), timeout_s=120)


@pytest.fixture
def told() -> threads.Queue[Received]:
    return threads.Queue()


@pytest.fixture
def listener(settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]) -> Iterator[Listener]:
    with Listener(settings, tmp_path / "studies", told.put) as one:
        yield one


def sender(settings: ListenerSettings, **changes: object) -> DimseSettings:
    values = {"name": "us", "host": "127.0.0.1", "port": settings.port, "called": settings.title}
    return DimseSettings(**(values | {"calling": "US1", "timeout_s": 60} | changes))


def push(settings: ListenerSettings, study: list[Dataset], **changes: object) -> list[bool]:
    return [answer.stored for answer in connect.archive(sender(settings, **changes)).send(study)]


def seen(folder: Path) -> list[Path]:
    """Return what the worklist would see."""
    return [one for one in folder.rglob("*") if one.is_file() and "/." not in str(one)]


def test_a_pushed_study_appears_and_is_told_once_when_it_has_come(
    listener: Listener, settings: ListenerSettings, told: threads.Queue[Received], tmp_path: Path
) -> None:
    study = objects.study(3)
    assert push(settings, study) == [True] * 3
    came = told.get(timeout=60)
    assert came.folder == tmp_path / "studies" / study[0].StudyInstanceUID
    assert {one.SOPInstanceUID: one for one in map(dcmread, came.files)} == {
        one.SOPInstanceUID: one for one in study
    }
    assert told.empty()


def test_two_studies_of_one_association_are_told_apart(
    listener: Listener, settings: ListenerSettings, told: threads.Queue[Received]
) -> None:
    push(settings, [*objects.study(2), *objects.study(1)])
    assert sorted(len(told.get(timeout=60).files) for _ in range(2)) == [1, 2]


def test_nothing_is_seen_before_the_association_is_over_and_what_was_acknowledged_stays(
    listener: Listener, settings: ListenerSettings, told: threads.Queue[Received], tmp_path: Path
) -> None:
    study = objects.study(3)
    answers = connect.archive(sender(settings)).send(study)
    assert next(answers).stored
    assert seen(tmp_path) == []
    answers.close()  # type: ignore[attr-defined]  # the sender breaks off
    assert len(told.get(timeout=60).files) == 1
    assert len(seen(tmp_path)) == 1


def test_what_was_acknowledged_before_a_crash_appears_with_the_next_start(
    settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]
) -> None:
    one = objects.ultrasound()
    left = tmp_path / "studies" / f".receiving-{settings.port}" / "earlier" / "7" / one.StudyInstanceUID
    (file,) = objects.saved([one], left)
    (left / ".half.part").write_bytes(b"half")
    with Listener(settings, tmp_path / "studies", told.put):
        assert [path.name for path in told.get(timeout=60).files] == [file.name]
    assert len(seen(tmp_path / "studies")) == 1
    assert list((tmp_path / "studies").rglob("*.part")) == []


def test_who_calls_another_name_is_refused(listener: Listener, settings: ListenerSettings) -> None:
    with pytest.raises(ArchiveRefused, match="is not called"):
        push(settings, objects.study(1), called="SOMEBODY")


@pytest.mark.parametrize(
    ("peers", "let_in"),
    [
        (("US1",), True), (("US2",), False), (("US1@127.0.0.1",), True), (("US1@127.0.0.0/8", "US2"), True),
        (("US1@10.0.0.1",), False), (("US2@127.0.0.1", "US1@10.0.0.1"), False),
    ],
)  # fmt: skip
def test_senders_are_let_in_by_title_and_address(
    settings: ListenerSettings, tmp_path: Path, peers: tuple[str, ...], let_in: bool
) -> None:
    with Listener(replace(settings, peers=peers), tmp_path):
        archive = connect.archive(sender(settings))
        if let_in:
            assert archive.echo()
        else:
            with pytest.raises(ArchiveError):
                archive.echo()


def test_the_allow_list_is_exact() -> None:
    assert _allowed(("US1@10.0.0.0/24",), "US1", "10.0.0.7")
    assert not _allowed(("US1@10.0.0.0/24",), "US1", "10.0.1.7")
    assert _allowed(("US1@10.0.0.0/24",), "US1", "::ffff:10.0.0.7"), "a listener on :: speaks both"
    assert not _allowed(("US1",), "US11", "10.0.0.7")


def test_other_machines_can_reach_it_only_with_senders_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="senders named"):
        Listener(ListenerSettings(address="0.0.0.0"), tmp_path)
    assert ListenerSettings().address == "127.0.0.1"
    assert not ListenerSettings().enabled


def test_a_port_that_is_taken_is_a_sentence(settings: ListenerSettings, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        with pytest.raises(ArchiveError, match=rf"port {settings.port} .* cannot be listened on"):
            Listener(settings, tmp_path).start()


def test_too_many_at_a_time_are_told_to_come_back(settings: ListenerSettings, tmp_path: Path) -> None:
    with Listener(replace(settings, max_associations=1), tmp_path):
        first = connect.archive(sender(settings)).send(objects.study(2))
        next(first)
        with pytest.raises(ArchiveUnreachable, match="busy"):
            connect.archive(sender(settings)).echo()
        list(first)


def test_a_silent_stranger_keeps_nobody_out_of_an_encrypted_listener(
    settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]
) -> None:
    papers = certificates.made(tmp_path / "papers")
    tls = Tls(True, str(papers.authority), str(papers.certificate), str(papers.key))
    with (
        Listener(replace(settings, tls=tls, timeout_s=600), tmp_path / "studies", told.put),
        socket.create_connection(("127.0.0.1", settings.port)),  # and never says a word
    ):
        assert push(settings, objects.study(1), tls=tls) == [True]
        with pytest.raises(ArchiveError):
            push(settings, objects.study(1), tls=Tls(True, str(papers.authority)))
        with pytest.raises(ArchiveUnreachable):
            push(settings, objects.study(1))
        assert len(told.get(timeout=60).files) == 1
    context = ssl.create_default_context(cafile=str(papers.authority))
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_sender_of_an_object_beyond_all_measure_is_cut_off_and_others_are_not(
    settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]
) -> None:
    small, large = objects.study(3), objects.study(1)
    large[0].PixelData = bytes(2_000_000)
    with Listener(replace(settings, max_object_mb=1), tmp_path / "studies", told.put):
        with pytest.raises(ArchiveError):
            push(settings, large)
        small[0].PixelData = small[1].PixelData = bytes(600_000)
        assert push(settings, small) == [True] * 3, "each is weighed alone"
        assert len(told.get(timeout=60).files) == 3


def test_a_full_disk_is_told_to_the_sender(
    listener: Listener, settings: ListenerSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*arguments: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("breastview.pacs.listener.written", full)
    (answer,) = connect.archive(sender(settings)).send(objects.study(1))
    assert not answer.stored
    assert not answer.final
    assert seen(tmp_path) == []


def test_what_cannot_appear_today_is_not_lost_when_it_stops(
    settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]
) -> None:
    study, root = objects.study(2), tmp_path / "studies"

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch, Listener(settings, root, told.put):
        patch.setattr("breastview.pacs.listener.published", full)
        assert push(settings, study) == [True, True]
    assert seen(root) == []
    with Listener(settings, root, told.put):
        assert len(told.get(timeout=60).files) == 2


def test_it_can_be_stopped_in_mid_transfer(
    settings: ListenerSettings, tmp_path: Path, told: threads.Queue[Received]
) -> None:
    one = Listener(settings, tmp_path, told.put)
    one.start()
    answers = connect.archive(sender(settings)).send(objects.study(3))
    next(answers)
    stopping = threading.Thread(target=one.stop)
    stopping.start()
    stopping.join(120)
    assert not stopping.is_alive()
    with pytest.raises(ArchiveUnreachable):
        list(answers)
    assert len(told.get(timeout=60).files) == 1
    one.stop()

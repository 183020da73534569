"""`breastview archive`: archives of the settings, asked and filled from the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydicom import dcmread

from breastview.cli import archive as command
from breastview.pacs import configuration
from breastview.pacs.configuration import Archives, DimseSettings, FolderSettings, ListenerSettings
from breastview.pacs.queue import Queue, State
from tests.pacs import objects, servers
from tests.pacs.servers import Server, serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "exchange").mkdir()
    with serving() as one:
        known = (one.settings(name="PACS"), FolderSettings("Exchange", str(tmp_path / "exchange")))
        configuration.save(Archives(known, ListenerSettings(port=servers.free_port())))
        yield one


def test_archives_are_listed_with_what_waits(server: Server, run: Callable) -> None:
    answer = run("archive", "list")
    assert answer.code == 0
    assert "PACS" in answer.out
    assert "dimse" in answer.out
    assert "Exchange" in answer.out


def test_without_archives_there_is_a_sentence(run: Callable) -> None:
    assert "no archives" in run("archive", "list").err
    answer = run("archive", "echo", "PACS")
    assert answer.code == 1
    assert "there is no archive “PACS”" in answer.err


def test_an_archive_answers(server: Server, run: Callable) -> None:
    answer = run("archive", "echo", "pacs")
    assert answer.code == 0
    assert "answers after" in answer.err


def test_an_archive_that_is_not_there_is_a_sentence_and_an_exit_code(run: Callable) -> None:
    configuration.save(Archives((DimseSettings("Gone", "127.0.0.1", servers.free_port(), "X"),)))
    answer = run("archive", "echo", "Gone")
    assert answer.code == 1
    assert "nobody answers" in answer.err
    assert "Traceback" not in answer.err


def test_studies_are_found_as_lines_for_other_programs(server: Server, run: Callable) -> None:
    server.answers = [objects.ultrasound(name="Doe^Jane", ModalitiesInStudy="US")]
    answer = run("archive", "find", "PACS", "--patient", "Doe", "--from", "2024-01-01", "--modality", "us")
    assert answer.code == 0
    cells = answer.out.strip().split("\t")
    assert cells[:4] == ["2024-03-05", "Doe^Jane", "P-1", "US"]
    assert cells[-1] == server.answers[0].StudyInstanceUID
    assert server.asked[0].StudyDate == "20240101-"
    assert run("archive", "find", "PACS", "--born", "yesterday").code == 2


def test_a_study_is_fetched_and_sent(server: Server, run: Callable, tmp_path: Path) -> None:
    server.answers = study = objects.study(2)
    uid = str(study[0].StudyInstanceUID)
    answer = run("archive", "get", "PACS", uid, "--to", tmp_path / "studies")
    assert answer.code == 0
    folder = Path(answer.out.strip())
    assert folder == tmp_path / "studies" / uid
    answer = run("archive", "send", "Exchange", folder)
    assert answer.code == 0
    assert "2 objects taken" in answer.err
    assert len(list((tmp_path / "exchange").rglob("*.dcm"))) == 2
    assert "0 objects taken, 2 known" in run("archive", "send", "Exchange", folder).err


def test_what_cannot_be_sent_stays_and_is_told(server: Server, run: Callable, tmp_path: Path) -> None:
    (file,) = objects.saved(objects.study(1), tmp_path / "scan")
    server.before_storing = lambda uid: 0xA700
    answer = run("archive", "send", "PACS", file)
    assert answer.code == 1
    assert "no space left" in answer.err
    (row,) = (line for line in run("archive", "list").out.splitlines() if "PACS" in line)
    waiting, failed = (int(cell) for cell in row.split("│")[-3:-1])
    assert waiting + failed == 1


def test_where_the_window_sends_it_sends_these_objects_too(
    server: Server, run: Callable, tmp_path: Path
) -> None:
    (file,) = objects.saved(objects.study(1), tmp_path / "scan")
    queue = Queue()
    with queue.sending():
        answer = run("archive", "send", "PACS", file)
    assert answer.code == 0, answer.err
    assert "another BreastView sends them" in answer.err
    assert queue.counts()[State.WAITING] == 1
    queue.close()


def test_what_an_archive_says_does_not_move_the_cursor(server: Server, run: Callable) -> None:
    server.answers = [objects.ultrasound(name="Doe^Jane\x1b[2J", PatientID="A\tB\nC")]
    answer = run("archive", "find", "PACS")
    assert "\x1b" not in answer.out
    assert len(answer.out.splitlines()) == 1
    assert len(answer.out.split("\t")) == 7


def test_a_secret_is_asked_for_and_kept(
    server: Server, run: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {}
    monkeypatch.setattr("breastview.pacs.credentials.keep", kept.__setitem__)
    monkeypatch.setattr(command.typer, "prompt", lambda *arguments, **options: "hidden")
    answer = run("archive", "secret", "pacs")
    assert kept == {"PACS": "hidden"}
    assert "hidden" not in answer.out + answer.err


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or os.name == "nt", reason="signals of Unix")
def test_the_listener_takes_a_study_and_ends_politely(server: Server, tmp_path: Path) -> None:
    settings = configuration.load().listener
    arguments = ["-m", "breastview", "archive", "listen", "--to", str(tmp_path / "studies")]
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert process.stdout is not None
        assert "listens on 127.0.0.1" in process.stderr.readline()
        from breastview.pacs import connect

        pushing = DimseSettings("here", "127.0.0.1", settings.port, settings.title)
        study = objects.study(2)
        assert all(answer.stored for answer in connect.archive(pushing).send(study))
        folder = Path(process.stdout.readline().strip())
        assert {dcmread(file).SOPInstanceUID for file in folder.iterdir()} == {
            one.SOPInstanceUID for one in study
        }
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) in (0, 130)
    finally:
        process.kill()
        process.wait()

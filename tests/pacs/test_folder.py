"""A folder as an archive: found, fetched, sent to, and watched for what comes."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import connect
from breastview.pacs._landing import Landing
from breastview.pacs._protocol import Address, Archive, Level, Query
from breastview.pacs.configuration import FolderSettings, ListenerSettings
from breastview.pacs.watching import Watcher
from tests.pacs import objects


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exchange").mkdir()
    return tmp_path / "exchange"


@pytest.fixture
def archive(folder: Path) -> Archive:
    return connect.archive(FolderSettings("Exchange", str(folder), settle_s=1), ListenerSettings())


def test_what_is_sent_is_found_and_fetched_again(archive: Archive, folder: Path, tmp_path: Path) -> None:
    study = objects.study(3, name="Иванова^Анна")
    assert all(answer.stored for answer in archive.send(study))
    (row,) = archive.find(Query(patient_name="иван"))
    assert (row.objects, row.series, row.modalities) == (3, 1, ("US",))
    came = archive.retrieve(row.address, tmp_path / "studies")
    assert {one.SOPInstanceUID: one for one in map(dcmread, came.files)} == {
        one.SOPInstanceUID: one for one in study
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (Query(), 2), (Query(patient_name="mül ev"), 1), (Query(patient_name="*EVA"), 1),
        (Query(study_from=date(2024, 1, 1)), 1), (Query(study_to=date(2024, 1, 1)), 1),
        (Query(study_from=date(2020, 1, 1), study_to=date(2020, 1, 1)), 1), (Query(modality="MG"), 1),
        (Query(patient_id="P-2"), 1), (Query(patient_id="P"), 0), (Query(patient_id="P-?"), 2),
        (Query(description="BDS"), 2), (Query(birth_date=date(1970, 1, 2)), 2), (Query(limit=1), 1),
        (Query(accession_number="[A]*"), 0),
    ],
)  # fmt: skip
def test_questions_are_answered_as_an_archive_would(archive: Archive, query: Query, count: int) -> None:
    first = objects.ultrasound(name="Müller^Eva", StudyDate="20200101", Modality="MG")
    list(archive.send([first, objects.ultrasound(name="Doe^Jane", PatientID="P-2")]))
    assert len(list(archive.find(query))) == count


def test_series_and_objects_are_found_below_a_study(archive: Archive) -> None:
    study = objects.study(3)
    list(archive.send([*study, objects.ultrasound()]))
    within = Address(study[0].StudyInstanceUID)
    (series,) = archive.find(Query(Level.SERIES, within))
    assert (series.objects, series.description) == (3, "Noise")
    assert len(list(archive.find(Query(Level.IMAGE, series.address)))) == 3


def test_other_files_do_not_matter(archive: Archive, folder: Path) -> None:
    (folder / "readme.txt").write_text("hello")
    (folder / ".hidden.dcm").write_bytes(b"\0" * 200)
    assert list(archive.find(Query())) == []


def test_a_folder_that_is_gone_is_a_sentence(archive: Archive, folder: Path, tmp_path: Path) -> None:
    folder.rmdir()
    for work in (archive.echo, lambda: list(archive.find(Query())), lambda: list(archive.send([]))):
        with pytest.raises(ArchiveUnreachable, match=r"Exchange: .*not there"):
            work()
    folder.mkdir()
    assert archive.echo().seconds >= 0
    with pytest.raises(ArchiveRefused, match="not in the folder"):
        archive.retrieve(Address("1.2.3"), tmp_path / "studies")


def test_a_watched_file_is_taken_when_its_size_has_settled(folder: Path, tmp_path: Path) -> None:
    told = []
    watcher = Watcher(FolderSettings("Exchange", str(folder), settle_s=2), tmp_path / "studies", told.append)
    one = objects.ultrasound()
    (file,) = objects.saved([one], folder / "deep")
    whole = file.read_bytes()
    file.write_bytes(whole[:500])
    assert watcher.look(now=0.0) == ()
    file.write_bytes(whole)
    assert watcher.look(now=2.0) == (), "it is still growing"
    assert watcher.look(now=3.9) == ()
    (came,) = watcher.look(now=4.1)
    assert came.folder == tmp_path / "studies" / one.StudyInstanceUID
    assert dcmread(came.files[0]) == one
    assert told == [came]
    assert not file.exists()
    assert watcher.look(now=10.0) == ()


def test_files_that_are_no_dicom_stay(folder: Path, tmp_path: Path) -> None:
    (folder / "letter.txt").write_text("x" * 500)
    (folder / "fake.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 50)
    watcher = Watcher(FolderSettings("Exchange", str(folder), settle_s=1), tmp_path / "studies")
    watcher.look(now=0.0)
    assert watcher.look(now=2.0) == ()
    assert (folder / "letter.txt").exists()
    assert (folder / "fake.dcm").exists()
    assert not (tmp_path / "studies").exists() or not list((tmp_path / "studies").glob("[!.]*"))


def test_of_two_watchers_one_takes_a_file(folder: Path, tmp_path: Path) -> None:
    objects.saved(objects.study(20), folder)
    settings = FolderSettings("Exchange", str(folder), settle_s=1)
    watchers = [Watcher(settings, tmp_path / "studies") for _ in range(2)]
    for watcher in watchers:
        watcher.look(now=0.0)
    found: list = []
    both = [threading.Thread(target=lambda w=w: found.extend(w.look(now=5.0))) for w in watchers]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sum(len(one.files) for one in found) == 20


def test_what_finds_no_room_is_taken_later(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = objects.ultrasound()
    objects.saved([one], folder)
    watcher = Watcher(FolderSettings("Exchange", str(folder), settle_s=1), tmp_path / "studies")
    watcher.look(now=0.0)
    (tmp_path / "studies").write_text("no folder")
    with pytest.raises(ArchiveError, match="cannot be stored"):
        watcher.look(now=2.0)
    (tmp_path / "studies").unlink()
    (came,) = watcher.look(now=3.0)
    assert dcmread(came.files[0]) == one


def test_a_damaged_file_stays_and_holds_up_no_other(folder: Path, tmp_path: Path) -> None:
    (bad,) = objects.saved([objects.ultrasound()], folder)
    content = bad.read_bytes()
    at = content.index(b"\x20\x00\x0d\x00UI")  # the study's UID, of a kind that nobody knows
    bad.write_bytes(content[:at] + b"\x20\x00\x0d\x00Q?" + content[at + 6 :])
    good = objects.ultrasound()
    objects.saved([good], folder)
    watcher = Watcher(FolderSettings("Exchange", str(folder), settle_s=1), tmp_path / "studies")
    watcher.look(now=0.0)
    (came,) = watcher.look(now=2.0)
    assert came.folder.name == good.StudyInstanceUID
    assert bad.exists()


def test_a_study_that_came_is_told_even_if_the_next_finds_no_room(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list = []
    objects.saved([objects.ultrasound(), objects.ultrasound()], folder)
    watcher = Watcher(FolderSettings("Exchange", str(folder), settle_s=1), tmp_path / "studies", told.append)
    real = Landing.publish

    def full(ground: Landing) -> object:
        if told:
            raise OSError(28, "No space left on device")
        return real(ground)

    watcher.look(now=0.0)
    monkeypatch.setattr(Landing, "publish", full)
    with pytest.raises(ArchiveError, match="cannot be stored"):
        watcher.look(now=2.0)
    assert len(told) == 1
    monkeypatch.undo()
    watcher.look(now=3.0)
    assert len({one.folder for one in told}) == 2


def test_what_a_killed_watcher_had_taken_is_finished_by_the_next(folder: Path, tmp_path: Path) -> None:
    one, arrived = objects.ultrasound(), threading.Event()
    objects.saved([one], folder / ".taken")
    watcher = Watcher(
        FolderSettings("Exchange", str(folder), settle_s=1), tmp_path / "studies", lambda came: arrived.set()
    )
    watcher.start()
    assert arrived.wait(120)
    watcher.stop()
    assert (tmp_path / "studies" / one.StudyInstanceUID).is_dir()
    assert list((folder / ".taken").iterdir()) == []


def test_watching_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="not there"):
        Watcher(FolderSettings("Exchange", str(tmp_path / "gone")), tmp_path).start()

"""Classic DICOM: what is asked, what comes back, and what is said when something goes wrong."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGLSLossless
from pynetdicom import AE, build_context

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable, Cancelled
from breastview.pacs import _retry, connect
from breastview.pacs._association import association
from breastview.pacs._protocol import Address, Archive, Level, Query
from breastview.pacs.configuration import DimseSettings, ListenerSettings, Tls
from breastview.task import SilentTask
from tests.pacs import certificates, objects, servers
from tests.pacs.servers import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "paused", lambda seconds, task: None)


def opened(settings: DimseSettings) -> Archive:
    return connect.archive(settings, ListenerSettings(port=servers.free_port()))


def test_an_archive_that_is_there_answers(server: Server) -> None:
    assert opened(server.settings()).echo().seconds >= 0


def test_what_is_asked_for_is_what_dicom_calls_it(server: Server) -> None:
    query = Query(
        patient_name="Mül An", patient_id="7", birth_date=date(1970, 1, 2), study_from=date(2024, 1, 1),
        study_to=date(2024, 2, 3), modality="US", accession_number="A*", description="links",
    )  # fmt: skip
    assert list(opened(server.settings()).find(query)) == []
    (asked,) = server.asked
    assert asked.QueryRetrieveLevel == "STUDY"
    assert (asked.PatientName, asked.PatientID, asked.PatientBirthDate) == ("Mül*An*", "7", "19700102")
    assert (asked.StudyDate, asked.ModalitiesInStudy) == ("20240101-20240203", "US")
    assert (asked.AccessionNumber, asked.StudyDescription) == ("A*", "*links*")
    assert asked.SpecificCharacterSet == "ISO_IR 192"


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2024, 1, 1), None, "20240101-"), (None, date(2024, 1, 1), "-20240101"),
        (date(2024, 1, 1), date(2024, 1, 1), "20240101"),
    ],
)  # fmt: skip
def test_days_are_written_as_ranges(
    server: Server, first: date | None, last: date | None, written: str
) -> None:
    list(opened(server.settings()).find(Query(study_from=first, study_to=last)))
    assert server.asked[0].StudyDate == written


def test_rows_hold_what_the_archive_tells_in_its_own_character_set(server: Server) -> None:
    one = objects.ultrasound(name="Иванова^Анна", ModalitiesInStudy=["US", "SR"])
    one.SpecificCharacterSet = "ISO_IR 144"
    one.NumberOfStudyRelatedInstances = 3
    server.answers = [one]
    (row,) = opened(server.settings()).find(Query())
    assert row.patient_name == "Иванова^Анна"
    assert row.address == Address(one.StudyInstanceUID)
    assert (row.modalities, row.objects, row.series) == (("US", "SR"), 3, None)
    assert (row.study_date, row.study_time) == (date(2024, 3, 5), "10:11:12")


def test_damaged_answers_are_rows_with_empty_fields(server: Server) -> None:
    one = objects.ultrasound(StudyDate="yesterday"[:8], StudyTime="")
    one.NumberOfStudyRelatedInstances = None
    server.answers = [one]
    (row,) = opened(server.settings()).find(Query())
    assert (row.study_date, row.study_time, row.objects) == (None, "", None)


def test_an_archive_that_passes_over_the_modality_is_helped(server: Server) -> None:
    server.answers = [objects.ultrasound(ModalitiesInStudy=kind) for kind in ("US", "MG")]
    assert [row.modalities for row in opened(server.settings()).find(Query(modality="MG"))] == [("MG",)]


def test_no_more_rows_than_wanted_are_taken_and_the_archive_is_told(server: Server) -> None:
    server.answers = [objects.ultrasound() for _ in range(50)]
    assert len(list(opened(server.settings()).find(Query(limit=3)))) == 3


def test_finding_too_much_is_a_sentence(server: Server) -> None:
    server.find_status = 0xA700
    with pytest.raises(ArchiveRefused, match="finds too much"):
        list(opened(server.settings()).find(Query()))


def test_a_study_is_fetched_into_a_folder_of_its_own_and_equals_the_original(
    server: Server, tmp_path: Path
) -> None:
    server.answers = study = objects.study(4)
    came = opened(server.settings()).retrieve(Address(study[0].StudyInstanceUID), tmp_path / "studies")
    assert came.folder == tmp_path / "studies" / study[0].StudyInstanceUID
    assert {dcmread(file).SOPInstanceUID: dcmread(file) for file in came.files} == {
        one.SOPInstanceUID: one for one in study
    }
    assert [one.name for one in (tmp_path / "studies").iterdir()] == [came.folder.name]


def test_a_series_completes_a_study_that_lies_there(server: Server, tmp_path: Path) -> None:
    first, second = objects.ultrasound(), objects.ultrasound()
    second.StudyInstanceUID = first.StudyInstanceUID
    archive, address = opened(server.settings()), Address(first.StudyInstanceUID)
    server.answers = [first]
    archive.retrieve(address, tmp_path)
    server.answers = [second]
    came = archive.retrieve(address, tmp_path)
    assert len(came.files) == 1
    assert len(list(came.folder.iterdir())) == 2


def test_a_fetch_that_breaks_is_tried_again_and_nothing_is_half_stored(
    server: Server, tmp_path: Path
) -> None:
    server.answers = study = objects.study(4)
    breaks = iter([study[2].SOPInstanceUID])
    broken_at: list[str] = []

    def break_once(uid: str) -> None:
        assert list(tmp_path.glob("[!.]*")) == [], "a part of the study was seen"
        if uid == study[2].SOPInstanceUID and next(breaks, None):
            broken_at.append(uid)
            for one in server._server.active_associations:
                one.abort()

    server.before_storing = break_once
    came = opened(server.settings()).retrieve(Address(study[0].StudyInstanceUID), tmp_path)
    assert broken_at
    assert len(came.files) == 4


def test_a_fetch_that_keeps_breaking_leaves_nothing(server: Server, tmp_path: Path) -> None:
    server.answers = study = objects.study(3)

    def broken(uid: str) -> None:
        for one in server._server.active_associations:
            one.abort()

    server.before_storing = broken
    with pytest.raises(ArchiveUnreachable, match="Test: the connection broke"):
        opened(server.settings(attempts=2)).retrieve(Address(study[0].StudyInstanceUID), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_kind_of_object_that_nobody_expects_comes_too(server: Server, tmp_path: Path) -> None:
    study = objects.study(2)
    rare = study[1]
    rare.SOPClassUID = rare.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.481.1"  # RT image
    server.answers = study
    came = opened(server.settings()).retrieve(Address(study[0].StudyInstanceUID), tmp_path)
    assert {str(dcmread(file).SOPClassUID) for file in came.files} == {str(one.SOPClassUID) for one in study}


def test_a_cancelled_fetch_leaves_nothing(server: Server, tmp_path: Path) -> None:
    server.answers = study = objects.study(5)
    task = SilentTask()

    def cancel(uid: str) -> None:
        if uid == study[2].SOPInstanceUID:
            task.cancel()

    server.before_storing = cancel
    with pytest.raises(Cancelled):
        opened(server.settings()).retrieve(Address(study[0].StudyInstanceUID), tmp_path, task)
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_is_not_there_is_a_sentence(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused, match="sent nothing"):
        opened(server.settings()).retrieve(Address("1.2.3"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_is_a_sentence(server: Server, tmp_path: Path) -> None:
    server.answers = study = objects.study(2)
    (tmp_path / "file").write_text("no folder")
    address = Address(study[0].StudyInstanceUID)
    with pytest.raises(ArchiveRefused, match="Test: what it sends cannot be stored here"):
        opened(server.settings()).retrieve(address, tmp_path / "file")

    def full(*arguments: object, **options: object) -> Path:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(ArchiveRefused, match="no space left"):
        patch.setattr("breastview.pacs._landing.written", full)
        opened(server.settings()).retrieve(address, tmp_path / "studies")
    assert list((tmp_path / "studies").iterdir()) == []


def test_an_answer_is_taken_by_nobody_but_who_waits_for_it(server: Server) -> None:
    # The library's own thread looks without waiting, and now and then at the wrong moment.
    with association(server.settings(), [("1.2.840.10008.1.1", ("1.2.840.10008.1.2",))]) as opened_one:
        opened_one._reactor_checkpoint.clear()
        opened_one.dimse.msg_queue.put((1, "answer"))
        assert opened_one.dimse.get_msg() == (None, None)
        assert opened_one.dimse.get_msg(block=True) == (1, "answer")
        opened_one._reactor_checkpoint.set()


def test_uids_from_outside_never_name_a_place_outside(server: Server, tmp_path: Path) -> None:
    one = objects.ultrasound()
    server.answers = [one]
    from breastview.pacs._landing import plain

    assert "/" not in plain("../../etc/passwd")
    assert plain("1.2..3/..") != "1.2..3/.."
    assert plain(one.SOPInstanceUID) == one.SOPInstanceUID


def test_objects_are_sent_each_with_its_answer(server: Server, tmp_path: Path) -> None:
    study = objects.study(3)
    server.before_storing = lambda uid: 0xA700 if uid == study[1].SOPInstanceUID else None
    files = objects.saved(study[:2], tmp_path)
    answers = list(opened(server.settings()).send([*files, study[2]]))
    assert [answer.instance for answer in answers] == [one.SOPInstanceUID for one in study]
    assert [answer.stored for answer in answers] == [True, False, True]
    assert not answers[1].final
    assert "space" in answers[1].reason
    assert server.objects[study[0].SOPInstanceUID] == study[0]


@pytest.mark.parametrize(
    ("status", "stored", "final"),
    [(0x0111, True, False), (0xB000, True, False), (0xA900, False, True), (0xC123, False, True)],
)
def test_the_archives_verdict_is_understood(server: Server, status: int, stored: bool, final: bool) -> None:
    server.before_storing = lambda uid: status
    (answer,) = opened(server.settings()).send([objects.ultrasound()])
    assert (answer.stored, answer.final) == (stored, final)


def test_a_kind_that_is_not_taken_fails_alone() -> None:
    taken, other = objects.ultrasound(), objects.ultrasound()
    other.SOPClassUID = other.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.66.4"
    with serving(storage=[build_context(objects.ULTRASOUND)]) as server:
        first, second = opened(server.settings()).send([taken, other])
    assert first.stored
    assert not second.stored
    assert second.final
    assert "Segmentation" in second.reason


def test_an_uncompressed_object_is_sent_in_the_syntax_that_is_taken() -> None:
    one = objects.ultrasound()
    with serving(storage=[]) as server:
        server.stop()
        ae = AE(servers.TITLE)
        ae.add_supported_context(objects.ULTRASOUND, ImplicitVRLittleEndian)
        server.start(ae=ae, storage=[])
        (answer,) = opened(server.settings()).send([one])
    assert answer.stored
    assert server.syntaxes[one.SOPInstanceUID] == ImplicitVRLittleEndian
    assert one.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian, "the caller's object was changed"
    assert server.objects[one.SOPInstanceUID].PixelData == one.PixelData


def test_a_compressed_object_that_cannot_be_taken_as_it_is_is_said_to_be(server: Server) -> None:
    one = objects.ultrasound()
    one.file_meta.TransferSyntaxUID = JPEGLSLossless
    from pydicom.encaps import encapsulate

    one.PixelData = encapsulate([b"\xff\xd8\xff\xd9"])
    one["PixelData"].is_undefined_length = True
    (answer,) = opened(server.settings()).send([one])
    assert not answer.stored
    assert answer.final


def test_nobody_there_wrong_names_and_wrong_titles_are_told_apart(server: Server) -> None:
    def said(**changes: object) -> str:
        with pytest.raises(ArchiveError) as error:
            opened(server.settings(**changes)).echo()
        assert str(error.value).startswith("Test: ")
        assert error.value.remedy
        return error.value.what

    assert "not called “WRONG”" in said(called="WRONG")
    assert "nobody answers" in said(port=servers.free_port())
    assert "no machine is called" in said(host="no-such-host.invalid")
    server.stop()
    ae = AE(servers.TITLE)
    ae.require_calling_aet = ["SOMEBODY"]
    server.start(ae=ae)
    assert "does not know “BREASTVIEW”" in said()


def test_a_server_of_another_kind_is_recognised() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        done = threading.Event()

        def answer() -> None:
            while not done.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(60)
                    connection.recv(1 << 16)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    with suppress(OSError):  # closed with bytes unread it would be a reset, not an answer
                        while connection.recv(1 << 16):
                            pass

        threading.Thread(target=answer, daemon=True).start()
        settings = DimseSettings("Test", "127.0.0.1", listening.getsockname()[1], "X", timeout_s=3)
        with pytest.raises(ArchiveUnreachable, match="not as a DICOM archive"):
            opened(settings).echo()
        done.set()


def test_tls_with_certificates_on_both_sides(tmp_path: Path) -> None:
    papers, strangers = certificates.made(tmp_path / "a"), certificates.made(tmp_path / "b")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(papers.authority))
    context.load_cert_chain(papers.certificate, papers.key)
    context.verify_mode = ssl.CERT_REQUIRED
    mine = Tls(True, str(papers.authority), str(papers.certificate), str(papers.key))
    with serving(context=context) as server:
        settings = server.settings()
        assert opened(replace(settings, tls=mine)).echo()
        (answer,) = opened(replace(settings, tls=mine)).send([objects.ultrasound()])
        assert answer.stored
        with pytest.raises(ArchiveRefused, match="not to be trusted"):
            opened(replace(settings, tls=Tls(True, str(strangers.authority)))).echo()
        with pytest.raises(ArchiveRefused, match="no encrypted connection"):
            opened(replace(settings, tls=Tls(True, str(papers.authority)))).echo()
        with pytest.raises(ArchiveUnreachable, match="encrypted"):
            opened(settings).echo()


def test_unusable_certificates_and_settings_are_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pem"
    bad.write_text("no certificate")
    with pytest.raises(ArchiveRefused, match="certificates cannot be used"):
        opened(DimseSettings("Test", "127.0.0.1", 104, "X", tls=Tls(True, str(bad)))).echo()
    with pytest.raises(ArchiveRefused, match="host name"):
        opened(DimseSettings("Test"))


def test_levels_below_the_study_are_asked_within_it(server: Server) -> None:
    within = Address("1.2", "1.2.3", "1.2.3.4")
    archive = opened(server.settings())
    list(archive.find(Query(Level.SERIES, Address("1.2"), modality="US", description="x")))
    list(archive.find(Query(Level.IMAGE, within)))
    series, image = server.asked
    assert (series.StudyInstanceUID, series.Modality, series.SeriesDescription) == ("1.2", "US", "*x*")
    assert (image.SeriesInstanceUID, image.SOPInstanceUID) == ("1.2.3", "1.2.3.4")

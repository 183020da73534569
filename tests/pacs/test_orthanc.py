"""Against real archives: Debian's Orthanc with its DICOMweb plug-in, and dcmtk's storescp and storescu."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import connect
from breastview.pacs._protocol import Address, Archive, Level, Query, Sent
from breastview.pacs.configuration import DicomwebSettings, DimseSettings, ListenerSettings, Tls
from breastview.pacs.listener import Listener
from breastview.pacs.queue import Queue, State
from breastview.pacs.sender import Sender
from breastview.session import Session
from breastview.settings import Settings
from breastview.study.reading import Assessment
from tests import doubles, phantoms
from tests.pacs import certificates, objects, orthanc
from tests.pacs.orthanc import Orthanc

LISTENER = ListenerSettings(port=11113)
GET = DimseSettings("Orthanc", "127.0.0.1", orthanc.DICOM, "ORTHANC", attempts=1)
MOVE = replace(GET, fetch_by="move")
WEB = DicomwebSettings("Web", f"http://127.0.0.1:{orthanc.HTTP}/dicom-web", attempts=1)
WAYS = [GET, MOVE, WEB]


@pytest.fixture(scope="module", autouse=True)
def _network() -> Iterator[None]:
    orthanc.needed("Orthanc", "storescp")
    with orthanc.own_network():
        yield


@pytest.fixture(scope="module")
def server(_network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    one = Orthanc(tmp_path_factory.mktemp("orthanc"))
    one.start()
    yield one
    one.kill()


@pytest.fixture(scope="module")
def studies(server: Orthanc) -> dict[str, list[Dataset]]:
    """Three studies that the archive has."""
    found = {
        "russian": objects.study(3, name="Иванова^Анна", PatientID="R-1", StudyDate="20200115"),
        "german": objects.study(2, name="Müller^Eva", PatientID="G-1", StudyDate="20230601", Modality="MG"),
        "english": objects.study(
            2, name="Doe^Jane", PatientID="E-1", AccessionNumber="ACC7", StudyDescription="Breast left"
        ),
    }
    for study in found.values():
        assert all(answer.stored for answer in way(GET).send(study))
    return found


def way(settings: DimseSettings | DicomwebSettings) -> Archive:
    return connect.archive(settings, LISTENER)


def same(files: tuple[Path, ...], study: list[Dataset]) -> bool:
    """Return whether files hold these objects, element by element."""
    found = {str(one.SOPInstanceUID): one for one in map(dcmread, files)}
    return found == {str(one.SOPInstanceUID): one for one in study}


@pytest.mark.parametrize("settings", [GET, WEB], ids=["dimse", "dicomweb"])
@pytest.mark.parametrize(
    ("query", "who"),
    [
        (Query(patient_name="Иван"), {"russian"}), (Query(patient_name="иванова анна"), {"russian"}),
        (Query(patient_name="Петров"), set()), (Query(patient_name="Mül Ev"), {"german"}),
        (Query(patient_name="*oe^J?ne"), {"english"}),
        (Query(patient_id="?-1"), {"russian", "german", "english"}),
        (Query(study_from=date(2020, 1, 15), study_to=date(2023, 6, 1)), {"russian", "german"}),
        (Query(study_to=date(2020, 12, 31)), {"russian"}), (Query(study_from=date(2024, 1, 1)), {"english"}),
        (Query(modality="MG"), {"german"}), (Query(accession_number="ACC7"), {"english"}),
        (Query(description="east lef"), {"english"}), (Query(birth_date=date(1999, 1, 1)), set()),
        (Query(patient_id="E-1", modality="MG"), set()),
    ],
)  # fmt: skip
def test_studies_are_found(
    studies: dict[str, list[Dataset]], settings: DimseSettings | DicomwebSettings, query: Query, who: set[str]
) -> None:
    names = {study[0].StudyInstanceUID: name for name, study in studies.items()}
    rows = list(way(settings).find(query))
    assert {names[row.address.study] for row in rows if row.address.study in names} == who
    for row in rows:
        assert row.address.study not in names or row.objects == len(studies[names[row.address.study]])


@pytest.mark.parametrize("settings", [GET, WEB], ids=["dimse", "dicomweb"])
def test_series_and_objects_are_found(
    studies: dict[str, list[Dataset]], settings: DimseSettings | DicomwebSettings
) -> None:
    study, archive = studies["russian"], way(settings)
    (series,) = archive.find(Query(Level.SERIES, Address(study[0].StudyInstanceUID)))
    assert (series.objects, series.modalities, series.number) == (3, ("US",), 1)
    images = list(archive.find(Query(Level.IMAGE, series.address)))
    assert {row.address.instance for row in images} == {one.SOPInstanceUID for one in study}
    assert {row.sop_class for row in images} == {objects.ULTRASOUND}


@pytest.mark.parametrize("settings", WAYS, ids=["get", "move", "wado"])
def test_a_study_comes_back_as_it_was_sent(
    studies: dict[str, list[Dataset]], settings: DimseSettings | DicomwebSettings, tmp_path: Path
) -> None:
    study = studies["russian"]
    came = way(settings).retrieve(Address(study[0].StudyInstanceUID), tmp_path)
    assert same(came.files, study)
    assert [one.name for one in tmp_path.iterdir()] == [study[0].StudyInstanceUID]
    single = Address(study[1].StudyInstanceUID, study[1].SeriesInstanceUID, study[1].SOPInstanceUID)
    assert same(way(settings).retrieve(single, tmp_path / "one").files, study[1:2])


def test_a_study_is_moved_to_the_listener_that_runs(
    studies: dict[str, list[Dataset]], tmp_path: Path
) -> None:
    told = []
    with Listener(LISTENER, tmp_path / "pushed", told.append):
        study = studies["german"]
        came = way(MOVE).retrieve(Address(study[0].StudyInstanceUID), tmp_path / "fetched")
    assert same(came.files, study)
    assert told == []


@pytest.mark.parametrize("settings", WAYS, ids=["get", "move", "wado"])
def test_a_study_that_is_not_there_leaves_nothing(
    server: Orthanc, settings: DimseSettings | DicomwebSettings, tmp_path: Path
) -> None:
    with pytest.raises(ArchiveError):
        way(settings).retrieve(Address("1.2.3.4"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_compressed_picture_travels_as_it_is(server: Orthanc, tmp_path: Path) -> None:
    file = phantoms.compressed(tmp_path / "a.dcm", "jpeg", phantoms.speckle(), "MONOCHROME2")
    one = dcmread(file)
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID
    assert one.file_meta.TransferSyntaxUID.is_compressed
    assert all(answer.stored for answer in way(GET).send([file]))
    for settings in WAYS:
        came = way(settings).retrieve(Address(one.StudyInstanceUID), tmp_path / settings.name)
        again = dcmread(came.files[0])
        assert again.file_meta.TransferSyntaxUID == one.file_meta.TransferSyntaxUID
        assert again.PixelData == one.PixelData


@pytest.mark.parametrize("settings", [GET, WEB], ids=["dimse", "dicomweb"])
def test_a_reading_goes_out_and_comes_back_the_same(
    server: Orthanc, settings: DimseSettings | DicomwebSettings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from breastview.exporters._dicom_objects import objects as made_of
    from breastview.exporters._protocol import ExportOptions

    doubles.install(monkeypatch, tmp_path / "models")
    original = phantoms.us_grey(tmp_path / "scan" / "a.dcm")
    study = str(dcmread(original).StudyInstanceUID)
    assert all(answer.stored for answer in way(settings).send([original]))
    came = way(settings).retrieve(Address(study), tmp_path / "studies")
    with Session(Settings(), analyser_factory=doubles.Factory()) as session:
        (case,) = session.open([came.folder])
        analysis = session.analysis(case)
        session.assess(case, 0, Assessment(category="4A", notes="Знак", reader="Dr. Ö"))
        reading = session.recorded(case, 0, session.pixels(case), analysis)
        out = made_of([reading], ["seg", "sr", "epdf"], ExportOptions())
    assert {one.Modality for one in out} == {"SEG", "SR", "DOC"}
    queue = Queue(tmp_path / "outgoing")
    queue.put(settings.name, out)
    Sender(queue, lambda name: way(settings)).drain()
    assert queue.counts()[State.SENT] == len(out), [item.reason for item in queue.items()]
    queue.close()
    (row,) = [row for row in way(settings).find(Query(limit=1000)) if row.address.study == study]
    assert {"US", "SEG", "SR", "DOC"} <= set(row.modalities)
    again = way(settings).retrieve(Address(study), tmp_path / "again")
    derived = tuple(file for file in again.files if dcmread(file).Modality != "US")
    expected = [_read_back(one, tmp_path / "written") for one in out]
    assert same(derived, expected)


def _read_back(one: Dataset, folder: Path) -> Dataset:
    (file,) = objects.saved([one], folder)
    return dcmread(file)


def test_a_thousand_objects_are_sent_and_counted(server: Orthanc, tmp_path: Path) -> None:
    before, queue = server.count(), Queue(tmp_path / "outgoing")
    queue.put("Orthanc", objects.many(1000, tmp_path / "files"))
    began = time.monotonic()
    Sender(queue, lambda name: way(GET)).drain()
    print(f"{1000 / (time.monotonic() - began):.0f} objects a second")
    assert queue.counts()[State.SENT] == 1000
    assert server.count() == before + 1000
    queue.close()


def test_an_archive_killed_in_mid_transfer_has_everything_once_in_the_end(
    server: Orthanc, tmp_path: Path
) -> None:
    study = objects.study(40)
    before, tried = server.count(), []
    queue = Queue(tmp_path / "outgoing")
    queue.put("Orthanc", study)

    class Watched:
        """The archive, killed after fifteen answers."""

        name, real = "Orthanc", way(GET)
        find = real.find

        def send(self, files: list[Path], task: object = None) -> Iterator[Sent]:
            for count, answer in enumerate(self.real.send(files), 1):
                tried.append(answer.instance)
                yield answer
                if count == 15 and len(tried) == 15:
                    server.kill()

    sender = Sender(queue, lambda name: Watched())
    sender.drain()
    assert queue.counts()[State.SENT] == 15
    server.start()
    queue.again(item.identifier for item in queue.items(State.WAITING))
    sender.drain()
    assert queue.counts() == {State.WAITING: 0, State.SENDING: 0, State.SENT: 40, State.FAILED: 0}
    assert sorted(tried) == sorted(one.SOPInstanceUID for one in study), "each was answered once"
    assert server.count() == before + 40
    came = way(GET).retrieve(Address(study[0].StudyInstanceUID), tmp_path / "again")
    assert same(came.files, study)
    queue.close()


def test_wrong_titles_doors_and_addresses_are_sentences(server: Orthanc) -> None:
    assert way(GET).echo().seconds >= 0
    assert way(WEB).echo().seconds >= 0
    with pytest.raises(ArchiveRefused, match="is not called “WRONG”"):
        way(replace(GET, called="WRONG")).echo()
    with pytest.raises(ArchiveUnreachable, match="not as a DICOM archive"):
        way(replace(GET, port=orthanc.HTTP, timeout_s=3)).echo()
    with pytest.raises(ArchiveRefused, match="nothing at this address"):
        way(replace(WEB, url=WEB.url.replace("dicom-web", "dicom"))).echo()
    with pytest.raises(ArchiveUnreachable, match="nobody answers"):
        way(replace(WEB, url="http://127.0.0.1:1/dicom-web")).echo()
    with pytest.raises(ArchiveRefused, match="no encrypted connection"):
        way(replace(WEB, url=WEB.url.replace("http:", "https:"))).echo()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> certificates.Papers:
    return certificates.made(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def encrypted(
    _network: None, papers: certificates.Papers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """An archive with TLS and certificates on both sides for DIMSE, and behind a proxy for DICOMweb."""
    one = Orthanc(
        tmp_path_factory.mktemp("encrypted"),
        {
            "DicomPort": 14243, "HttpPort": 18043, "DicomTlsEnabled": True,
            "DicomTlsCertificate": str(papers.certificate), "DicomTlsPrivateKey": str(papers.key),
            "DicomTlsTrustedCertificates": str(papers.authority), "AuthenticationEnabled": True,
            "RegisteredUsers": {"reader": "hidden"},
        },
    )  # fmt: skip
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(papers.authority))
    context.load_cert_chain(papers.certificate, papers.key)
    context.verify_mode = ssl.CERT_REQUIRED
    one.start()
    with orthanc.encrypting(18044, 18043, context):
        yield
    one.kill()


SECURE_GET = replace(GET, port=14243)
SECURE_WEB = replace(WEB, url="https://127.0.0.1:18044/dicom-web", sign_in="basic", user="reader")


@pytest.mark.parametrize("settings", [SECURE_GET, SECURE_WEB], ids=["dimse", "dicomweb"])
def test_an_encrypted_archive(
    encrypted: None, papers: certificates.Papers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    settings: DimseSettings | DicomwebSettings,
) -> None:  # fmt: skip
    monkeypatch.setattr("breastview.pacs.credentials.secret", lambda name: "hidden")
    secure = replace(settings, tls=Tls(True, str(papers.authority), str(papers.certificate), str(papers.key)))
    study = objects.study(2)
    assert way(secure).echo()
    assert all(answer.stored for answer in way(secure).send(study))
    (row,) = way(secure).find(Query(within=Address(study[0].StudyInstanceUID)))
    assert same(way(secure).retrieve(row.address, tmp_path / "studies").files, study)
    strangers = certificates.made(tmp_path / "strangers")
    foreign = replace(secure.tls, ca_file=str(strangers.authority))
    with pytest.raises(ArchiveRefused, match="not to be trusted"):
        way(replace(secure, tls=foreign)).echo()
    with pytest.raises(ArchiveError, match="connection"):
        way(replace(secure, tls=Tls(True, str(papers.authority)))).echo()


def test_signing_in_with_another_name_is_refused(
    encrypted: None, papers: certificates.Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("breastview.pacs.credentials.secret", lambda name: "guessed")
    tls = Tls(True, str(papers.authority), str(papers.certificate), str(papers.key))
    with pytest.raises(ArchiveRefused, match="does not let us in"):
        way(replace(SECURE_WEB, tls=tls)).echo()


def test_dcmtk_takes_what_is_sent(tmp_path: Path) -> None:
    (tmp_path / "got").mkdir()
    receiver = subprocess.Popen(["storescp", "-od", str(tmp_path / "got"), "--accept-all", "+xa", "11112"])
    settings = DimseSettings("dcmtk", "127.0.0.1", 11112, "ANY", timeout_s=120)
    try:
        orthanc.answering(11112)
        file = phantoms.compressed(tmp_path / "a.dcm", "jpeg", phantoms.speckle(), "MONOCHROME2")
        study = [*objects.study(2), dcmread(file)]
        assert [answer.stored for answer in way(settings).send(study)] == [True] * 3
        with pytest.raises(ArchiveRefused, match="offers nothing"):
            list(way(settings).find(Query()))
    finally:
        receiver.kill()
        receiver.wait()
    assert same(tuple((tmp_path / "got").iterdir()), study)


def test_dcmtk_sends_to_the_listener(tmp_path: Path) -> None:
    study, told = objects.study(3), []
    files = objects.saved(study, tmp_path / "files")
    with Listener(LISTENER, tmp_path / "studies", told.append):
        call = ["storescu", "-aet", "US1", "127.0.0.1", str(LISTENER.port)]
        subprocess.run([*call, "-aec", LISTENER.title, *map(str, files)], check=True, timeout=240)
        end = time.monotonic() + 60
        while not told and time.monotonic() < end:
            time.sleep(0.02)
        assert same(told[0].files, study)
        stranger = subprocess.run([*call, "-aec", "WRONG", str(files[0])], capture_output=True, check=False)
        assert stranger.returncode != 0

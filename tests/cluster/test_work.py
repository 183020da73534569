"""What a worker does, without a cluster around it: plain data in, plain data out."""

from __future__ import annotations

import json
import logging
import multiprocessing
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from breastview import __version__, paths
from breastview.cluster import bundles, listing, sources, work
from breastview.cluster.listing import Listing, units
from breastview.cluster.sources import Listed
from breastview.errors import ArchiveError, BundleError, ClusterError
from breastview.pacs import configuration
from breastview.pacs.configuration import Archives, DicomwebSettings, FolderSettings
from breastview.settings import Settings
from breastview.store import Store
from breastview.store.batches import Batches, Item
from breastview.task import SilentTask
from tests import doubles, phantoms
from tests.cluster import stand_in
from tests.pacs import objects, orthanc

fsspec = pytest.importorskip("fsspec")
NAME = "Doe^Jane"


@pytest.fixture
def batches() -> Iterator[Batches]:
    store = Store()
    store.batches.begin(())
    yield store.batches
    store.close()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return doubles.install(monkeypatch, tmp_path / "models")


def job(source: sources.Source, items: list[Item], **changes: Any) -> dict[str, Any]:
    choice, _ = bundles.chosen(Settings())
    return {
        "version": __version__, "bundles": choice, "device": "cpu", "batch": 4, "analyser": stand_in.NAME,
        "patience": 60.0, "source": source.description,
        "items": [{"path": one.path, "label": one.label} for one in items],
    } | changes  # fmt: skip


def listed(source: sources.Source) -> list[Listed]:
    return list(source.listed(SilentTask()))


def archive(folder: Path) -> Path:
    phantoms.us_grey(folder / "jane" / "one.dcm", PatientName=NAME)
    phantoms.us_cine(folder / "jane" / "cine.dcm", frames=3, PatientName=NAME)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_folder_is_listed_and_analysed(tmp_path: Path, model: Path, batches: Batches) -> None:
    folder = archive(tmp_path / "archive")
    source = sources.source([str(folder)], batches)
    found = {one.item.label: one for one in listed(source)}
    assert set(found) == {"broken.png", "jane/one.dcm", "jane/cine.dcm"}
    assert found["broken.png"].refusal is not None and found["jane/cine.dcm"].item.frames == 3
    pictures = [one.item for one in found.values() if one.refusal is None]
    answer = work.analyse(job(source, pictures))
    one, cine = sorted(answer["results"], key=lambda result: len(result["rows"]))
    assert one["path"] == str(folder / "jane" / "one.dcm")
    assert [row["body"]["frame"] for row in cine["rows"]] == [0, 1, 2]
    assert cine["tally"] == {"frames": 3, "abstained": 0, "refused": 0, "failed": 0}
    assert one["bundles"] == [doubles.stamp_of(model).hash] and len(one["sha"]) == 64
    assert 0 < one["rows"][0]["body"]["p_malignant"] < 1
    assert json.dumps([row["body"] for row in cine["rows"]], allow_nan=False)


def test_an_object_store_is_listed_and_fetched(tmp_path: Path, model: Path, batches: Batches) -> None:
    folder = archive(tmp_path / "archive")
    store = fsspec.filesystem("memory")
    store.put(str(folder), "/breast/archive", recursive=True)
    store.pipe("/breast/archive/.hidden.dcm", b"nothing")
    try:
        source = sources.source(["memory://breast/archive"], batches)
        found = [one.item for one in listed(source)]
        assert {item.label for item in found} == {
            "broken.png", "notes.txt", "jane/one.dcm", "jane/cine.dcm"
        }  # fmt: skip
        gone = Item("memory:///breast/archive/gone.dcm", "gone.dcm", "")
        answer = work.analyse(job(source, [*found, gone]))
        rows = {one["path"].partition("archive/")[2]: one["rows"] for one in answer["results"]}
        assert [row["body"]["path"] for row in rows["jane/one.dcm"]] == [
            "memory:///breast/archive/jane/one.dcm"
        ]
        assert [row["body"]["frame"] for row in rows["jane/cine.dcm"]] == [0, 1, 2]
        assert "header" in rows["broken.png"][0]["body"]["error"]
        assert "not there any more" in rows["gone.dcm"][0]["body"]["error"]
        assert rows["notes.txt"] == []
        assert not list((paths.cache_folder() / "unpacked").iterdir())
    finally:
        store.rm("/breast", recursive=True)


def test_a_store_that_nothing_speaks_with_is_a_sentence(batches: Batches, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ClusterError, match=r"s3://\. Install s3fs"):
        sources.source(["s3://bucket/breast"], batches)
    with pytest.raises(ClusterError, match="no such kind"):
        sources.source(["nonsense://bucket"], batches)
    with pytest.raises(ClusterError, match="one source"):
        sources.source(["memory://a", "memory://b"], batches)


def test_a_zip_is_refused(tmp_path: Path, batches: Batches) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(ClusterError, match="ZIP"):
        sources.source([str(tmp_path / "a.zip")], batches)


def test_an_archive_of_the_settings_that_does_not_speak_dicomweb_is_refused(
    batches: Batches, tmp_path: Path
) -> None:
    configuration.save(Archives((FolderSettings("Shelf", str(tmp_path)),)))
    with pytest.raises(ClusterError, match="DICOMweb"):
        sources.source(["dicomweb:Shelf"], batches)
    with pytest.raises(ArchiveError, match="no archive"):
        sources.source(["dicomweb:Other"], batches)


def test_studies_of_an_archive_are_fetched_by_the_worker(
    tmp_path: Path, model: Path, batches: Batches
) -> None:
    orthanc.needed("Orthanc")
    with orthanc.own_network():
        server = orthanc.Orthanc(tmp_path / "orthanc")
        server.start()
        try:
            url = f"http://127.0.0.1:{orthanc.HTTP}/dicom-web"
            web = DicomwebSettings("Web", url, attempts=1)
            configuration.save(Archives((web,)))
            from breastview.pacs import connect

            sent = objects.study(2, name=NAME, Modality="US"), objects.study(1, name=NAME, Modality="CT")
            assert all(one.stored for study in sent for one in connect.named("Web").send(study))
            source = sources.source(["dicomweb:Web"], batches)
            (found,) = listed(source)
            assert found.item.path == f"dicomweb:Web/studies/{sent[0][0].StudyInstanceUID}"
            answer = work.analyse(job(source, [found.item]))
        finally:
            server.kill()
    (result,) = answer["results"]
    assert {row["body"]["path"] for row in result["rows"]} == {
        f"{found.item.path}/instances/{one.SOPInstanceUID}" for one in sent[0]
    }
    assert result["tally"]["frames"] == 2 and len(result["analyses"]) == 2
    trouble = work.analyse(job(source, [found.item]))
    assert "Web" in trouble["trouble"]


def test_what_is_wrong_with_a_worker_is_no_fault_of_a_picture(
    tmp_path: Path, model: Path, batches: Batches, caplog: pytest.LogCaptureFixture
) -> None:
    folder = archive(tmp_path / "archive")
    source = sources.source([str(folder)], batches)
    items = [one.item for one in listed(source)]
    assert "same on all" in work.analyse(job(source, items, version="0"))["trouble"]
    away = {"kind": "files", "roots": [str(tmp_path / "elsewhere")]}
    assert "Mount it" in work.analyse(job(source, items) | {"source": away})["trouble"]
    with caplog.at_level(logging.DEBUG):
        broken = work.analyse(job(source, items, analyser="tests.cluster.stand_in:nothing"))
    assert "AttributeError" in broken["trouble"]
    assert str(folder) not in broken["trouble"] + caplog.text


def test_a_kind_without_a_model_fails_with_its_sentence_and_the_others_go_on(
    tmp_path: Path, model: Path, batches: Batches
) -> None:
    phantoms.mammogram(tmp_path / "archive" / "mg.dcm")
    phantoms.us_grey(tmp_path / "archive" / "us.dcm")
    source = sources.source([str(tmp_path / "archive")], batches)
    answer = work.analyse(job(source, [one.item for one in listed(source)]))
    errors = {Path(one["path"]).name: one["rows"][0]["body"]["error"] for one in answer["results"]}
    assert errors["us.dcm"] == "" and "no model for mammograms" in errors["mg.dcm"]


def test_neighbours_go_together_and_no_study_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "UNIT", 4)
    monkeypatch.setattr(listing, "LARGEST", 8)

    def group(name: str, count: int, frames: int = 1) -> list[Listed]:
        return [Listed(Item(f"{name}{n}", "", "", frames), name) for n in range(count)]

    found = [*group("a", 3), *group("b", 3), *group("c", 1), *group("d", 10), *group("e", 1, frames=50)]
    assert ["".join(one.group for one in unit) for unit in units(iter(found))] == [
        "aaabbb", "cddddddd", "ddd", "e"
    ]  # fmt: skip


def test_a_file_that_was_moved_is_not_analysed_again(tmp_path: Path, model: Path, batches: Batches) -> None:
    folder = archive(tmp_path / "archive")
    choice, _ = bundles.chosen(Settings())

    def run() -> list[Item]:
        batches.begin(bundles.hashes(choice))
        source = sources.source([str(folder)], batches)
        with Listing(source, batches) as found:
            while not found.ended:
                time.sleep(0.01)
        assert found.error is None
        waiting = [item for unit in range(found.units) for item in batches.waiting(unit)]
        from breastview.cluster.run import _finished

        done = {one["path"]: one for one in work.analyse(job(source, waiting))["results"]}
        batches.finish(_finished(item, done[item.path]) for item in waiting)
        return waiting

    assert len(run()) == 2
    (folder / "jane").rename(folder / "joan")
    assert run() == []
    assert {Path(row["path"]).parent.name for row in batches.rows()} == {"archive", "joan"}


def test_a_bundle_that_is_shipped_is_verified(shared_bundle: Path) -> None:
    files = bundles.packed(shared_bundle)
    stamp = doubles.stamp_of(shared_bundle)
    assert "another bundle" in bundles.take("0" * 12, files)
    assert "no folders" in bundles.take(stamp.hash, {"../x": b""})
    assert bundles.take(stamp.hash, files | {"weights.npz": b"tampered"})
    assert bundles.Here({"US": ("0" * 12,)}).missing == ["0" * 12]
    assert bundles.take(stamp.hash, files) == ""
    assert bundles.take(stamp.hash, files) == ""
    here = bundles.Here({"US": (stamp.hash,), "MG": ("no model", "", "Install one.")})
    assert here.missing == [] and here.choose("", "").stamp == stamp
    with pytest.raises(BundleError, match="no model"):
        here.choose("", "MG")


@pytest.fixture
def shared_bundle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the application's own bundle, which is not installed on this worker."""
    folder = paths.models() / "us-attentive-3"
    monkeypatch.setenv("BREASTVIEW_MODELS", str(tmp_path / "none"))
    return folder


def test_a_worker_that_hangs_ends_itself() -> None:
    process = multiprocessing.get_context("spawn").Process(target=_hang)
    process.start()
    process.join(120)
    assert process.exitcode not in (None, 0)


def _hang() -> None:
    work._wait_at_most(0.2)
    time.sleep(600)

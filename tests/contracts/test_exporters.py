"""What every exporter promises; a new one is tested by being there."""

from __future__ import annotations

import os
import subprocess

import pytest

from breastview import registry
from breastview.errors import Cancelled, ExportError
from breastview.exporters._protocol import ExportOptions, StreamingExporter
from breastview.task import SilentTask
from tests.exporters import phantom

NAMES = registry.names("breastview.exporters")
MADE = ("pdf", "csv", "json", "masks", "png", "seg", "sr", "sc", "gsps", "ko", "epdf", "fhir")


class Counting(SilentTask):
    def __init__(self):
        super().__init__()
        self.calls: list[tuple[int, int | None]] = []

    def progress(self, done, total, text=""):
        self.calls.append((done, total))


@pytest.fixture(params=NAMES)
def exporter(request):
    return registry.load("breastview.exporters", request.param).EXPORTER


def export(exporter, records, folder, task=None):
    return exporter.export(records, destination(exporter, folder), task or SilentTask(), ExportOptions())


def destination(exporter, folder):
    return folder / ("out" if exporter.name == "masks" else f"out{exporter.suffix}")


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_exporters_are_there():
    assert set(MADE) <= set(NAMES)


def test_its_name_is_its_modules_name_and_it_has_a_title(exporter):
    assert exporter.name in NAMES
    assert exporter.title and exporter.suffix.startswith(".")


def test_it_writes_what_it_says_it_wrote_and_nothing_else(exporter, tmp_path, qapp):
    frames = [phantom.reading(), phantom.refused(), phantom.failed(), phantom.uncalibrated()]
    records = [*frames, phantom.mammogram(), phantom.histology(), phantom.REFUSAL]
    task = Counting()
    written = export(exporter, records, tmp_path, task)
    assert sorted(written) == sorted(files(tmp_path))
    assert written and all(path.suffix == exporter.suffix and path.stat().st_size for path in written)
    assert task.calls[-1] == (7, 7)


def test_it_takes_readings_one_by_one(exporter, tmp_path, qapp):
    given = (r for r in (phantom.reading(), phantom.uncalibrated()))
    assert export(exporter, given, tmp_path)


def test_a_cancelled_task_writes_nothing(exporter, tmp_path, qapp):
    task = SilentTask()
    task.cancel()
    with pytest.raises(Cancelled):
        export(exporter, [phantom.reading()], tmp_path, task)
    assert not files(tmp_path)


def test_a_place_that_cannot_be_written_is_a_sentence(exporter, tmp_path, qapp):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError) as caught:
        export(exporter, [phantom.reading()], tmp_path / "file")
    assert caught.value.remedy and "Traceback" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_leaves_nothing_under_a_final_name(exporter, tmp_path, qapp):
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k,nr_inodes=16", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a tmpfs")
    try:
        (tmp_path / "ballast").write_bytes(bytes(4096))
        with pytest.raises(ExportError, match="could not be written"):
            export(exporter, [phantom.reading()], tmp_path)
        assert [path.name for path in files(tmp_path)] == ["ballast"]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_streaming_ones_take_their_name_only_at_the_end(exporter, tmp_path):
    if not isinstance(exporter, StreamingExporter):
        pytest.skip("it needs all records before it can write")
    opened = exporter.writing(destination(exporter, tmp_path), ExportOptions())
    with pytest.raises(RuntimeError), opened as add:
        add(phantom.REFUSAL)
        raise RuntimeError("the batch broke off")
    assert not files(tmp_path)

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.errors import Cancelled, ExportError
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.masks import EXPORTER
from breastview.task import SilentTask
from tests.exporters import phantom


def exported(records, folder: Path) -> list[str]:
    written = EXPORTER.export(records, folder, SilentTask(), ExportOptions())
    return [str(path.relative_to(folder)) for path in written]


def named(label: str, **changes: object):
    return phantom.reading(instance=phantom.instance(label=label, **changes))


def test_a_mask_is_0_and_255_at_the_originals_size_and_place(tmp_path):
    assert exported([named("a/b c/scan.dcm")], tmp_path) == ["a/b c/scan_mask.png"]
    mask = cv2.imread(str(tmp_path / "a/b c/scan_mask.png"), cv2.IMREAD_UNCHANGED)
    assert mask.dtype == np.uint8 and mask.shape == (phantom.ROWS, phantom.COLUMNS)
    assert set(np.unique(mask)) == {0, 255}
    assert np.array_equal(mask == 255, phantom.ellipse())


def test_two_pictures_of_one_name_do_not_overwrite_each_other(tmp_path):
    records = [named("s/x.png"), named("s/x.dcm"), named("s/X.png", path=Path("/other/X.png"))]
    files = exported(records, tmp_path)
    assert files[:2] == ["s/x_mask.png", "s/x.dcm_mask.png"]
    assert len({name.casefold() for name in files}) == 3


def test_frames_are_numbered_from_one(tmp_path):
    cine = phantom.instance(label="cine.dcm", frames=30)
    records = [phantom.reading(instance=cine, frame=frame) for frame in (0, 11)]
    assert exported(records, tmp_path) == ["cine_frame001_mask.png", "cine_frame012_mask.png"]


@pytest.mark.parametrize("label", ["../../escape.png", "/etc/passwd.png", "..\\up.png", "a/../../up.png"])
def test_no_label_leads_out_of_the_folder(tmp_path, label):
    folder = tmp_path / "deep" / "out"
    (path,) = EXPORTER.export([named(label)], folder, SilentTask(), ExportOptions())
    assert path.resolve().is_relative_to(folder.resolve())


def test_without_an_answer_there_is_no_mask(tmp_path):
    assert exported([phantom.refused(), phantom.failed(), phantom.REFUSAL], tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_cancelling_stops_at_the_next_picture(tmp_path):
    task = SilentTask()

    def stopping():
        yield named("a.png")
        task.cancel()
        yield named("b.png")

    with pytest.raises(Cancelled):
        EXPORTER.export(stopping(), tmp_path, task, ExportOptions())
    assert [path.name for path in tmp_path.iterdir()] == ["a_mask.png"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_leaves_no_half_mask(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a tmpfs")
    try:
        (tmp_path / "ballast").write_bytes(bytes(12 * 1024))
        noisy = phantom.analysis(mask=np.random.default_rng(0).random((phantom.ROWS, phantom.COLUMNS)) > 0.5)
        with pytest.raises(ExportError, match="could not be written"):
            exported([phantom.reading(analysis=noisy)], tmp_path)
        assert not list(tmp_path.rglob("*.png"))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)

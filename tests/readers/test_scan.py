"""Opening files, folders, DICOMDIRs: every file once, in order, with a sentence where it is no case."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage, generate_uid

from breastview.errors import Cancelled
from breastview.readers.scan import scan
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.tree import grouped
from breastview.task import SilentTask
from tests import phantoms


def entries(*sources: Path) -> list[Entry]:
    return list(scan(sources, SilentTask()))


def labels(*sources: Path) -> list[str]:
    return [entry.label for entry in entries(*sources)]


def reason(entry: Entry) -> str:
    assert isinstance(entry, Refusal)
    return entry.reason


def test_a_folder_is_walked_in_natural_order_with_labels_relative_to_it(tmp_path: Path) -> None:
    for name in ("b (10).png", "b (9).png", "inner/a.dcm", "inner/deep/c.jpg"):
        path = tmp_path / name
        phantoms.us_grey(path) if name.endswith("dcm") else phantoms.picture(path)
    assert labels(tmp_path) == ["b (9).png", "b (10).png", "inner/a.dcm", "inner/deep/c.jpg"]


def test_entries_stream_before_the_walk_is_over(tmp_path: Path) -> None:
    for number in range(5):
        phantoms.picture(tmp_path / f"{number}.png")
    stream = scan([tmp_path], SilentTask())
    first = next(stream)
    (tmp_path / "3.png").unlink()
    rest = list(stream)
    assert first.label == "0.png"
    assert [type(entry) for entry in rest] == [Instance, Instance, Refusal, Instance]
    assert "cannot be read (no such file" in reason(rest[2])


def test_what_is_plainly_no_picture_is_passed_over_in_folders_only(tmp_path: Path) -> None:
    for name in ("notes.txt", "list.csv", ".hidden.png", "Thumbs.db", "README"):
        (tmp_path / name).write_text("nothing to see")
    assert entries(tmp_path) == []
    (one,) = entries(tmp_path / "notes.txt")
    assert "no picture that can be shown" in reason(one)


def test_damaged_pictures_are_refused_by_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    phantoms.picture(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "c.dcm").write_bytes(b"rubbish" * 100)
    phantoms.picture(tmp_path / "d.png")
    found = entries(tmp_path)
    assert [type(entry) for entry in found] == [Instance, Refusal, Refusal, Instance]
    assert reason(found[1]) == "The file is empty. Copy it again from its source."
    assert reason(found[2]) == "This is not a DICOM file."


def test_dicom_without_suffix_is_found(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "IM_0001")
    phantoms.without_meta(phantoms.us_grey(tmp_path / "IM_0002"))
    assert [type(entry) for entry in entries(tmp_path)] == [Instance, Instance]


def test_files_given_twice_come_once(tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png")
    assert labels(path, tmp_path, path, tmp_path) == ["a.png"]


def test_masks_of_a_busi_folder_are_truth_and_no_cases(tmp_path: Path) -> None:
    phantoms.busi_folder(tmp_path)
    found = entries(tmp_path)
    assert [entry.label for entry in found] == ["benign/benign (2).png", "benign/benign (10).png"]
    first, second = found
    assert isinstance(first, Instance) and isinstance(second, Instance)
    assert [mask.name for mask in first.truth] == ["benign (2)_mask.png", "benign (2)_mask_1.png"]
    assert [mask.name for mask in second.truth] == ["benign (10)_mask.png"]


def test_a_single_picture_brings_its_mask(tmp_path: Path) -> None:
    phantoms.busi_folder(tmp_path)
    (found,) = entries(tmp_path / "benign" / "benign (10).png")
    assert isinstance(found, Instance)
    assert len(found.truth) == 1


def test_masks_in_a_parallel_folder_are_truth(tmp_path: Path) -> None:
    phantoms.picture(tmp_path / "images" / "benign" / "x.jpg")
    mask = phantoms.picture(tmp_path / "masks" / "benign" / "x.png", phantoms.lesion())
    phantoms.picture(tmp_path / "masks" / "benign" / "lost.png", phantoms.lesion())
    found = entries(tmp_path)
    assert [entry.label for entry in found] == ["images/benign/x.jpg", "masks/benign/lost.png"]
    assert isinstance(found[0], Instance)
    assert found[0].truth == (mask,)
    assert "its picture is not there" in reason(found[1])
    assert isinstance(entries(tmp_path / "images" / "benign")[0], Instance)


def test_a_mask_without_its_picture_or_opened_alone_says_so(tmp_path: Path) -> None:
    phantoms.busi_folder(tmp_path)
    alone = entries(tmp_path / "benign" / "benign (10)_mask.png")
    assert "Open the picture" in reason(alone[0])
    (tmp_path / "benign" / "benign (10).png").unlink()
    assert "its picture is not there" in reason(entries(tmp_path)[1])


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    phantoms.picture(tmp_path / "a" / "x.png")
    (tmp_path / "a" / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.png").symlink_to(tmp_path / "nowhere.png")
    found = entries(tmp_path)
    assert [(entry.label, type(entry)) for entry in found] == [("broken.png", Refusal), ("a/x.png", Instance)]


def test_what_is_not_there_or_no_file_is_a_sentence(tmp_path: Path) -> None:
    (gone,) = entries(tmp_path / "gone")
    assert "not there any more" in reason(gone)
    (unreachable,) = entries(tmp_path / ("long" * 100))
    assert "cannot be reached" in reason(unreachable)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are a matter of POSIX")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (one,) = entries(tmp_path / "pipe")
    assert "neither a file nor a folder" in reason(one)
    assert entries(tmp_path) == []


def test_a_folder_that_cannot_be_read_is_refused_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phantoms.picture(tmp_path / "locked" / "a.png")
    phantoms.picture(tmp_path / "open" / "b.png")
    real = os.scandir

    def guarded(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = entries(tmp_path)
    assert [entry.label for entry in found] == ["locked", "open/b.png"]
    assert reason(found[0]) == "The folder cannot be read (permission denied)."


def test_cancelling_stops_before_the_next_file(tmp_path: Path) -> None:
    for number in range(5):
        phantoms.picture(tmp_path / f"{number}.png")
    task = SilentTask()
    stream = scan([tmp_path], task)
    next(stream)
    task.cancel()
    with pytest.raises(Cancelled):
        next(stream)


def test_progress_counts_the_files(tmp_path: Path) -> None:
    class Watched(SilentTask):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[tuple[int, str]] = []

        def progress(self, done: int, total: int | None, text: str = "") -> None:
            self.seen.append((done, text))

    for number in range(3):
        phantoms.picture(tmp_path / f"{number}.png")
    task = Watched()
    list(scan([tmp_path], task))
    assert task.seen == [(1, "0.png"), (2, "1.png"), (3, "2.png")]


def test_dicom_files_group_into_studies_and_series(tmp_path: Path) -> None:
    study, one, two = generate_uid(), generate_uid(), generate_uid()
    for number, series in ((2, one), (1, one), (1, two)):
        phantoms.us_grey(
            tmp_path / f"{series[-4:]}-{number}.dcm", StudyInstanceUID=study, SeriesInstanceUID=series,
            SeriesNumber=1 if series == one else 2, InstanceNumber=number,
        )  # fmt: skip
    (found,) = grouped(entry for entry in entries(tmp_path) if isinstance(entry, Instance))
    assert found.info.uid == study
    assert [[instance.number for instance in series.instances] for series in found.series] == [[1, 2], [1]]


def dicomdir(folder: Path, names: list[list[str]], levels: tuple[str, ...] = ()) -> Path:
    """Write a DICOMDIR that lists files by the parts of their names, below entries without files."""
    root = Dataset()
    records = []
    for level in levels:
        record = Dataset()
        record.DirectoryRecordType = level
        records.append(record)
    for parts in names:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = parts
        records.append(record)
    root.DirectoryRecordSequence = Sequence(records)
    root.file_meta = FileMetaDataset()
    root.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    root.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    root.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dcmwrite(folder / "DICOMDIR", root, enforce_file_format=True)
    return folder / "DICOMDIR"


def test_dicomdir_opens_what_it_lists_and_nothing_outside(tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    phantoms.us_grey(disc / "DATA" / "IM1")
    phantoms.us_grey(disc / "data2" / "im2")
    phantoms.us_grey(disc / "UNLISTED")
    phantoms.us_grey(tmp_path / "SECRET")
    path = dicomdir(disc, [["DATA", "IM1"], ["DATA2", "IM2"], ["DATA", "LOST"], ["..", "SECRET"]])
    found = entries(path)
    assert [(entry.label, type(entry)) for entry in found] == [
        ("DATA/IM1", Instance), ("data2/im2", Instance), ("DATA/LOST", Refusal), ("DICOMDIR", Refusal),
    ]  # fmt: skip
    assert "not on the medium" in reason(found[2])
    assert reason(found[3]).startswith(
        "Some of its entries (1 of 4) are damaged or name no file of its folder."
    )


def test_folder_with_a_dicomdir_is_walked_without_listing_it(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "DATA" / "IM1")
    dicomdir(tmp_path, [["DATA", "IM1"]])
    assert labels(tmp_path) == ["DATA/IM1"]


def test_dicomdir_under_another_name_says_what_it_is(tmp_path: Path) -> None:
    renamed = dicomdir(tmp_path, []).rename(tmp_path / "contents.dcm")
    assert "contents of a medium" in reason(entries(renamed)[0])


def test_damaged_dicomdir_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "DICOMDIR").write_bytes(b"nonsense" * 50)
    (one,) = entries(tmp_path / "DICOMDIR")
    assert "not a DICOM file" in reason(one)


def test_dicomdir_that_lists_nothing_says_so_and_what_to_do(tmp_path: Path) -> None:
    (one,) = entries(dicomdir(tmp_path, []))
    assert one.label == "DICOMDIR"
    assert reason(one) == (
        "It lists no file of its folder, so it is damaged or empty. "
        "Open its folder instead; the pictures in it are found without this list."
    )


def test_dicomdir_with_an_entry_that_lost_its_file_opens_the_rest_and_counts_it(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "DATA" / "IM1")
    path = dicomdir(tmp_path, [["DATA", "IM1"], ["DATA", "IM2"]])
    # The tag of the second Referenced File ID becomes a private one.
    before, tag, after = path.read_bytes().rpartition(b"\x04\x00\x00\x15")
    path.write_bytes(before + b"\x05\x00\x00\x15" + after)
    found = entries(path)
    assert [(entry.label, type(entry)) for entry in found] == [("DATA/IM1", Instance), ("DICOMDIR", Refusal)]
    assert tag and "Some of its entries (1 of 2) are damaged" in reason(found[1])


def test_dicomdir_does_not_follow_names_that_are_paths_or_that_no_disk_takes(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "disc" / "IM1")
    outside = phantoms.us_grey(tmp_path / "SECRET").as_posix()
    names = [["IM1"], [outside], ["../SECRET"], ["I\0M"], ["X" * 300]]
    *listed, lost = entries(dicomdir(tmp_path / "disc", names))
    assert [(entry.label, type(entry)) for entry in listed] == [("IM1", Instance), ("X" * 300, Refusal)]
    assert "not on the medium" in reason(listed[1])
    assert "(3 of 5)" in reason(lost)


def test_the_levels_of_a_dicomdir_need_no_file(tmp_path: Path) -> None:
    phantoms.us_grey(tmp_path / "DATA" / "IM1")
    path = dicomdir(tmp_path, [["DATA", "IM1"]], levels=("PATIENT", "STUDY", "SERIES"))
    assert labels(path) == ["DATA/IM1"]


def test_archives_in_a_folder_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "more.zip").write_bytes(b"PK\x03\x04")
    assert "Open a ZIP by itself" in reason(entries(tmp_path)[0])


def test_scanning_loads_no_decoder_before_a_file_wants_it() -> None:
    heavy = {"pydicom", "cv2", "PIL", "imagecodecs", "tensorflow", "PySide6"}
    script = "import sys, breastview.readers.scan, breastview.readers.truth; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


@pytest.mark.data
def test_busi_opens_as_pictures_with_their_masks(shared_data: Path) -> None:
    found = entries(shared_data / "ultrasound" / "busi")
    assert len(found) == 624
    assert all(isinstance(entry, Instance) for entry in found)
    with_truth = [entry for entry in found if isinstance(entry, Instance) and entry.truth]
    assert len(with_truth) == 348 + 169

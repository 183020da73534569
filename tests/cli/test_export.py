"""`breastview export`: the record in every form, and nothing of the patient where none is wanted."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.sequence import Sequence

from breastview.exporters import _dicom_objects
from tests import phantoms
from tests.cli.conftest import table

NAME, NUMBER = "Müller^Anna", "P-4711-XY"
SECRETS = ("ller", "Anna", NUMBER, "19610203", "ACC-90210")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two pictures of a patient in a folder of her name."""
    folder = tmp_path / "Müller Anna"
    common = {
        "SpecificCharacterSet": "ISO_IR 192", "PatientName": NAME, "PatientID": NUMBER,
        "PatientBirthDate": "19610203", "AccessionNumber": "ACC-90210", "StudyInstanceUID": "1.2.3.4",
    }  # fmt: skip
    phantoms.us_grey(folder / "Anna 1.dcm", **common)
    phantoms.us_with_regions(folder / "Anna 2.dcm", **common)
    return folder


def test_every_kind_is_written(run, study: Path, tmp_path: Path) -> None:
    kinds = ["dicom", *_dicom_objects.KINDS, "csv", "json", "fhir", "png", "masks", "pdf"]
    answer = run("export", study, "--to", ",".join(kinds), "-o", tmp_path / "out")
    assert answer.code == 0, answer.err
    assert {one.name for one in (tmp_path / "out").iterdir()} == {
        "dicom", *_dicom_objects.KINDS, "readings.csv", "readings.json", "readings.fhir.json", "png", "masks",
        "report.pdf",
    }  # fmt: skip
    assert len(table(tmp_path / "out" / "readings.csv")) == 2
    for path in (tmp_path / "out" / "dicom").rglob("*.dcm"):
        assert path.read_bytes() == (study / path.name).read_bytes()
    for path in (tmp_path / "out" / "seg").rglob("*.dcm"):
        found = pydicom.dcmread(path)
        assert (found.Modality, found.PatientID, found.StudyInstanceUID) == ("SEG", NUMBER, "1.2.3.4")


def test_one_bad_file_is_a_sentence_and_the_rest_goes_on(run, study: Path, tmp_path: Path) -> None:
    (study / "bad.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"nonsense" * 20)
    answer = run("export", study, "--to", "seg,csv", "-o", tmp_path / "out")
    assert answer.code == 1
    assert "bad.dcm" in answer.err
    assert len(list((tmp_path / "out" / "seg").rglob("*.dcm"))) >= 2
    assert len(table(tmp_path / "out" / "readings.csv")) == 3


def test_a_frame_no_object_can_be_made_of_is_a_sentence(
    run, study: Path, tmp_path: Path, monkeypatch
) -> None:  # fmt: skip
    from breastview.session import outgoing

    made = outgoing.objects

    def failing(readings, kinds, options):  # type: ignore[no-untyped-def]
        if readings[0].instance.label.endswith("1.dcm"):
            raise ValueError("no such thing")
        return made(readings, kinds, options)

    monkeypatch.setattr(outgoing, "objects", failing)
    answer = run("export", study, "--to", "seg", "-o", tmp_path / "out")
    assert answer.code == 1
    assert "Anna 1.dcm: it could not be written" in answer.err
    assert list((tmp_path / "out" / "seg").rglob("Anna 2*.dcm"))


def test_what_cannot_be_written_of_one_kind_keeps_back_no_other(run, tmp_path: Path, monkeypatch) -> None:
    import cv2

    from breastview.session import outgoing

    made = outgoing.objects

    def failing(readings, kinds, options):  # type: ignore[no-untyped-def]
        if kinds == ["gsps"]:
            raise ValueError("no such thing")
        return made(readings, kinds, options)

    monkeypatch.setattr(outgoing, "objects", failing)
    cv2.imwrite(str(tmp_path / "scan.png"), phantoms.speckle(200, 300))
    out = tmp_path / "out"
    answer = run("export", tmp_path / "scan.png", "--to", "dicom,csv,gsps,sr", "-o", out)
    assert answer.code == 1
    assert "only DICOM files can be written as DICOM files" in answer.err
    assert "could not be written (ValueError)" in answer.err
    assert len(table(out / "readings.csv")) == 1
    assert list((out / "sr").rglob("*.dcm"))


def test_a_frame_that_cannot_be_looked_at_does_not_cost_the_report(
    run, study: Path, tmp_path: Path, monkeypatch
) -> None:  # fmt: skip
    from breastview.deidentify import Deidentifier
    from breastview.errors import UnreadableFile

    real = Deidentifier._checked

    def checked(self, case):  # type: ignore[no-untyped-def]
        if case.label.endswith("1.dcm"):
            raise UnreadableFile("a frame of it is damaged", self.label(case))
        return real(self, case)

    monkeypatch.setattr(Deidentifier, "_checked", checked)
    options = ["--to", "pdf,csv", "-o", tmp_path / "out", "--deidentify", "--keep-burned-in"]
    answer = run("export", study, *options)
    assert answer.code == 1
    assert "a frame of it is damaged" in answer.err
    assert (tmp_path / "out" / "report.pdf").exists()


@pytest.mark.parametrize("extra", [[], ["--keep-dates", "--keep-uids", "--keep-text"]])
def test_nothing_of_the_patient_is_in_any_output(run, study: Path, tmp_path: Path, extra: list[str]) -> None:
    out = tmp_path / "out"
    kinds = ["dicom", *_dicom_objects.KINDS, "csv", "json", "fhir", "png", "masks", "pdf"]
    # The speckle of phantoms is taken for text now and then.
    options = ["--deidentify", "--keep-burned-in", *extra]
    answer = run("export", study, "--to", ",".join(kinds), "-o", out, *options)
    assert answer.code == 0, answer.err
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len(files) > 8
    for path in files:
        assert not any(secret in str(path.relative_to(out)) for secret in SECRETS)
        assert not any(secret.encode() in path.read_bytes() for secret in SECRETS), path
        if path.suffix == ".dcm":
            found = pydicom.dcmread(path)
            assert found.PatientIdentityRemoved == "YES"
            assert str(found.PatientID).startswith("BV")
            assert found.SOPInstanceUID == found.file_meta.MediaStorageSOPInstanceUID
    words = " ".join(_words_of(out / "report.pdf"))
    assert not any(secret in words for secret in ("Müller", "Anna", NUMBER, "1961-02-03"))
    reports = {f"deidentification.{suffix}" for suffix in ("txt", "csv", "json")}
    assert reports <= {path.name for path in files}


def _words_of(pdf: Path) -> list[str]:
    pypdf = pytest.importorskip("pypdf")
    return [page.extract_text() for page in pypdf.PdfReader(pdf).pages]


def test_objects_still_point_at_their_pictures(run, study: Path, tmp_path: Path) -> None:
    run("export", study, "--to", "dicom,seg", "-o", tmp_path / "out", "--deidentify", "--keep-burned-in")
    pictures = {d.SOPInstanceUID: d for d in map(pydicom.dcmread, (tmp_path / "out/dicom").rglob("*.dcm"))}
    masks = [pydicom.dcmread(path) for path in (tmp_path / "out/seg").rglob("*.dcm")]
    assert len(pictures) == 2
    for mask in masks:
        (series,) = mask.ReferencedSeriesSequence
        (reference,) = series.ReferencedInstanceSequence
        picture = pictures[reference.ReferencedSOPInstanceUID]
        for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "StudyDate"):
            assert mask[keyword].value == picture[keyword].value, keyword
        assert series.SeriesInstanceUID == picture.SeriesInstanceUID


def test_pseudonyms_are_the_same_next_time(run, study: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("export", study, "--to", "dicom", "-o", tmp_path / name, "--deidentify", "--keep-burned-in")
    first = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.dcm"))
    second = sorted(path.relative_to(tmp_path / "two") for path in (tmp_path / "two").rglob("*.dcm"))
    assert first == second
    assert (tmp_path / "one" / first[0]).read_bytes() == (tmp_path / "two" / first[0]).read_bytes()


def test_a_list_of_changes_that_finds_no_room_is_a_sentence(run, study: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "deidentification.txt").mkdir(parents=True)
    answer = run("export", study, "--to", "dicom", "-o", tmp_path / "out", "--deidentify", "--keep-burned-in")
    assert answer.code == 1
    assert "deidentification.txt: it could not be written" in answer.err
    assert "2 files written" in answer.err


def test_burned_in_names_hold_a_picture_back_until_they_are_blanked(run, tmp_path: Path) -> None:
    import cv2

    values = phantoms.speckle(300, 400)
    values[:50] = 0
    cv2.putText(values, "MUELLER ANNA", (20, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1, cv2.LINE_AA)
    regions = Sequence([phantoms.region(0, 60, 399, 299, 0.01)])
    made = phantoms.dataset(values, photometric="MONOCHROME2", SequenceOfUltrasoundRegions=regions)
    path = phantoms.save(made, tmp_path / "a.dcm")
    held = run("export", path, "--to", "dicom,png", "-o", tmp_path / "1", "--deidentify")
    assert held.code == 1
    assert "burned into the pixels" in held.err
    assert not list((tmp_path / "1").rglob("*.dcm"))
    assert not list((tmp_path / "1").rglob("*.png"))
    out = run("export", path, "--to", "dicom,png", "-o", tmp_path / "2", "--deidentify", "--blank", "regions")
    assert out.code == 0, out.err
    (clean,) = (tmp_path / "2").rglob("*.dcm")
    pixels = pydicom.dcmread(clean).pixel_array
    assert pixels[:60].max() == 0
    assert np.array_equal(pixels[60:], values[60:])
    assert len(list((tmp_path / "2" / "png").rglob("*.png"))) == 1


def test_an_interruption_leaves_no_half_file(run, study: Path, tmp_path: Path, factory) -> None:
    def interrupted(instance, frame):  # type: ignore[no-untyped-def]
        if instance.label.endswith("2.dcm"):
            raise KeyboardInterrupt
        return False

    factory.attributes["refuses"] = interrupted
    kinds = "seg,csv,json,png,masks"
    answer = run("export", study, "--to", kinds, "-o", tmp_path / "out", "--quiet")
    assert answer.code == 130
    assert not [path for path in (tmp_path / "out").rglob("*") if ".part" in path.name]
    assert not (tmp_path / "out" / "readings.json").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "abacus"], "no 'abacus'"),
        (["--to", ","], "choose among"),
        (["--to", "csv", "--keep-dates"], "need --deidentify"),
        (["--to", "csv", "--deidentify", "--blank", "5,6"], "X,Y,WIDTH,HEIGHT"),
        (["--to", "csv", "--deidentify", "--key-file", "nowhere"], "key for pseudonyms"),
    ],
)
def test_wrong_usage_is_told(run, study: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    answer = run("export", study, "-o", tmp_path / "out", *arguments)
    assert answer.code in (1, 2)
    assert said in " ".join(answer.err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_the_record_of_a_cine_is_that_of_the_frames_worked_on(run, scans: Path, tmp_path: Path) -> None:
    run("export", scans / "cine.dcm", "--to", "json", "-o", tmp_path / "1")
    run("export", scans / "cine.dcm", "--to", "json", "-o", tmp_path / "2", "--every-frame")
    counts = [
        len(json.loads((tmp_path / name / "readings.json").read_text("utf-8"))["readings"]) for name in "12"
    ]
    assert counts == [1, 3]


def test_files_are_named_after_the_part_they_play(run, scans: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", scans, "--to", "seg,sc", "-o", out).code == 0
    files = [path.relative_to(out) for path in out.rglob("*.dcm")]
    assert {(path.parts[0], path.stem.rsplit("_", 1)[1]) for path in files} == {
        ("picture", "picture"), ("sc", "sc"), ("seg", "seg"), ("seg", "probability"),
    }  # fmt: skip


def test_loose_pictures_lose_their_names(run, tmp_path: Path) -> None:
    phantoms.picture(tmp_path / "Müller Annegret" / "Annegret.png")
    answer = run(
        "export", tmp_path / "Müller Annegret", "--to", "csv,json,png,masks,seg", "-o", tmp_path / "out",
        "--deidentify", "--keep-burned-in", "--no-ai",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    for path in (tmp_path / "out").rglob("*"):
        assert "Annegret" not in str(path.relative_to(tmp_path / "out"))
        assert path.is_dir() or b"Annegret" not in path.read_bytes()


def test_what_was_written_is_sent_too(run, study: Path, tmp_path: Path) -> None:
    from breastview.pacs import configuration

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    known = configuration.Archives((configuration.FolderSettings("Inbox", str(inbox)),))
    configuration.save(known)
    missing = run("export", study, "--to", "seg", "-o", tmp_path / "0", "--send", "nowhere")
    assert missing.code == 1
    assert "nowhere" in missing.err
    assert not (tmp_path / "0").exists()
    options = ["--deidentify", "--keep-burned-in", "--send", "inbox"]
    answer = run("export", study, "--to", "dicom,seg", "-o", tmp_path / "out", *options)
    assert answer.code == 0, answer.err
    written = {pydicom.dcmread(path).SOPInstanceUID for path in (tmp_path / "out").rglob("*.dcm")}
    sent = [pydicom.dcmread(path) for path in inbox.rglob("*") if path.is_file()]
    assert {one.SOPInstanceUID for one in sent} == written
    assert all(one.PatientIdentityRemoved == "YES" for one in sent)


def test_the_words_of_an_enveloped_report_name_nobody(run, study: Path, tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    run("export", study, "--to", "epdf", "-o", tmp_path / "out", "--deidentify", "--keep-burned-in")
    (path,) = (tmp_path / "out" / "epdf").rglob("*.dcm")
    document = pydicom.dcmread(path).EncapsulatedDocument
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)
    assert "BV" in words
    assert not any(secret in words for secret in ("Müller", "Anna", NUMBER))
    # As words of their own: new UIDs and hashes are random digits, and hold any four of them now and then.
    assert not re.search(r"(?<![\w.])(1961|1\.2\.3\.4)(?![\w.])", words)

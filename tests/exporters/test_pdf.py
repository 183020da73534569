from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdf
import pytest

from breastview import RESEARCH_USE
from breastview.errors import Cancelled, ExportError
from breastview.exporters import pdf
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.pdf import _file
from breastview.study.analysis import Flag
from breastview.study.calibration import Calibration, Region
from breastview.study.reading import Assessment, ReadState
from breastview.task import SilentTask
from tests.exporters import phantom

OPTIONS = ExportOptions(institution="Phantom General Hospital")
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")


def exported(records, folder: Path, options: ExportOptions = OPTIONS) -> Path:
    (path,) = pdf.EXPORTER.export(records, folder / "report.pdf", SilentTask(), options)
    return path


def text(path: Path) -> str:
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout
    return unicodedata.normalize("NFKC", out.decode())


def pages(path: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


NAMES = [
    "Müller, Jürgen", "Ковалёва, Мария", "王喆堃", "李小龍", "김민수", "田中 ひろし", "Παπαδόπουλος, Ελένη",
    "Nguyễn, Thị Hồng", "Łukasiewicz, Żaneta", "สมชาย",
]  # fmt: skip


@poppler
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_in_the_text(tmp_path, name):
    path = exported([phantom.reading(instance=phantom.instance(name))], tmp_path)
    assert unicodedata.normalize("NFKC", name) in text(path)


@poppler
@pytest.mark.parametrize("name", ["محمد أحمد العلي", "כהן שרה"])
def test_a_name_written_from_right_to_left_is_found_in_the_text(tmp_path, name):
    path = exported([phantom.reading(instance=phantom.instance(name))], tmp_path)
    found = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text(path))
    assert name in found


@poppler
def test_every_font_is_embedded_and_one_of_ours(tmp_path):
    records = [phantom.reading(instance=phantom.instance(name)) for name in [*NAMES, "محمد", "כהן", "राहुल"]]
    listed = subprocess.run(["pdffonts", str(exported(records, tmp_path))], capture_output=True, check=True)
    rows = listed.stdout.decode().splitlines()[2:]
    assert len(rows) >= 7
    for row in rows:
        assert row.startswith("BreastViewNotoSans")
        assert row.split()[-5] == "yes", row


def test_the_pages_are_numbered_and_carry_the_research_use_line_once(tmp_path):
    found = pages(exported([phantom.reading(), phantom.uncalibrated(), phantom.refused()], tmp_path))
    assert len(found) >= 3
    for number, page in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in page
        assert page.count(RESEARCH_USE) == 1


def test_metadata_names_the_program_and_no_patient(tmp_path):
    path = exported([phantom.reading(instance=phantom.instance("Doe, Jane"))], tmp_path)
    reader = pypdf.PdfReader(path)
    assert reader.metadata.title == "Breast imaging report"
    assert reader.metadata.creator.startswith("BreastView ")
    stated = str(dict(reader.metadata)) + str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
    assert "Doe" not in stated and "PH-000451" not in stated


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_is_what_was_chosen(tmp_path, paper, size):
    path = exported([phantom.reading()], tmp_path, replace(OPTIONS, paper=paper))
    for page in pypdf.PdfReader(path).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=1)


def test_a_report_says_everything_a_radiologist_looks_for(tmp_path):
    found = "\n".join(pages(exported([phantom.reading(instance=phantom.instance("Doe, Jane"))], tmp_path)))
    found = " ".join(found.split())
    for expected in (
        "Phantom General Hospital", "Final", "Doe, Jane", "PH-000451", "1961-07-04 (65 y)", "Female",
        "2026-11-18 09:15", "A-204711", "Dr Jane Referrer", "Right breast, 10 o’clock, 35 mm from the nipple",
        "Palpable lump", "Ultrasound of 12 March 2025", "Margin: spiculated", "18.0 × 10.4 mm", "US region",
        "78%", phantom.SENTENCE[:40], "72% of the Grad-CAM heat", "4C · High suspicion", "Core needle",
        "Dr Erika Müller, 2026-11-20 20:10 UTC", "phantom-net 1.2.0 (0123456789ab)", "BUSI fold 3", "10 mm",
        "lossy: JPEG, 12:1", "1.2.826.0.1.3680043.10.1.1", "AI, not edited", "Axillary nodes of normal size",
    ):  # fmt: skip
        assert expected in found, expected


def test_empty_fields_are_left_out(tmp_path):
    (page,) = pages(exported([phantom.uncalibrated()], tmp_path))
    absent = ("Patient", "Accession", "Indication", "Comparison", "Management", "Assessment", "Read by")
    assert not [label for label in absent if label in page]
    assert "180 × 104 px" in page and "uncalibrated" in page
    assert not re.search(r"\d mm\b", page) and "mm²" not in page


@pytest.mark.parametrize("reading", [phantom.refused(), phantom.failed()])
def test_without_an_answer_there_is_a_sentence_and_no_number(tmp_path, reading):
    found = "\n".join(pages(exported([reading], tmp_path)))
    assert ("Doppler" if reading.analysis else "ran out of memory") in found
    assert "%" not in found and "Grad-CAM" not in found and "AI mask" not in found


def test_abstaining_is_said_with_the_flags(tmp_path):
    flags = (Flag("calipers", "Calipers are burned into the picture."),)
    unsure = phantom.analysis(probabilities=(0.1, 0.47, 0.43), abstained=True, flags=flags)
    found = "\n".join(pages(exported([phantom.reading(analysis=unsure)], tmp_path)))
    assert "The AI abstains" in found
    assert "Calipers are burned into the picture." in found


@poppler
def test_a_mammogram_report_has_the_examination_and_no_word_of_ultrasound(tmp_path):
    said = " ".join(text(exported([phantom.mammogram()], tmp_path)).split())
    for part in ("Mammography report", "Examination", "R CC: 31%; R MLO: 78%", "78% (R MLO)",
                 "44%, does not commit itself", "not a probability for the breast",
                 "The sides are not compared", "Width × height", "Composition", "Experimental"):  # fmt: skip
        assert part in said, part
    assert not [word for word in ("depth", "Echo pattern", "Posterior", "ultrasound report") if word in said]


@poppler
def test_a_histology_report_has_its_own_classes_map_and_category(tmp_path):
    said = " ".join(text(exported([phantom.histology()], tmp_path)).split())
    parts = (
        "Breast histology report", "Map of patches: IDC", "each patch’s own probability", "No IDC",
        "The AI calls 42% of the tissue’s area IDC", "Invasive carcinoma", "Experimental",
    )  # fmt: skip
    for part in parts:
        assert part in said, part
    unwanted = ("Grad-CAM", "depth", "o’clock", "suspicion", "Lesion", "Examination")
    assert not [word for word in unwanted if word in said]


def test_a_conflict_of_sides_is_said(tmp_path):
    left = replace(phantom.ASSESSMENT, laterality="L")
    assert "check the side" in pages(exported([phantom.reading(assessment=left)], tmp_path))[0]
    assert "check the side" not in pages(exported([phantom.reading()], tmp_path))[0]


def test_no_length_is_claimed_across_two_regions(tmp_path):
    split = Calibration("US region", (Region(0, 0, 279, 419, 0.1, 0.1), Region(280, 0, 559, 419, 0.2, 0.2)))
    crossing = phantom.reading(
        instance=phantom.instance(calibrations=(split,)),
        analysis=phantom.analysis(findings=(phantom.finding(None),)),
    )
    found = pages(exported([crossing], tmp_path))[0]
    assert "10 mm" not in found and "uncalibrated, sizes in px" in found


def test_long_notes_flow_over_pages_and_lose_no_word(tmp_path):
    notes = "\n".join(f"Line {n} of a very long dictation that fills the page." for n in range(160))
    long = replace(phantom.ASSESSMENT, notes=notes)
    found = pages(exported([phantom.reading(assessment=long)], tmp_path))
    assert len(found) >= 4
    whole = "\n".join(found)
    assert [n for n in range(160) if f"Line {n} of" not in whole] == []
    for page in found[1:]:
        assert "PH-000451" in page and "2026-11-18" in page


def test_text_with_control_characters_and_lone_surrogates_is_printed(tmp_path):
    odd = Assessment(notes="tab\there\x00\x1b[31m \ud800 end", state=ReadState.SEEN)
    assert "end" in pages(exported([phantom.reading(assessment=odd)], tmp_path))[0]


def test_key_images_have_the_resolution_of_print(tmp_path):
    reader = pypdf.PdfReader(exported([phantom.uncalibrated()], tmp_path))
    images = [image.image for image in reader.pages[0].images]
    large = [image for image in images if image.width > 500]
    assert len(large) == 3
    # Two a row in 175 mm at 300 dpi.
    assert all(image.width == pytest.approx(87.5 / 25.4 * 300, rel=0.02) for image in large)


def test_the_original_is_not_altered_by_the_overlays(tmp_path):
    reader = pypdf.PdfReader(exported([phantom.uncalibrated()], tmp_path))
    large = [i.image for i in reader.pages[0].images if i.image.width > 500]
    grey = [np.asarray(image.convert("RGB"), int) for image in large]
    colourful = [np.ptp(image, axis=2).mean() for image in grey]
    assert sorted(value < 1 for value in colourful) == [False, False, True]


def test_many_readings_are_one_file_or_one_file_each(tmp_path):
    records = [phantom.uncalibrated(), phantom.REFUSAL, phantom.reading()]
    found = "\n".join(pages(exported(records, tmp_path)))
    assert "Files without a report" in found and "study/plan.dcm" in found
    each = pdf.EXPORTER.export(records, tmp_path / "each", SilentTask(), OPTIONS)
    names = [str(path.relative_to(tmp_path / "each")) for path in each]
    assert names == ["loose/benign (10).pdf", "study/IM0001.pdf"]


def test_nothing_to_report_is_said(tmp_path):
    with pytest.raises(ExportError, match="no case to report"):
        exported([], tmp_path)
    assert not list(tmp_path.iterdir())


def test_cancelling_leaves_the_old_report(tmp_path):
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")
    task = SilentTask()

    def stopping():
        yield phantom.uncalibrated()
        task.cancel()
        yield phantom.uncalibrated()

    with pytest.raises(Cancelled):
        pdf.EXPORTER.export(stopping(), target, task, OPTIONS)
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small file system needs root")
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let root mount a tmpfs")
    try:
        with pytest.raises(ExportError, match=r"could not be written.*Free some space"):
            exported([phantom.reading()], tmp_path)
        assert not list(tmp_path.iterdir())
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_truncated_or_damaged_file_is_not_whole(tmp_path):
    path = exported([phantom.uncalibrated()], tmp_path)
    data = path.read_bytes()
    assert _file.whole(path, 1)
    assert not _file.whole(path, 2)
    for damaged in (data[:-3], data[: len(data) // 2], b"", data[: len(data) // 2] + data[-400:]):
        path.write_bytes(damaged)
        assert not _file.whole(path, 1)


def test_a_worker_thread_can_write_a_report(tmp_path, qapp):
    written: list[Path] = []
    thread = threading.Thread(target=lambda: written.append(exported([phantom.reading()], tmp_path)))
    thread.start()
    thread.join(60)
    assert _file.whole(written[0], 2)


def test_a_report_is_written_without_a_display_or_widgets(tmp_path):
    script = (
        "import sys; from pathlib import Path; from tests.exporters import phantom;"
        "from breastview.exporters.pdf import EXPORTER; from breastview.task import SilentTask;"
        "from breastview.exporters._protocol import ExportOptions;"
        "EXPORTER.export([phantom.reading()], Path(sys.argv[1]), SilentTask(), ExportOptions());"
        "assert 'PySide6.QtWidgets' not in sys.modules"
    )
    bare = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    target = tmp_path / "r.pdf"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(target)]
    subprocess.run(command, check=True, cwd=root, env=bare | {"PYTHONPATH": str(root)}, timeout=300)
    assert _file.whole(target, 2)


def test_the_preview_shows_the_ink_of_the_file(tmp_path, qapp):
    document = pdf.compose([phantom.uncalibrated()], OPTIONS, SilentTask())
    shown = pdf.page_image(document, 0, 40)
    assert (shown.width(), shown.height()) == (331, 468)
    drawn = np.frombuffer(shown.constBits(), np.uint8).reshape(468, 331, 4)[..., :3]
    dark = (drawn < 128).all(axis=2)
    assert 0.05 < dark.mean() < 0.6
    assert not dark[:, :20].any() and not dark[:, -20:].any()

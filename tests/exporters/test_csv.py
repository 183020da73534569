from __future__ import annotations

import csv
from pathlib import Path

import pytest

from breastview.errors import ExportError
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.csv import EXPORTER
from breastview.study.analysis import Flag
from breastview.study.instance import Refusal
from breastview.task import SilentTask
from tests.exporters import phantom

HEADER = (
    "path,frame,p_normal,p_benign,p_malignant,abstained,lesion_px,long_mm,short_mm,flags,bundle,error,"
    "calibration,measured,category,state,reader_and_ai,mask,"
    "kind,suspicious,p_suspicious,experimental,area_share,"
    "breast_highest,breast_highest_view,exam_highest,exam_highest_view,exam_views,ai_area_share"
)


def exported(records, folder: Path) -> list[dict[str, str]]:
    (path,) = EXPORTER.export(records, folder / "out.csv", SilentTask(), ExportOptions())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_exactly_those_promised(tmp_path):
    exported([], tmp_path)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == HEADER + "\n"


def test_a_row_holds_the_calibrated_numbers_of_its_frame(tmp_path):
    flags = (Flag("calipers", "Calipers are burned in."), Flag("heat-outside", "Heat lies outside."))
    (row,) = exported([phantom.reading(frame=4, analysis=phantom.analysis(flags=flags))], tmp_path)
    assert Path(row["path"]).is_absolute()
    assert (row["frame"], row["abstained"], row["flags"], row["error"]) == (
        "4", "false", "calipers;heat-outside", "")  # fmt: skip
    assert [float(row[k]) for k in ("p_normal", "p_benign", "p_malignant")] == [0.02, 0.2, 0.78]
    assert int(row["lesion_px"]) == phantom.ellipse().sum()
    assert (float(row["long_mm"]), float(row["short_mm"])) == pytest.approx((18.0, 10.4))
    assert row["bundle"] == "phantom-net 1.2.0 (0123456789ab)"


def test_an_uncalibrated_picture_has_no_millimetres(tmp_path):
    (row,) = exported([phantom.uncalibrated()], tmp_path)
    assert row["long_mm"] == row["short_mm"] == ""
    assert row["lesion_px"]


def test_a_refused_picture_has_flags_but_no_number(tmp_path):
    (row,) = exported([phantom.refused()], tmp_path)
    assert row["flags"] == "colour"
    numbers = ("p_normal", "p_benign", "p_malignant", "abstained", "lesion_px", "long_mm", "short_mm")
    assert not any(row[name] for name in numbers)


def test_files_that_cannot_be_read_have_a_row_with_their_reason(tmp_path):
    rows = exported([phantom.reading(), phantom.REFUSAL, phantom.failed()], tmp_path)
    assert [bool(row["error"]) for row in rows] == [False, True, True]
    assert rows[1]["path"] == str(phantom.REFUSAL.path)
    assert rows[1]["error"] == "a treatment plan; it holds no picture."
    assert rows[1]["frame"] == ""


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_text_is_never_run_by_a_spreadsheet(tmp_path, text):
    (row,) = exported([Refusal(Path("/a.png"), "a.png", text)], tmp_path)
    assert row["error"][0] == "'" or row["error"][0] not in "=+-@\t\r"


def test_a_name_that_is_no_unicode_still_gives_a_utf8_table(tmp_path):
    (row,) = exported([Refusal(Path('/a\udcff,\n".png'), "a", "two\nlines")], tmp_path)
    assert row["path"] == '/a\\udcff,\n".png'
    assert row["error"] == "two lines"


def test_rows_are_written_as_the_readings_come(tmp_path):
    def arriving():
        for _ in range(3):
            for _ in range(400):
                yield phantom.REFUSAL
            (partial,) = tmp_path.glob(".*.part.csv")
            sizes.append(partial.stat().st_size)

    sizes: list[int] = []
    assert len(exported(arriving(), tmp_path)) == 1200
    assert 0 < sizes[0] < sizes[1] < sizes[2]


def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("old")

    def failing():
        yield phantom.reading()
        raise OSError(5, "Input/output error", "scan.png")

    with pytest.raises(OSError, match="scan"):
        EXPORTER.export(failing(), target, SilentTask(), ExportOptions())
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match=r"could not be written.*another folder"):
        EXPORTER.export([], tmp_path / "file" / "out.csv", SilentTask(), ExportOptions())

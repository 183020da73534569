"""Measurements and depth rulers survive a restart, a moved file, a damaged record; phantoms of known size."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.store.rulers import of_file, of_folder
from breastview.study.calibration import DEPTH_RULER, Ruler
from breastview.study.instance import Instance
from breastview.study.measurement import Measurement, Tool
from tests import doubles, phantoms

SHA = "a" * 64
DISTANCE = Measurement("1" * 32, Tool.DISTANCE, ((5.0, 10.0), (25.5, 10.25)), "cyst")
NOTE = Measurement("2" * 32, Tool.TEXT, ((9.0, 9.0),), "über der Faszie", lesion=2)
RULER = Ruler((60.0, 0.0), (60.0, 40.0), 20.0)


def one(session: Session, path: Path) -> Instance:
    (entry,) = session.open([path])
    assert isinstance(entry, Instance)
    return entry


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    doubles.install(monkeypatch, tmp_path / "models")
    return Session(Settings(reader="Dr. Example"), Store(tmp_path / "r.sqlite3"), doubles.Factory())


def test_measurements_come_back_as_they_were_with_all_that_went_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite3")
    for kept in ((DISTANCE,), (DISTANCE, NOTE), (NOTE,), (NOTE,), ()):
        store.measurements.put(SHA, 0, kept)
    store.measurements.put(SHA, 3, (NOTE,))
    store.close()
    again = Store(tmp_path / "r.sqlite3")
    assert again.measurements.of(SHA, 0) == () and again.measurements.of(SHA, 3) == (NOTE,)
    assert again.measurements.history(SHA, 0) == ((DISTANCE,), (DISTANCE, NOTE), (NOTE,), ())
    assert again.measurements.of("b" * 64, 0) == ()


def test_a_kind_that_a_newer_version_drew_does_not_hide_the_others() -> None:
    store = Store()
    store.measurements.put(SHA, 0, (DISTANCE,))
    (body,) = store._database.read("SELECT body FROM measurements")[0]
    newer = [*json.loads(body), {"id": "x", "tool": "spline", "points": [[1, 2]], "knots": 4}]
    with store._database.write() as database:
        database.execute("UPDATE measurements SET body = ?", (json.dumps(newer),))
    assert store.measurements.of(SHA, 0) == (DISTANCE,)


def test_the_log_says_that_something_was_measured_and_not_what() -> None:
    store = Store()
    store.measurements.put(SHA, 0, (NOTE,), reader="R")
    store.rulers.put(of_file(SHA), RULER, "R", SHA)
    assert [entry.event for entry in store.audit.entries()] == ["measured", "calibrated"]
    assert all("Faszie" not in str(entry) for entry in store.audit.entries())
    assert store.audit.broken_at() is None


def test_what_can_be_read_of_a_damaged_record_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite3"
    store = Store(path)
    for n in range(300):
        store.measurements.put(f"{n:064x}", 0, (replace(DISTANCE, text="x" * 200 + str(n)),))
        store.rulers.put(of_file(f"{n:064x}"), RULER)
    store.close()
    raw, page = bytearray(path.read_bytes()), 4096
    half = len(raw) // 2 // page * page
    raw[half : half + 2 * page] = np.random.default_rng(7).bytes(2 * page)
    path.write_bytes(raw)
    mended = Store(path)
    assert "damaged" in mended.notice
    assert sum(bool(mended.measurements.of(f"{n:064x}", 0)) for n in range(300)) > 50
    assert sum(mended.rulers.of(of_file(f"{n:064x}")) is not None for n in range(300)) > 50


def test_a_ruler_of_a_file_goes_before_that_of_its_folder() -> None:
    store, folder = Store(), of_folder(Path("/scans/ä \udcff"), 480, 640)
    other = Ruler((0.0, 0.0), (0.0, 100.0), 30.0)
    store.rulers.put(folder, other, sha=SHA)
    assert store.rulers.of(of_file(SHA), folder) == (folder, other)
    store.rulers.put(of_file(SHA), RULER, sha=SHA)
    assert store.rulers.of(of_file(SHA), folder) == (of_file(SHA), RULER)
    store.rulers.put(of_file(SHA), None, sha=SHA)
    assert store.rulers.of(of_file(SHA), folder) == (folder, other)
    assert store.rulers.history(of_file(SHA)) == (RULER, None)
    assert of_folder(Path("/scans"), 480, 640) != of_folder(Path("/scans"), 640, 480)


def test_a_moved_picture_keeps_measurements_and_ruler(session: Session, tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "one" / "a.png")
    case = one(session, path)
    session.measure(case, 0, (DISTANCE,))
    session.set_ruler(case, RULER)
    (tmp_path / "two").mkdir()
    moved = one(session, Path(shutil.move(path, tmp_path / "two" / "b.png")))
    assert session.measurements(moved) == (DISTANCE,) and session.ruler(moved) == RULER


def test_a_reading_has_measurements_and_everything_in_mm_by_the_ruler(
    session: Session, tmp_path: Path
) -> None:
    case = one(session, phantoms.picture(tmp_path / "a.png"))
    before = session.reading(case, analyse=True)
    assert before.calibration.source == "" and before.findings[0].long_mm is None
    session.measure(case, 0, (DISTANCE, NOTE))
    session.set_ruler(case, RULER)
    after = session.reading(case)
    assert after.measurements == (DISTANCE, NOTE)
    assert after.calibration.source == DEPTH_RULER and after.calibration.regions[0].dx == 0.5
    for finding in after.findings:
        assert finding.calibration_source == DEPTH_RULER
        assert finding.long_mm == pytest.approx(finding.long_px * 0.5)
        assert finding.area_mm2 == pytest.approx(finding.area_px * 0.25)
    cached = session.cached_analysis(case)
    assert cached is not None and cached.findings[0].calibration_source == DEPTH_RULER
    session.set_ruler(case, None)
    assert session.reading(case).findings[0].long_mm is None


def test_a_ruler_goes_before_what_the_file_says(session: Session, tmp_path: Path) -> None:
    case = one(session, phantoms.us_grey(tmp_path / "a.dcm", PixelSpacing=[0.2, 0.2]))
    assert session.calibration(case).source == "PixelSpacing"
    session.set_ruler(case, RULER)
    assert session.calibration(case).source == DEPTH_RULER
    session.set_ruler(case, None)
    assert session.calibration(case).source == "PixelSpacing"


def test_taking_a_ruler_away_takes_the_one_that_holds(session: Session, tmp_path: Path) -> None:
    case = one(session, phantoms.picture(tmp_path / "a.png"))
    session.set_ruler(case, RULER, folder=True)
    assert session.measuring.for_folder(case)
    own = Ruler((0.0, 0.0), (0.0, 30.0), 30.0)
    session.set_ruler(case, own)
    assert session.ruler(case) == own and not session.measuring.for_folder(case)
    session.set_ruler(case, None)
    assert session.ruler(case) == RULER
    session.set_ruler(case, None)
    assert session.ruler(case) is None


# Phantoms of known size: a bright rectangle 200 px wide and 100 px high ------------------------------------

WIDE = Measurement("3" * 32, Tool.DISTANCE, ((99.5, 150.0), (299.5, 150.0)))
HIGH = Measurement("4" * 32, Tool.DISTANCE, ((200.0, 99.5), (200.0, 199.5)))


def block() -> np.ndarray:
    """Return a picture whose bright block has its edges exactly at the ends of `WIDE` and `HIGH`."""
    values = np.full((400, 500), 40, np.uint8)
    values[100:200, 100:300] = 220
    return values


def sizes(session: Session, path: Path, frame: int = 0) -> list[str]:
    from breastview.exporters import _measured

    case = one(session, path)
    session.measure(case, frame, (WIDE, HIGH))
    return [one.value for one in _measured.measured(session.reading(case, frame))]


def written(path: Path, sop_class: str, **elements: object) -> Path:
    return phantoms.save(
        phantoms.dataset(block(), photometric="MONOCHROME2", sop_class=sop_class, **elements), path
    )


def test_an_ultrasound_block_of_20_by_5_mm_measures_so_on_oblong_pixels(
    session: Session, tmp_path: Path
) -> None:
    region = phantoms.region(0, 0, 499, 399, 0.01)
    region.PhysicalDeltaY = 0.005
    path = written(tmp_path / "a.dcm", phantoms.US, SequenceOfUltrasoundRegions=Sequence([region]))
    assert sizes(session, path) == ["20.0 mm (US region)", "5.0 mm (US region)"]


def test_a_mammogram_block_is_measured_in_the_patient_and_not_on_the_detector(
    session: Session, tmp_path: Path
) -> None:
    # 0.07 mm on the detector, magnified 1.4-fold: 0.05 mm in the breast.
    path = written(
        tmp_path / "a.dcm", phantoms.MG, ImagerPixelSpacing=[0.07, 0.07],
        EstimatedRadiographicMagnificationFactor=1.4,
    )  # fmt: skip
    source = "ImagerPixelSpacing ÷ magnification"
    assert sizes(session, path) == [f"10.0 mm ({source})", f"5.0 mm ({source})"]


def test_a_mammogram_without_a_magnification_says_that_its_mm_are_the_detector_s(
    session: Session, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.dcm", phantoms.MG, ImagerPixelSpacing=[0.07, 0.07])
    source = "ImagerPixelSpacing, at the detector"
    assert sizes(session, path) == [f"14.0 mm ({source})", f"7.0 mm ({source})"]


def test_a_radiograph_calibrated_by_a_fiducial_is_true_as_it_stands(session: Session, tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.dcm", phantoms.MG, ImagerPixelSpacing=[0.1, 0.1], PixelSpacing=[0.1, 0.1],
        PixelSpacingCalibrationType="FIDUCIAL", EstimatedRadiographicMagnificationFactor=1.5,
    )  # fmt: skip
    assert sizes(session, path) == ["20.0 mm (PixelSpacing, fiducial)", "10.0 mm (PixelSpacing, fiducial)"]


def test_a_picture_file_measures_px(session: Session, tmp_path: Path) -> None:
    path = phantoms.picture(tmp_path / "a.png", block())
    assert sizes(session, path) == ["200.0 px, uncalibrated", "100.0 px, uncalibrated"]


def test_a_secondary_capture_goes_by_its_pixel_spacing(session: Session, tmp_path: Path) -> None:
    path = written(tmp_path / "a.dcm", phantoms.SC, PixelSpacing=[0.2, 0.1])
    assert sizes(session, path) == ["20.0 mm (PixelSpacing)", "20.0 mm (PixelSpacing)"]


def test_every_frame_is_measured_by_its_own_spacing(session: Session, tmp_path: Path) -> None:
    groups = [Dataset(), Dataset()]
    for group, spacing in zip(groups, (0.1, 0.2), strict=True):
        measures = Dataset()
        measures.PixelSpacing = [spacing, spacing]
        group.PixelMeasuresSequence = Sequence([measures])
    loop = np.stack([block(), block()])
    path = phantoms.save(
        phantoms.dataset(
            loop, photometric="MONOCHROME2", sop_class=phantoms.US_MULTI_FRAME, frames=2,
            PerFrameFunctionalGroupsSequence=Sequence(groups),
        ),
        tmp_path / "a.dcm",
    )  # fmt: skip
    assert pydicom.dcmread(path).NumberOfFrames == 2
    assert sizes(session, path, 0) == ["20.0 mm (PixelSpacing)", "10.0 mm (PixelSpacing)"]
    assert sizes(session, path, 1) == ["40.0 mm (PixelSpacing)", "20.0 mm (PixelSpacing)"]

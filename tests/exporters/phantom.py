"""Readings of made-up pictures: speckle with a dark ellipse whose size is known exactly."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from breastview.study.analysis import SUREST_PATCH, Analysis, BundleStamp, Finding, Flag, Heat
from breastview.study.calibration import UNCALIBRATED, everywhere
from breastview.study.exam import Told, ViewScore, assembled
from breastview.study.instance import Instance, Patient, Refusal, SeriesInfo, StudyInfo, Window
from breastview.study.kind import Kind
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment, Reading, ReadState

ROWS, COLUMNS = 420, 560
CENTRE, SEMI_AXES, ANGLE = (290.0, 190.0), (90.0, 52.0), np.deg2rad(12)
MILLIMETRES = 0.1
STAMP = BundleStamp("phantom-net", "1.2.0", "0123456789ab")
SENTENCE = "Of 100 images scored like this in the calibration set, about 78 were malignant."


@cache
def ellipse(rows: int = ROWS, columns: int = COLUMNS) -> np.ndarray:
    """Return the lesion as ``(rows, columns)`` bool."""
    y, x = np.mgrid[:rows, :columns]
    dx, dy = x - CENTRE[0], y - CENTRE[1]
    along = dx * np.cos(ANGLE) + dy * np.sin(ANGLE)
    across = -dx * np.sin(ANGLE) + dy * np.cos(ANGLE)
    return (along / SEMI_AXES[0]) ** 2 + (across / SEMI_AXES[1]) ** 2 <= 1


@cache
def speckle(rows: int = ROWS, columns: int = COLUMNS, seed: int = 7) -> np.ndarray:
    """Return a grey picture like B-mode: layers, Rayleigh speckle, a dark lesion, a shadow below it."""
    import cv2

    random = np.random.default_rng(seed)
    depth = np.linspace(0, 1, rows)[:, None]
    layers = 105 + 50 * np.sin(depth * 15 + np.linspace(0, 2, columns)[None, :]) * np.exp(-2 * depth)
    lesion = cv2.GaussianBlur(ellipse(rows, columns).astype(np.float32), (0, 0), 3)
    shadow = cv2.GaussianBlur(np.cumsum(lesion, axis=0).clip(0, 30) / 30 * (1 - lesion), (0, 0), 9)
    tissue = layers * (1 - 0.78 * lesion) * (1 - 0.3 * shadow) * (1.1 - 0.5 * depth)
    noise = cv2.GaussianBlur(random.rayleigh(0.8, (rows, columns)).astype(np.float32), (0, 0), 1.1)
    return np.clip(tissue * noise, 0, 255).astype(np.uint8)


def finding(millimetres: float | None = MILLIMETRES) -> Finding:
    """Return the ellipse as a finding, its sizes in mm where a spacing is given."""
    (cx, cy), (a, b) = CENTRE, SEMI_AXES
    along, across = np.array([np.cos(ANGLE), np.sin(ANGLE)]), np.array([-np.sin(ANGLE), np.cos(ANGLE)])
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)[:, None]
    contour = np.array(CENTRE) + a * np.cos(turn) * along + b * np.sin(turn) * across
    steps = (-a * along, a * along, -b * across, b * across)
    ends = [(cx + float(dx), cy + float(dy)) for dx, dy in steps]
    width, depth = np.ptp(contour, axis=0)
    area = int(ellipse().sum())
    return Finding(
        tuple(map(tuple, contour.tolist())), area, 2 * a, 2 * b, (ends[0], ends[1]), (ends[2], ends[3]),
        float(width), float(depth),
        *((2 * a * millimetres, 2 * b * millimetres, area * millimetres**2) if millimetres else (None,) * 3),
        calibration_source="US region" if millimetres else "",
    )  # fmt: skip


def analysis(**changes: object) -> Analysis:
    """Return an AI reading of the phantom: malignant, with its heat on the lesion."""
    y, x = np.mgrid[:12, :12]
    hot = np.exp(-((x - 6.2) ** 2 + (y - 4.6) ** 2) / 6).astype(np.float32)
    maps = np.stack([np.roll(hot, 4, 0), np.roll(hot, -3, 1), hot])
    heat = Heat(maps, hot, (0.0, -70.0, 560.0, 560.0), (0.04, 0.31, 0.72))
    mask = ellipse()
    values: dict[str, object] = {
        "bundle": STAMP, "classes": ("normal", "benign", "malignant"), "probabilities": (0.02, 0.2, 0.78),
        "abstained": False, "sentence": SENTENCE, "mask": mask,
        "mask_probability": mask.astype(np.uint8) * 255,
        "findings": (finding(),), "heat": heat, "calibration_set": "BUSI fold 3, 156 pictures of 118 groups",
        "device": "CPU", "milliseconds": 61.0, "made_at": "2026-11-20T19:02:11Z",
    }  # fmt: skip
    return replace(Analysis(**values), **changes)  # type: ignore[arg-type]


def instance(name: str = "Мария Ковалёва", label: str = "study/IM0001.dcm", **changes: object) -> Instance:
    """Return a calibrated ultrasound picture of a patient who does not exist."""
    values: dict[str, object] = {
        "path": Path("/phantom") / label, "label": label, "reader": "dicom",
        "rows": ROWS, "columns": COLUMNS,
        "study": StudyInfo("1.2.826.0.1.3680043.10.1.1", "20261118", "091502", "US breast right", "A-204711",
                        "Phantom General Hospital", "Dr Jane Referrer"),
        "series": SeriesInfo("1.2.826.0.1.3680043.10.1.2", 3, "Breast radial"),
        "patient": Patient(name, "PH-000451", "19610704", "F"), "uid": "1.2.826.0.1.3680043.10.1.3",
        "modality": "US",
        "calibrations": (everywhere("US region", ROWS, COLUMNS, MILLIMETRES, MILLIMETRES),),
        "laterality": "R", "device": "Phantom Medical, Speckle 500", "lossy": "JPEG, 12:1",
    }  # fmt: skip
    return Instance(**(values | changes))  # type: ignore[arg-type]


def pixels(values: np.ndarray | None = None) -> FramePixels:
    """Return the phantom's pixels, or given ones, windowed over their range."""
    grey = speckle() if values is None else values
    return FramePixels(grey, "RGB" if grey.ndim == 3 else "MONOCHROME2", Window(128.0, 256.0))


ASSESSMENT = Assessment(
    category="4C", laterality="R", clock=10, nipple_mm=35.0,
    descriptors=(("shape", "irregular"), ("orientation", "not parallel"), ("margin", "spiculated"),
                 ("echo pattern", "hypoechoic"), ("posterior features", "shadowing")),
    notes="Irregular mass with angular margins. Axillary nodes of normal size.",
    indication="Palpable lump, right breast, upper outer quadrant.",
    comparison="Ultrasound of 12 March 2025.", management="Core needle biopsy under ultrasound guidance.",
    state=ReadState.FINAL, marked=True, reader="Dr Erika Müller", changed_at="2026-11-20T20:10:00Z",
)  # fmt: skip


def reading(**changes: object) -> Reading:
    """Return a complete reading, with the fields given changed."""
    whole = Reading(instance(), 0, pixels(), analysis(), ASSESSMENT)
    return replace(whole, **changes)  # type: ignore[arg-type]


def uncalibrated(**changes: object) -> Reading:
    """Return a reading of a loose picture: no patient, no millimetres."""
    loose = instance("", "loose/benign (10).png", patient=Patient(), study=StudyInfo("loose"), modality="",
                     series=SeriesInfo("loose"), uid="", calibrations=(UNCALIBRATED,), laterality="",
                     reader="picture", device="", lossy="")  # fmt: skip
    return reading(
        instance=loose, analysis=analysis(findings=(finding(None),)), assessment=Assessment(), **changes
    )


def refused() -> Reading:
    """Return a reading that the input gate refused."""
    flag = Flag("colour", "This is a Doppler colour picture; the model has learned grey ones.", refuses=True)
    return reading(analysis=analysis(flags=(flag,), probabilities=None, sentence="No score: " + flag.text))


def failed() -> Reading:
    """Return a reading for which the AI gave no answer."""
    return reading(analysis=None, failure="IM0001.dcm: the AI ran out of memory. Choose the CPU.")


MAMMOGRAM_WORDS = (
    ("composition", "c"), ("shape", "irregular"), ("margin", "spiculated"), ("density", "high"),
    ("calcification morphology", "fine pleomorphic"), ("calcification distribution", "grouped"),
    ("asymmetry", "focal"), ("associated features", "architectural distortion"),
)  # fmt: skip


def mammogram(**changes: object) -> Reading:
    """Return a reading of the R MLO view of an examination of four views, by an experimental model."""
    spacing = everywhere("PixelSpacing", ROWS, COLUMNS, MILLIMETRES, MILLIMETRES)
    taken = instance(
        label="study/RMLO.dcm",
        modality="MG",
        view="MLO",
        device="Phantom Medical, Film 2",
        calibrations=(spacing,),
    )
    views = [
        ViewScore("R", "CC", Told.SCORED, 0.31), ViewScore("R", "MLO", Told.SCORED, 0.78),
        ViewScore("L", "CC", Told.ABSTAINED, 0.44), ViewScore("L", "MLO", Told.REFUSED),
    ]  # fmt: skip
    said = replace(ASSESSMENT, notes="Mass in the upper outer quadrant.", descriptors=MAMMOGRAM_WORDS)
    read = analysis(kind=Kind.MAMMOGRAM, experimental=True)
    whole = Reading(taken, 0, pixels(), read, said, exam=assembled(views, True, "malignant"))
    return replace(whole, **changes)  # type: ignore[arg-type]


def histology(**changes: object) -> Reading:
    """Return a reading of a histology field: two classes, a share of the area, a category of its own."""
    loose = uncalibrated().instance
    taken = replace(loose, label="loose/field.png", path=loose.path.with_name("field.png"), photometric="RGB")
    grey = speckle().astype(np.float32)
    colour = np.stack([160 + grey * 0.3, 90 + grey * 0.5, 150 + grey * 0.35], axis=-1).clip(0, 255)
    coarse = ellipse()[::20, ::20].astype(np.float32)
    place = (0.0, 0.0, float(COLUMNS), float(ROWS))
    read = analysis(
        kind=Kind.HISTOLOGY, classes=("non-idc", "idc"), probabilities=(0.14, 0.86), suspicious="idc",
        experimental=True, area_share=0.42, findings=(finding(None),),
        flags=(Flag(SUREST_PATCH, "That of the surest of 30 patches, not of the picture."),),
        sentence="Of 100 fields scored like this in the calibration set, about 86 held carcinoma.",
        heat=Heat(np.stack([1 - coarse, coarse]), coarse, place),
        calibration_set="IDC fold 2, 1,046 patches of 55 patients",
    )  # fmt: skip
    said = Assessment(
        category="invasive", notes="Cords and nests in a desmoplastic stroma.", state=ReadState.PRELIMINARY,
        reader="Dr Erika Müller", changed_at="2026-11-21T09:10:00Z",
    )  # fmt: skip
    whole = Reading(taken, 0, pixels(colour.astype(np.uint8)), read, said)
    return replace(whole, **changes)  # type: ignore[arg-type]


REFUSAL = Refusal(Path("/phantom/study/plan.dcm"), "study/plan.dcm", "a treatment plan; it holds no picture.")

"""The phantoms that the demo study does not hold: mammograms, an earlier study, what the gate refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.uid import generate_uid

from breastview import paths
from cases import PICTURES, still
from tests import phantoms

DICOM = paths.resources() / "demo" / "dicom"
ROWS, COLUMNS = 1200, 900


def mammogram(view: str, seed: int) -> NDArray[np.uint16]:
    """Return a breast of fat and strands of gland on black, its chest wall where the view has it."""
    random = np.random.default_rng(seed)
    y, x = np.ogrid[:ROWS, :COLUMNS]
    tilt = 0.14 * (ROWS / 2 - y) if view.endswith("MLO") else 0.0 * y
    radius = np.hypot(x / (COLUMNS * 0.72 + tilt), (y - ROWS * 0.52) / (ROWS * 0.43))
    thick = np.clip((1 - radius) * 7, 0, 1) ** 0.6
    gland = sum(
        cv2.GaussianBlur(random.normal(size=(ROWS, COLUMNS)), (0, 0), wide) * wide * weight
        for wide, weight in ((40, 1.0), (14, 0.5), (4, 0.22), (1.2, 0.10))
    )
    near = np.exp(-(((x - COLUMNS * 0.34) / 210) ** 2) - ((y - ROWS * 0.5) / 260) ** 2)
    grey = 900 + 800 * near + 420 * gland * (0.35 + near)
    if view.endswith("MLO"):
        muscle = np.clip((COLUMNS * 0.42 - 0.5 * y - x) / 30, 0, 1)
        grey = grey + 900 * muscle
    grey = grey * thick + random.normal(0, 12, (ROWS, COLUMNS)) * (thick > 0) + 20
    made = np.clip(grey, 0, 4095).astype(np.uint16)
    return made if view.startswith("L") else np.ascontiguousarray(made[:, ::-1])


def mammograms(folder: Path) -> Path:
    """Write a study of the four usual views and return its folder."""
    study = generate_uid()
    for number, view in enumerate(("RCC", "LCC", "RMLO", "LMLO"), start=1):
        given = {
            "BitsStored": 12, "HighBit": 11, "WindowCenter": 1500, "WindowWidth": 3000,
            "ImageLaterality": view[0], "ViewPosition": view[1:], "ImagerPixelSpacing": [0.2, 0.2],
            "StudyInstanceUID": study, "InstanceNumber": number, "StudyDescription": "Screening phantom",
        }  # fmt: skip
        found = phantoms.dataset(
            mammogram(view, number), photometric="MONOCHROME2", sop_class=phantoms.MG, **given
        )
        phantoms.save(found, folder / f"{view}.dcm")
    return folder


def tissue(rows: int, columns: int, seed: int) -> NDArray[np.uint8]:
    """Return a stained section of 2 µm a px, RGB: pink fibres, fat at the right, nests of nuclei left."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns].astype(np.float32) / min(rows, columns)
    sizes, noise = ((9, 2), (3, 1), (30, 30)), random.normal(size=(3, rows, columns))
    rough = [
        cv2.GaussianBlur(one, (0, 0), wide, sigmaY=high) * (wide * high) ** 0.5
        for one, (wide, high) in zip(noise, sizes, strict=True)
    ]
    nests = 1 / (1 + np.exp(-((0.55 - np.hypot((x - 0.45) / 1.1, y - 0.5)) * 9 + rough[2])))
    fat = 1 / (1 + np.exp(-((x - columns / min(rows, columns) * 0.82) * 20 + 2 * rough[2])))
    nuclei = np.zeros((rows, columns), np.float32)
    for _ in range(rows * columns // 60):
        at = int(random.integers(0, columns)), int(random.integers(0, rows))
        if random.random() < 0.05 + 0.9 * nests[at[1], at[0]]:
            axes, turn = (int(random.integers(2, 5)), int(random.integers(2, 4))), random.uniform(0, 180)
            cv2.ellipse(nuclei, at, axes, float(turn), 0, 360, float(random.uniform(0.6, 1)), -1)
    nuclei = cv2.GaussianBlur(nuclei, (0, 0), 0.8)
    eosin = np.clip(0.35 + 0.12 * rough[0] + 0.08 * rough[1] + 0.2 * nests, 0.05, 1.2) * (1 - 0.97 * fat)
    stain = np.array([[0.15, 0.75, 0.35], [0.95, 1.25, 0.55]])  # optical density of eosin, of haematoxylin
    pink, violet = 0.9 * eosin * (1 - 0.6 * nuclei), nuclei * (1 - fat)
    density = pink[..., None] * stain[0] + violet[..., None] * stain[1]
    return np.ascontiguousarray(np.clip(245 * np.exp(-density), 0, 255).astype(np.uint8))


def histology(folder: Path) -> Path:
    """Write a whole slide with two pieces of tissue, and a field without a scale; return their folder."""
    import tifffile

    folder.mkdir(parents=True)
    phantoms.picture(folder / "field.png", tissue(400, 600, 1))
    section = np.full((1280, 1920, 3), (245, 244, 246), np.uint8)
    for top, left, piece in ((160, 160, tissue(960, 900, 2)), (320, 1220, tissue(700, 540, 3))):
        rows, columns = piece.shape[:2]
        y, x = np.mgrid[:rows, :columns]
        edge = 1 + 0.05 * np.sin(9 * np.arctan2(y - rows / 2, x - columns / 2))
        inside = np.hypot((x - columns / 2) / columns * 2, (y - rows / 2) / rows * 2) < edge * 0.94
        section[top : top + rows, left : left + columns][inside] = piece[inside]
    with tifffile.TiffWriter(folder / "slide.tif") as file:
        for reduction in (1, 4):
            size = section.shape[1] // reduction, section.shape[0] // reduction
            level = cv2.resize(section, size, interpolation=cv2.INTER_AREA)
            place = {"subifds": 1} if reduction == 1 else {"subfiletype": 1}
            file.write(level, tile=(256, 256), photometric="rgb", metadata=None, resolutionunit="CENTIMETER",
                       resolution=(1e4 / (2 * reduction),) * 2, **place)  # fmt: skip
    return folder


def with_prior(folder: Path) -> Path:
    """Write one of the demo's pictures and the same lesion as it was a year before; return the folder."""
    folder.mkdir(parents=True)
    for name, source, date in (("now", "US0003.dcm", ""), ("before", "US0004.dcm", "20250301")):
        found = pydicom.dcmread(DICOM / source)
        if date:
            found.StudyDate = date
            found.StudyInstanceUID, found.SeriesInstanceUID = generate_uid(), generate_uid()
            found.SOPInstanceUID = found.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        found.save_as(folder / f"{name}.dcm")
    return folder


def refused(folder: Path) -> Path:
    """Write a picture that is no ultrasound picture and return its folder."""
    y, x = np.mgrid[:480, :640].astype(np.float32)
    hue = np.stack([90 + 120 * y / 480, 120 + 80 * np.sin(x / 70), 230 - 150 * y / 480], axis=2)
    phantoms.picture(folder / "photograph.png", hue.clip(0, 255).astype(np.uint8))
    return folder


def doubtful(folder: Path) -> Path:
    """Write pictures between two classes, the more of a cyst the further down; return the folder."""
    by_name = {case.name: case for case in PICTURES}
    star = still(by_name["spiculated (2)"])[0].astype(np.float32)
    for share in range(1, 10):
        oval = still(replace(by_name["fibroadenoma (2)"], seed=40 + share))[0].astype(np.float32)
        mixed = star * (1 - share / 10) + oval * share / 10
        phantoms.picture(folder / f"doubtful ({share}).png", mixed.astype(np.uint8))
    return folder

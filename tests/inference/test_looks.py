"""As what pictures without a header are taken: those of the other half of the shared data, and made ones."""

from __future__ import annotations

import csv
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.inference.gate import kinds
from breastview.study.kind import Kind

SETS = {
    "ultrasound/busi": Kind.ULTRASOUND,
    "ultrasound/bus_bra": Kind.ULTRASOUND,
    "mammography/cdd_cesm": Kind.MAMMOGRAM,
    "mammography/mias": Kind.MAMMOGRAM,
    "histology/idc": Kind.HISTOLOGY,
}
EACH = 25

pytestmark = pytest.mark.usefixtures("real_looks")


def held_out(folder: Path) -> Iterator[np.ndarray]:
    """Yield pictures of groups from which nothing was learnt (`packaging/gate/pictures.py`: the odd half)."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    odd = [r for r in rows if zlib.crc32((r.get("group") or r.get("patient") or r["image"]).encode()) % 2]
    for row in odd[:: max(1, len(odd) // EACH)][:EACH]:
        yield np.ascontiguousarray(cv2.imread(str(folder / row["image"]))[..., ::-1])


@pytest.mark.data
@pytest.mark.parametrize(("folder", "kind"), SETS.items())
def test_pictures_of_a_kind_are_taken_for_it_or_refused_never_for_another(
    shared_data: Path, folder: str, kind: Kind
) -> None:
    found = Counter(kinds.by_look(picture).kind for picture in held_out(shared_data / folder))
    assert set(found) <= {kind, None}
    assert found[kind] >= 0.88 * EACH, found


def test_photographs_are_of_no_kind() -> None:
    from sklearn.datasets import load_sample_images

    for photograph in load_sample_images().images:
        assert kinds.by_look(np.asarray(photograph, np.uint8)).kind is None


def test_a_face_in_grey_before_black_is_no_mammogram() -> None:
    import matplotlib

    whole = cv2.imread(f"{matplotlib.get_data_path()}/sample_data/grace_hopper.jpg", cv2.IMREAD_GRAYSCALE)
    assert whole is not None
    rows, columns = whole.shape
    for x, y, wide, high in ((0.0, 0.45, 0.7, 0.6), (0.5, 0.4, 0.45, 0.6), (1.0, 0.5, 0.8, 0.45)):
        shape = np.zeros_like(whole)
        axes = round(columns * wide), round(rows * high)
        cv2.ellipse(shape, (round(columns * x), round(rows * y)), axes, 0, 0, 360, 255, -1)
        soft = cv2.GaussianBlur(shape, (0, 0), 3).astype(np.float32) / 255
        assert kinds.by_look((whole * soft).astype(np.uint8)).kind is None


@pytest.mark.parametrize("paper", [255, 20])
def test_a_page_of_text_is_of_no_kind(paper: int) -> None:
    page = np.full((600, 500), paper, np.uint8)
    for row in range(40, 580, 30):
        cv2.putText(page, "Findings: none. Report of 21 November", (20, row), 0, 0.6, 255 - paper, 1)
    assert kinds.by_look(page).kind is None


def test_noise_and_emptiness_are_of_no_kind() -> None:
    rng = np.random.default_rng(0)
    for picture in (
        rng.integers(0, 256, (300, 400), np.uint8),
        rng.integers(0, 256, (300, 400, 3), np.uint8),
        np.zeros((300, 400), np.uint8),
        np.full((300, 400, 3), 255, np.uint8),
        np.tile(np.linspace(0, 255, 400, dtype=np.uint8), (300, 1)),
    ):
        assert kinds.by_look(picture).kind is None


def test_the_answer_for_a_picture_is_always_the_same() -> None:
    picture = np.random.default_rng(1).integers(0, 200, (200, 260), np.uint8)
    assert kinds.by_look(picture) == kinds.by_look(picture.copy())
    assert kinds.revision() == kinds.revision()

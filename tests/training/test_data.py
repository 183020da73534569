"""Data sets: what belongs together stays together."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.errors import TrainingError
from breastview.training import data, twins
from tests.training import phantoms
from tests.training.phantoms import CLASSES


def manifest(folder: Path, rows: list[dict[str, str]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_folder_of_classes_is_read_with_its_masks(tmp_path: Path) -> None:
    examples = data.read(phantoms.busi_folder(tmp_path / "mine", 6), CLASSES)
    assert len(examples) == 18
    assert {e.label for e in examples} == set(CLASSES)
    assert all(len(e.masks) == (e.label != "normal") for e in examples)
    assert all(e.mask_known for e in examples)
    assert {e.fold for e in examples} == {0, 1, 2, 3, 4}


def test_several_masks_of_one_picture_are_united(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "mine", 5)
    second = np.zeros((72, 96), np.uint8)
    second[60:70, 80:95] = 255
    cv2.imwrite(str(folder / "benign" / "benign (1)_mask_1.png"), second)
    example = next(e for e in data.read(folder, CLASSES) if e.image.name == "benign (1).png")
    assert len(example.masks) == 2
    union = data.mask(example, (72, 96))
    assert union[65, 90] == 255 and union.sum() > second.sum()


def test_no_group_is_in_two_folds_and_a_copy_shares_its_originals_fold(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "mine", 12)
    for number in (1, 2, 3):
        grey = cv2.imread(str(folder / "benign" / f"benign ({number}).png"), cv2.IMREAD_GRAYSCALE)
        cv2.imwrite(
            str(folder / "benign" / f"benign (10{number}).png"), np.clip(grey * 1.1, 0, 255).astype(np.uint8)
        )
    examples = data.read(folder, CLASSES)
    folds: dict[str, set[int]] = {}
    for example in examples:
        folds.setdefault(example.group, set()).add(example.fold)
    assert all(len(found) == 1 for found in folds.values())
    by_name = {e.image.stem: e for e in examples}
    for number in (1, 2, 3):
        assert by_name[f"benign ({number})"].group == by_name[f"benign (10{number})"].group


def test_a_scene_filed_under_two_classes_is_left_out(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "mine", 5)
    shutil.copy(folder / "benign" / "benign (2).png", folder / "malignant" / "malignant (77).png")
    names = {e.image.stem for e in data.read(folder, CLASSES)}
    assert "benign (2)" not in names and "malignant (77)" not in names
    assert len(names) == 14


def test_unlike_pictures_are_no_twins() -> None:
    prints = [twins.fingerprint(phantoms.picture("benign", seed)[0]) for seed in range(30)]
    assert len(set(twins.groups(prints))) == 30


def test_the_manifest_gives_groups_folds_and_exclusions(tmp_path: Path) -> None:
    rows = [
        {
            "image": "a.png",
            "mask": "a_m.png",
            "label": "benign",
            "group": "p1",
            "fold": "3",
            "dup_group_mixed_label": "0",
        },
        {
            "image": "b.png",
            "mask": "",
            "label": "normal",
            "group": "p2",
            "fold": "1",
            "dup_group_mixed_label": "0",
        },
        {
            "image": "c.png",
            "mask": "",
            "label": "benign",
            "group": "p3",
            "fold": "1",
            "dup_group_mixed_label": "1",
        },
        {
            "image": "d.png",
            "mask": "",
            "label": "malignant",
            "group": "p4",
            "fold": "0",
            "dup_group_mixed_label": "0",
        },
    ]
    first, second, third = data.read(manifest(tmp_path / "set", rows), CLASSES)
    assert (first.group, first.fold, first.masks) == ("set/p1", 3, (tmp_path / "set" / "a_m.png",))
    assert second.mask_known and not second.masks  # a normal picture has no lesion: that is known
    assert not third.mask_known  # a lesion nobody drew


def test_a_manifest_without_folds_is_dealt_by_group(tmp_path: Path) -> None:
    rows = [{"image": f"{i}.png", "label": CLASSES[i % 3], "group": f"p{i // 6}"} for i in range(60)]
    examples = data.read(manifest(tmp_path / "set", rows), CLASSES)
    assert {e.fold for e in examples} == {0, 1, 2, 3, 4}
    for group in {e.group for e in examples}:
        assert len({e.fold for e in examples if e.group == group}) == 1
    assert [e.fold for e in examples] == [e.fold for e in data.read(tmp_path / "set", CLASSES)]


def test_an_empty_folder_is_refused_with_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"manifest\.csv .* normal, benign, malignant"):
        data.read(tmp_path, CLASSES)


def test_a_manifest_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no column label"):
        data.read(manifest(tmp_path, [{"image": "a.png"}]), CLASSES)


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "mine", 5)
    (folder / "benign" / "benign (3).png").write_bytes(b"no picture")
    with pytest.raises(TrainingError, match=r"benign \(3\)\.png"):
        data.read(folder, CLASSES)


def test_the_shared_sets_keep_patients_and_scenes_whole(shared_data: Path) -> None:
    for name in ("busi", "bus_bra"):
        examples = data.read(shared_data / "ultrasound" / name, CLASSES)
        folds: dict[str, set[int]] = {}
        for example in examples:
            folds.setdefault(example.group, set()).add(example.fold)
        assert all(len(found) == 1 for found in folds.values())
        assert {e.fold for e in examples} == {0, 1, 2, 3, 4}

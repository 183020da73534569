"""The reader's masks in the record: the newest counts, none is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from breastview.errors import StoreError
from breastview.store import Store
from breastview.study.segmentation import MaskSource, Segmentation

SHA = "a" * 64


def mask(value: int = 1) -> Segmentation:
    labels = np.zeros((20, 30), np.uint8)
    labels[5:9, 10:20] = value
    return Segmentation(labels, MaskSource.EDITED)


def test_a_mask_comes_back_as_it_was_kept_after_the_record_was_opened_again(tmp_path: Path) -> None:
    with_store = Store(tmp_path / "record.sqlite3")
    saved = with_store.segmentations.put(SHA, 3, mask(2), "Dr R")
    with_store.close()
    found = Store(tmp_path / "record.sqlite3").segmentations.of(SHA, 3)
    assert saved is not None and found is not None
    assert np.array_equal(found.labels, mask(2).labels)
    assert (found.source, found.changed_at) == (MaskSource.EDITED, saved.changed_at)


def test_the_newest_counts_and_all_stay(tmp_path: Path) -> None:
    store = Store(tmp_path / "record.sqlite3")
    for one in (mask(1), mask(2), mask(2), None):
        store.segmentations.put(SHA, 0, one)
    assert store.segmentations.of(SHA, 0) is None
    assert [one and int(one.labels.max()) for one in store.segmentations.history(SHA, 0)] == [1, 2, None]
    assert store.segmentations.of(SHA, 1) is None


def test_the_ai_s_mask_left_alone_leaves_no_row(tmp_path: Path) -> None:
    store = Store(tmp_path / "record.sqlite3")
    assert store.segmentations.put(SHA, 0, None) is None
    assert store.segmentations.history(SHA, 0) == ()


def test_an_empty_mask_is_kept_as_the_reader_s_word(tmp_path: Path) -> None:
    store = Store(tmp_path / "record.sqlite3")
    store.segmentations.put(SHA, 0, Segmentation(np.zeros((4, 5), np.uint8), MaskSource.EDITED))
    found = store.segmentations.of(SHA, 0)
    assert found is not None and found.labels.shape == (4, 5) and not found.mask.any()


def test_a_damaged_mask_is_told_and_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    store = Store(path)
    store.segmentations.put(SHA, 0, mask())
    store.close()
    with sqlite3.connect(path) as database:
        database.execute("UPDATE segmentations SET png = ?", (b"no picture",))
    database.close()
    with pytest.raises(StoreError, match="damaged"):
        Store(path).segmentations.of(SHA, 0)

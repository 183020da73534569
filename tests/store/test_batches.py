"""What a run covers and what came of it: nothing is done twice, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from breastview.store import Store
from breastview.store.batches import Batches, Finished, Item, Row, State

BUNDLE = "b" * 12


def items(*names: str, version: str = "10:1") -> list[Item]:
    return [Item(f"/a/{name}", name, version) for name in names]


def result(item: Item, state: State = State.DONE, bundle: str = BUNDLE, sha: str = "") -> Finished:
    rows = (Row(item.label.encode(), {"path": item.path, "frame": 0, "p": 0.5}),)
    summary = {"probabilities": None, "abstained": False, "flags": [], "refused": True}
    seen = ((sha, 0, bundle, summary),) if sha else ()
    failed = int(state is not State.DONE)
    return Finished(item, state, rows, sha, (bundle,), seen, frames=1 - failed, failed=failed)


@pytest.fixture
def store(tmp_path: Path):
    with_file = Store(tmp_path / "run.sqlite3")
    yield with_file
    with_file.close()


@pytest.fixture
def batches(store: Store) -> Batches:
    store.batches.begin({BUNDLE})
    return store.batches


def test_what_has_a_result_does_not_wait_any_more(batches: Batches) -> None:
    one, two = items("1", "2")
    assert batches.list_unit(0, [one, two]) == 0
    assert batches.waiting(0) == (one, two)
    batches.finish([result(two)])
    assert batches.waiting(0) == (one,)
    batches.begin({BUNDLE})
    assert batches.list_unit(7, [one, two]) == 1
    assert batches.waiting(7) == (one,)


def test_a_changed_file_waits_again(batches: Batches) -> None:
    batches.list_unit(0, items("1"))
    batches.finish([result(*items("1"))])
    batches.begin({BUNDLE})
    (changed,) = items("1", version="11:2")
    batches.list_unit(0, [changed])
    assert batches.waiting(0) == (changed,)
    assert list(batches.rows()) == []


def test_results_of_another_bundle_do_not_count(batches: Batches) -> None:
    batches.list_unit(0, items("1", "2"))
    one, two = items("1", "2")
    batches.finish([result(one), result(two, bundle="c" * 12)])
    batches.begin({BUNDLE})
    batches.list_unit(0, [one, two])
    assert batches.waiting(0) == (two,)


def test_what_failed_is_tried_again_only_when_asked_to(batches: Batches) -> None:
    one, two, three = items("1", "2", "3")
    done = [result(one), result(two, State.FAILED), result(three, State.QUARANTINED)]
    batches.list_unit(0, [one, two, three])
    batches.finish(done)
    batches.begin({BUNDLE})
    batches.list_unit(0, [one, two, three])
    assert batches.waiting(0) == () and batches.quarantined() == ("/a/3",)
    batches.begin({BUNDLE}, again=True)
    batches.list_unit(0, [one, two, three])
    assert batches.waiting(0) == (two, three) and batches.quarantined() == ()


def test_rows_come_in_their_order_and_those_of_this_run_alone(batches: Batches) -> None:
    batches.list_unit(0, items("3", "1", "2", "gone"))
    batches.finish([result(item) for item in items("3", "1", "2", "gone")])
    batches.begin({BUNDLE})
    batches.list_unit(0, items("3", "1", "2"))
    assert [row["path"] for row in batches.rows()] == ["/a/1", "/a/2", "/a/3"]
    assert next(batches.rows()) == {"path": "/a/1", "frame": 0, "p": 0.5}
    totals = batches.totals()
    assert (totals.items, totals.frames, totals.failed) == (3, 3, 0)


def test_the_same_content_under_another_name_takes_over_the_result(batches: Batches) -> None:
    old, new = items("old", "new")
    batches.list_unit(0, [old])
    batches.finish([result(old, sha="f" * 64)])
    batches.begin({BUNDLE})
    batches.list_unit(0, [new])
    assert list(batches.known()) == [("/a/old", "10:1")]
    assert not batches.adopt(new, "e" * 64)
    assert batches.adopt(new, "f" * 64)
    assert batches.waiting(0) == ()
    assert [row["path"] for row in batches.rows()] == ["/a/new"]


def test_lists_of_the_window_know_what_a_run_found(batches: Batches, store: Store) -> None:
    batches.list_unit(0, items("1"))
    batches.finish([result(*items("1"), sha="f" * 64)])
    (summary,) = store.analyses(["f" * 64], BUNDLE)["f" * 64]
    assert summary.refused and summary.frame == 0


def test_a_name_that_is_no_valid_unicode_is_kept(batches: Batches) -> None:
    (odd,) = items("a\udcff")
    batches.list_unit(0, [odd])
    assert batches.waiting(0) == (odd,)
    batches.finish([result(Item(odd.path, "plain", odd.version))])
    assert [row["path"] for row in batches.rows()] == [odd.path]

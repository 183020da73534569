"""Lesions seen twice, and what was thought before and after the AI: kept, and never overwritten."""

from __future__ import annotations

from pathlib import Path

from breastview.store import Store
from breastview.study.opinions import AiOpinion
from breastview.study.pair import LesionPlace, Pair

ONE, OTHER, THIRD = LesionPlace("a" * 64, 0), LesionPlace("b" * 64, 3, 2), LesionPlace("c" * 64, 0)
AI = AiOpinion((("benign", 0.13), ("malignant", 0.87)), False, "net 1.0 (abc)")


def test_a_pair_is_found_from_both_ends_and_gone_when_taken_apart(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite3")
    pair = store.pairs.put(Pair("p", ONE, OTHER), "Dr. A")
    store.pairs.put(Pair("q", ONE, THIRD), "Dr. A")
    store.close()
    store = Store(tmp_path / "r.sqlite3")
    assert [one.identifier for one in store.pairs.of(ONE.sha, 0)] == ["p", "q"]
    assert store.pairs.of(OTHER.sha, 3) == (pair,) and pair.reader == "Dr. A" and pair.made_at
    assert store.pairs.of(OTHER.sha, 0) == ()
    assert pair.opposite((OTHER.sha, 3)) == (OTHER, ONE)
    store.pairs.remove(pair, "Dr. B")
    assert [one.identifier for one in store.pairs.of(ONE.sha, 0)] == ["q"]
    store.pairs.put(pair)
    assert store.pairs.of(OTHER.sha, 3)[0].other == OTHER
    assert store.pairs.files([ONE.sha, "d" * 64]) == {ONE.sha}


def test_only_the_first_commitment_counts_and_both_opinions_stay(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite3")
    sha, reveals = ONE.sha, store.reveals
    reveals.show(sha, 0, AI, "Dr. A")
    reveals.change(sha, 0, "5", "Dr. A")
    assert reveals.of(sha) is None and reveals.revealed([sha]) == frozenset()
    reveals.commit(sha, 0, "3", "Dr. A")
    reveals.commit(sha, 0, "5", "Dr. B")
    reveals.show(sha, 0, AI, "Dr. A")
    reveals.show(sha, 0, AiOpinion(None, False, "other"), "Dr. A")
    for category in ("3", "4A", "4A", "4B"):
        reveals.change(sha, 0, category, "Dr. A")
    reveals.change(sha, 1, "6", "Dr. A")
    store.close()
    found = Store(tmp_path / "r.sqlite3").reveals.of(sha)
    assert found is not None and found.ai is not None and found.after is not None
    assert (found.before.category, found.before.reader, found.after.category) == ("3", "Dr. A", "4B")
    assert found.before.at <= found.ai.at <= found.after.at
    assert found.ai.probabilities == AI.probabilities
    assert found.sentence == "before AI: 3, AI: malignant 87%, after AI: 4B"


def test_a_case_whose_category_stays_says_that_it_was_not_changed() -> None:
    reveals = Store().reveals
    reveals.commit(ONE.sha, 2, "2", "")
    found = reveals.of(ONE.sha)
    assert found is not None and found.frame == 2
    assert found.sentence == "before AI: 2, after AI: not changed"
    assert reveals.revealed([ONE.sha, OTHER.sha]) == {ONE.sha}

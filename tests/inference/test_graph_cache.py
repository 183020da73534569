"""Kept graphs: what nobody uses goes, the limit holds, what is open stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from breastview import paths
from breastview.inference import graph_cache
from breastview.session import bundles

KIB = 1024
OPEN, WANTED, GONE = "aaaaaaaaaaaa-1-2.0", "bbbbbbbbbbbb-1-2.0", "cccccccccccc-1-2.0"
LATENCY, THROUGHPUT = "latency-2", "throughput-2"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "cache_folder", lambda: tmp_path)
    return tmp_path / graph_cache.FOLDER


def graph(name: str, days: float, *uses: str) -> Path:
    """Keep a graph, last used some days ago, with what was compiled of it; one KiB each."""
    place = graph_cache.folder() / name
    for entry in (place, *(graph_cache.compiled(place, use) for use in uses)):
        entry.mkdir(parents=True)
        (entry / "content.bin").write_bytes(b"0" * KIB)
        _aged(entry, days)
    return place


def _aged(path: Path, days: float) -> None:
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))


def kept() -> set[str]:
    return {path.name for path in graph_cache.folder().iterdir()}


def test_what_no_installed_bundle_uses_goes_once_it_was_not_used_for_a_week() -> None:
    graph(WANTED, 300, LATENCY)
    graph(GONE, 8, LATENCY)
    graph("dddddddddddd-1-1.9", 6)
    graph_cache.tidy({OPEN, WANTED}, OPEN)
    assert kept() == {WANTED, f"{WANTED}_{LATENCY}", "dddddddddddd-1-1.9"}


def test_what_earlier_versions_and_killed_processes_left_goes(cache: Path) -> None:
    graph(OPEN, 0)
    left = [cache / name for name in ("4495144354646097440.blob", f"{OPEN}.xml", "making-x_1y")]
    left[-1].mkdir()
    for path in left[:-1]:
        path.write_bytes(b"0")
    for path in left:
        _aged(path, 30)
    graph_cache.tidy({OPEN}, OPEN)
    assert kept() == {OPEN}


def test_beyond_the_limit_the_entry_used_longest_ago_goes_but_never_what_is_open() -> None:
    graph(OPEN, 9, LATENCY, THROUGHPUT)
    graph(WANTED, 3, THROUGHPUT)
    _aged(graph(GONE, 2), 2)
    graph_cache.tidy({OPEN, WANTED}, OPEN, limit=4 * KIB)
    assert kept() == {OPEN, f"{OPEN}_{LATENCY}", f"{OPEN}_{THROUGHPUT}", GONE}
    graph_cache.tidy({OPEN, WANTED}, OPEN, limit=KIB)
    assert kept() == {OPEN, f"{OPEN}_{LATENCY}", f"{OPEN}_{THROUGHPUT}"}


def test_an_entry_that_is_used_again_is_the_youngest() -> None:
    again = graph(GONE, 30)
    assert graph_cache.used(again)
    graph_cache.tidy(set(), OPEN)
    assert kept() == {GONE}


def test_the_installed_bundles_are_known_by_their_manifests() -> None:
    assert graph_cache.installed() == {one.stamp.hash for one in bundles.installed()}


def test_whether_a_graph_is_kept_is_told_by_the_hash_of_its_bundle() -> None:
    assert not graph_cache.holds("aaaaaaaaaaaa")
    graph(OPEN, 0)
    assert graph_cache.holds("aaaaaaaaaaaa") and not graph_cache.holds("bbbbbbbbbbbb")

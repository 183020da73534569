"""The disk cache finds what was put, forgets the oldest, survives damage, other processes, a full disk."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from breastview.inference import analysis_file
from breastview.inference.result_cache import ResultCache
from tests.inference.phantoms import analysis, same

BUNDLE = "abcdef012345"
ENTRY = len(analysis_file.dumps(analysis()))


@pytest.fixture
def cache(tmp_path):
    return ResultCache(tmp_path / "results", 100 * ENTRY)


def files(cache):
    return [path for path, _, _ in cache._entries()]


def test_what_was_put_is_found_under_its_key_only(cache):
    cache.put("f" * 64, 3, BUNDLE, analysis())
    assert same(cache.get("f" * 64, 3, BUNDLE), analysis())
    assert cache.get("f" * 64, 2, BUNDLE) is None
    assert cache.get("e" * 64, 3, BUNDLE) is None
    assert cache.get("f" * 64, 3, "0" * 12) is None


def test_another_object_on_the_same_folder_finds_it_too(cache):
    cache.put("f" * 64, 0, BUNDLE, analysis())
    assert same(ResultCache(cache.folder, 10**6).get("f" * 64, 0, BUNDLE), analysis())


def test_a_damaged_entry_is_a_miss_and_is_removed(cache):
    cache.put("f" * 64, 0, BUNDLE, analysis())
    (path,) = files(cache)
    path.write_bytes(path.read_bytes()[:100])
    assert cache.get("f" * 64, 0, BUNDLE) is None
    assert files(cache) == []
    cache.put("f" * 64, 0, BUNDLE, analysis())
    assert cache.get("f" * 64, 0, BUNDLE) is not None


def test_an_entry_of_another_bundle_under_this_name_is_a_miss(cache):
    cache.put("f" * 64, 0, "0" * 12, analysis())
    assert cache.get("f" * 64, 0, "0" * 12) is None


def test_the_entries_used_longest_ago_go_first_and_the_limit_is_kept(tmp_path):
    cache = ResultCache(tmp_path, 10 * ENTRY)
    for number in range(9):
        cache.put(f"{number:064}", 0, BUNDLE, analysis())
    for age, path in enumerate(sorted(files(cache), key=lambda p: p != cache._path(f"{0:064}", 0, BUNDLE))):
        os.utime(path, (1000 + age, 1000 + age))
    assert cache.get(f"{0:064}", 0, BUNDLE) is not None  # the oldest one is used again
    for number in range(9, 30):
        cache.put(f"{number:064}", 0, BUNDLE, analysis())
        assert cache.size() <= cache.limit_bytes
        cache.get(f"{0:064}", 0, BUNDLE)
        _older_than_the_first(cache)
    assert cache.get(f"{0:064}", 0, BUNDLE) is not None
    assert cache.get(f"{1:064}", 0, BUNDLE) is None
    assert cache.get(f"{29:064}", 0, BUNDLE) is not None


def _older_than_the_first(cache):
    """Spread the times of use, which a quick test would write within one tick of the clock."""
    kept = cache._path(f"{0:064}", 0, BUNDLE)
    for age, (path, _, used) in enumerate(sorted(cache._entries(), key=lambda entry: entry[2])):
        if path != kept and used > 10**6:
            os.utime(path, (2000 + age, 2000 + age))


def test_an_entry_larger_than_the_limit_is_not_kept(tmp_path):
    cache = ResultCache(tmp_path, 100)
    cache.put("f" * 64, 0, BUNDLE, analysis())
    assert cache.get("f" * 64, 0, BUNDLE) is None


def test_a_folder_that_cannot_be_written_only_loses_the_result(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = ResultCache(tmp_path / "file", 10**6)
    cache.put("f" * 64, 0, BUNDLE, analysis())
    assert cache.get("f" * 64, 0, BUNDLE) is None


def test_what_a_killed_process_left_counts_and_goes(cache):
    cache.put("f" * 64, 0, BUNDLE, analysis())
    (path,) = files(cache)
    (path.parent / f".{path.stem}.x1y2.part.analysis").write_bytes(b"half")
    assert cache.size() > path.stat().st_size
    cache.clear()
    assert cache.size() == 0


def test_no_name_of_a_file_gets_outside_the_folder(cache, tmp_path):
    cache.put("../../etc/passwd", 0, BUNDLE, analysis())
    assert all(cache.folder in path.parents for path in files(cache))
    assert {p.name for p in tmp_path.iterdir()} == {"results"}


def _hammer(folder, seed, failures):
    cache = ResultCache(folder, 6 * ENTRY)
    for step in range(40):
        number = (seed * 7 + step) % 9
        found = cache.get(f"{number:064}", 0, BUNDLE)
        if found is not None and not same(found, analysis(number)):
            failures.put(number)
        cache.put(f"{number:064}", 0, BUNDLE, analysis(number))


def test_processes_that_share_the_folder_never_read_half_an_entry(tmp_path):
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    workers = [context.Process(target=_hammer, args=(tmp_path, seed, failures)) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert failures.empty()
    assert not list(tmp_path.rglob("*.part*"))

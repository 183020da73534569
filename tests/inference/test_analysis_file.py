"""Analyses survive being written and read; damaged bytes are told from sound ones."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from breastview.inference import analysis_file
from breastview.study.kind import Kind
from tests.inference.phantoms import analysis, same


@pytest.mark.parametrize("made", [analysis(), analysis(1), analysis(2, refused=True)], ids=str)
def test_an_analysis_comes_back_to_the_last_bit(made):
    assert same(analysis_file.loads(analysis_file.dumps(made)), made)


def test_an_analysis_without_lesion_and_flags_comes_back():
    empty = replace(analysis(), mask=np.zeros((7, 9), bool), findings=(), flags=())
    empty = replace(empty, heat=replace(empty.heat, share_inside=None))
    assert same(analysis_file.loads(analysis_file.dumps(empty)), empty)


def test_what_kind_was_read_by_what_sort_of_model_comes_back():
    made = replace(analysis(), kind=Kind.HISTOLOGY, experimental=True, suspicious="idc", area_share=0.25)
    assert same(analysis_file.loads(analysis_file.dumps(made)), made)
    unknown = replace(analysis(refused=True), kind=None)
    assert analysis_file.loads(analysis_file.dumps(unknown)).kind is None


def test_results_kept_before_there_were_kinds_are_those_of_ultrasound():
    with np.load(io.BytesIO(analysis_file.dumps(analysis()))) as kept:
        arrays = dict(kept)
    words = json.loads(arrays["words"].tobytes())
    for name in ("kind", "experimental", "suspicious", "area_share"):
        del words[name]
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    older = io.BytesIO()
    np.savez_compressed(older, **arrays)
    assert same(analysis_file.loads(older.getvalue()), analysis())


def test_other_analyses_are_not_the_same():
    assert not same(analysis(), analysis(1))


def test_a_file_that_ends_early_is_no_analysis():
    content = analysis_file.dumps(analysis())
    for length in (0, 1, 50, len(content) // 2, len(content) - 1):
        with pytest.raises(ValueError):
            analysis_file.loads(content[:length])


def test_damaged_bytes_give_a_value_error_or_the_same_analysis():
    made = analysis()
    content = analysis_file.dumps(made)
    rng = np.random.default_rng(0)
    for _ in range(400):
        damaged = bytearray(content)
        for place in rng.integers(0, len(content), rng.integers(1, 4)):
            damaged[place] ^= int(rng.integers(1, 256))
        try:
            found = analysis_file.loads(bytes(damaged))
        except ValueError:
            continue
        assert same(found, made)  # a bit of the archive that carries nothing (times, attributes)


def test_another_version_is_refused(monkeypatch):
    content = analysis_file.dumps(analysis())
    monkeypatch.setattr(analysis_file, "VERSION", 999)
    with pytest.raises(ValueError, match="999"):
        analysis_file.loads(content)


def test_no_object_of_python_is_ever_unpickled(tmp_path):
    np.savez(tmp_path / "bad.npz", words=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError):
        analysis_file.loads((tmp_path / "bad.npz").read_bytes())

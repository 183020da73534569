"""Hashes of files."""

from __future__ import annotations

import hashlib

import pytest

from breastview.errors import UnreadableFile
from breastview.inference.hashing import file_hash


def test_the_hash_is_the_sha256_of_the_bytes_whatever_the_name(tmp_path):
    content = bytes(range(256)) * 5000
    for name in ("a.png", "ひと.dcm"):
        (tmp_path / name).write_bytes(content)
        assert file_hash(tmp_path / name) == hashlib.sha256(content).hexdigest()


def test_a_file_that_is_gone_is_reported_by_name(tmp_path):
    with pytest.raises(UnreadableFile, match=r"gone\.png"):
        file_hash(tmp_path / "gone.png")

"""Bundles whose hashes fit and whose content no sound maker wrote: refused, and the others still listed."""

from __future__ import annotations

import copy
import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breastview.errors import BundleError
from breastview.inference import bundle as bundles
from breastview.session.bundles import installed
from tests import doubles
from tests.inference import bundle_files

DEEP = b"[" * 100_000 + b"]" * 100_000
ODD = (None, "x", float("inf"))


def packed(content: bytes, method: int | None = None, flags: int = 0) -> bytes:
    """Return an .npz file of one member that says another method, or that it is encrypted."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("0000.npy", content)
        member = archive.filelist[-1]
        member.compress_type = member.compress_type if method is None else method
        member.flag_bits |= flags
    return stream.getvalue()


def claiming(shape: str) -> bytes:
    """Return an array that says it is far larger than it is."""
    words = f"{{'descr': '<f2', 'fortran_order': False, 'shape': {shape}, }}".encode()
    words += b" " * (63 - (10 + len(words)) % 64) + b"\n"
    return packed(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words)) + words + bytes(8))


def spoilt() -> bytes:
    """Return weights whose packed bytes are damaged."""
    stream = io.BytesIO()
    np.savez_compressed(stream, **{"0000": np.random.default_rng(0).random((200, 300)).astype(np.float16)})
    content = bytearray(stream.getvalue())
    content[200:260] = b"\xff" * 60
    return bytes(content)


WEIGHTS = {
    "damaged": spoilt(), "no array": packed(b"x" * 100), "unknown method": packed(b"x" * 100, method=99),
    "encrypted": packed(b"x" * 100, flags=1), "petabytes": claiming("(1000000000000000,)"),
    "gigabytes": claiming("(100000000000,)"), "negative": claiming("(-1,)"),
}  # fmt: skip


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_weights_that_are_vouched_for_and_no_numbers_are_refused(weights: bytes, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"plain numbers|finite float16"):
        bundles.load_bundle(bundle_files.write(tmp_path / "tiny", weights=weights))


def test_weights_that_would_fill_the_memory_are_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    monkeypatch.setattr(bundles, "LARGEST", 100)
    monkeypatch.setattr(np, "load", lambda *asked, **options: pytest.fail("it was read"))
    with pytest.raises(BundleError, match="unpack to more than"):
        bundles.load_bundle(folder)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every entry of a manifest."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*way, key)
        yield from places(held, (*way, key))


def test_no_value_in_a_manifest_does_more_than_get_it_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = bundle_files.manifest()
    models = tmp_path / "models"
    doubles.install(monkeypatch, models)
    for way in places(sound):
        for odd in ODD:
            forged = copy.deepcopy(sound)
            holder = forged
            for key in way[:-1]:
                holder = holder[key]
            holder[way[-1]] = odd
            bundles.list_bundles(bundle_files.write(models / "forged", forged).parent)
            assert "stand-in" in {one.stamp.name for one in installed()}, (way, odd)


@pytest.mark.parametrize("file", ["manifest.json", "network.json", "metrics.json"])
def test_words_nested_without_end_are_refused(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    deep = b'{"sets": ' + DEEP + b"}"
    folder = bundle_files.write(tmp_path / "models" / "deep", **{file.partition(".")[0]: deep})
    if file == "manifest.json":
        (folder / file).write_bytes(deep)
    with pytest.raises(BundleError):
        bundles.load_bundle(folder)
    assert "stand-in" in {one.stamp.name for one in installed()}


def test_a_bundle_can_name_no_file_outside_its_folder(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in ("../secret", "/etc/passwd", "a\0b"):
        (folder / "manifest.json").write_text(
            json.dumps(manifest | {"files": manifest["files"] | {name: "0"}}), encoding="utf-8"
        )
        with pytest.raises(BundleError):
            bundles.load_bundle(folder)

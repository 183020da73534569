"""A bundle that was tampered with, at any byte, is refused before anything of it is built."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from breastview.errors import BundleError
from breastview.inference import bundle as bundles
from tests.faults.campaign import figure, trials
from tests.inference import bundle_files


def test_no_changed_byte_gets_as_far_as_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    sound = {path: path.read_bytes() for path in sorted(folder.iterdir())}
    stamp, chance, count = bundles.load_bundle(folder).stamp, random.Random(3), trials(3000, 200)
    others = 0
    for trial in range(count):
        path = list(sound)[trial % len(sound)]
        content = bytearray(sound[path])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        if path.name == "manifest.json":  # nothing vouches for it but its own hash, which is in every output
            try:
                assert bundles.load_bundle(folder).stamp.hash != stamp.hash
                others += 1
            except BundleError:
                pass
        else:
            with pytest.raises(BundleError, match=r"was changed.*Install the bundle again"):
                bundles.load_bundle(folder)
        path.write_bytes(sound[path])
    assert bundles.load_bundle(folder).stamp == stamp
    figure(
        "one bit changed in a bundle", count, 0, None, None,
        f"all refused but {others} in words of the manifest: a bundle of another hash",
    )  # fmt: skip


def test_a_bundle_that_is_refused_has_loaded_no_library_that_could_run_it(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    (folder / "weights.npz").write_bytes(b"PK\x03\x04" + bytes(100))
    before = set(sys.modules)
    with pytest.raises(BundleError):
        bundles.load_bundle(folder)
    assert not {
        name for name in set(sys.modules) - before if name.split(".")[0] in ("keras", "tensorflow", "pickle")
    }

"""Bundles: what is sound loads, what was touched or could run is refused, with the reason."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from breastview.errors import BundleError
from breastview.inference.bundle import list_bundles, load_bundle
from breastview.study.kind import Kind
from tests.inference import bundle_files


def test_a_sound_bundle_is_read_whole(tmp_path: Path) -> None:
    bundle = load_bundle(bundle_files.write(tmp_path / "tiny"))
    assert (bundle.name, bundle.version, bundle.modality, bundle.size) == ("tiny", "0.1.0", "US", 64)
    assert bundle.classes == ("normal", "benign", "malignant")
    assert bundle.layers["mask_features"] == "mask_features"
    assert (bundle.thresholds.mask, bundle.thresholds.min_area_fraction) == (0.5, 0.002)
    assert bundle.weights[0].dtype == np.float16 and bundle.weights[0].shape == (2, 3)
    assert bundle.card.startswith("# A tiny bundle")
    assert bundle.calibration.probabilities(np.zeros(3)) == pytest.approx([1 / 3] * 3)


def test_an_older_manifest_is_one_of_ultrasound_in_letterboxed_luminance(tmp_path: Path) -> None:
    bundle = load_bundle(bundle_files.write(tmp_path / "tiny"))
    assert (bundle.kind, bundle.colour, bundle.preparation) == (Kind.ULTRASOUND, "luminance", "letterbox")
    assert (bundle.experimental, bundle.suspicious) == (False, "malignant")


def test_a_manifest_says_what_pictures_it_was_made_for(tmp_path: Path) -> None:
    kind = {"modality": "SM", "um_per_px": 2.0, "experimental": True, "note": "Patches of one scanner."}
    given = {"size": 64, "colour": "rgb", "preparation": "tiles", "tile": 50, "overlap": 25}
    calibration = bundle_files.manifest()["calibration"]
    calibration["reliability"] = calibration["reliability"] | {"class": "idc"}
    calibration |= {"scale": [1, 1], "bias": [0, 0]}
    entries = {"kind": kind, "input": given, "classes": ["non-idc", "idc"], "calibration": calibration}
    bundle = load_bundle(bundle_files.write(tmp_path / "tiny", entries))
    assert (bundle.kind, bundle.modality, bundle.colour, bundle.preparation) == (
        Kind.HISTOLOGY, "SM", "rgb", "tiles",
    )  # fmt: skip
    assert (bundle.experimental, bundle.suspicious, bundle.intended.um_per_px) == (True, "idc", 2.0)
    assert (bundle.intended.tile, bundle.intended.overlap) == (50, 25)


def test_its_hash_is_that_of_the_manifest_and_goes_into_the_stamp(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    bundle = load_bundle(folder)
    assert bundle.hash == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()[:12]
    assert str(bundle.stamp) == f"tiny 0.1.0 ({bundle.hash})"
    other = load_bundle(
        bundle_files.write(tmp_path / "other", weights=bundle_files.npz(**{"0000": np.zeros(3, np.float16)}))
    )
    assert other.hash != bundle.hash


@pytest.mark.parametrize("name", ["network.json", "weights.npz", "metrics.json", "CARD.md"])
def test_one_changed_byte_is_refused_and_the_file_named(tmp_path: Path, name: str) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BundleError, match=rf"tiny: .*{name} was changed.*Install the bundle again"):
        load_bundle(folder)


@pytest.mark.parametrize("name", ["network.json", "weights.npz", "manifest.json"])
def test_a_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"{name} cannot be read"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"schema": "breastview-bundle/9"}, "schema"),
        ({"classes": ["benign"]}, "two or more"),
        ({"classes": ["benign", "benign", "malignant"]}, "different classes"),
        (
            {"layers": {"features": "x", "logits": "logits", "mask": "mask", "mask_features": "mask"}},
            "no layer x",
        ),
        ({"layers": {"features": "features"}}, "neither logits nor a mask"),
        ({"layers": {"logits": "logits"}}, "no entry 'features'"),
        ({"input": {"size": 65, "colour": "luminance"}}, "multiple of 32"),
        ({"input": {"size": 64, "colour": "cmyk"}}, "unknown colour"),
        ({"input": {"size": 64, "colour": "rgb", "tile": 50, "overlap": 50}}, "overlap"),
        ({"kind": {"modality": "CT"}}, "not known, 'CT'"),
        ({"kind": {"modality": "SM", "um_per_px": 0}}, "um_per_px is no positive number"),
        ({"suspicious": "idc"}, "none of its classes"),
        ({"thresholds": {"mask": 1.5, "min_area_fraction": 0}}, "outside 0..1"),
        ({"calibration": {"method": "none"}}, "unknown calibration"),
        ({"kind": None}, "contradicts itself"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    tmp_path: Path, entries: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BundleError, match=reason):
        load_bundle(bundle_files.write(tmp_path / "tiny", entries))


def test_a_manifest_that_lists_other_files_is_refused(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../../etc/passwd"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match="exactly the files"):
        load_bundle(folder)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"[" * 100_000, b"\xff\xfe"])
def test_a_manifest_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(BundleError, match=r"manifest\.json (is no JSON|holds no object)"):
        load_bundle(folder)


LAMBDA = {"class_name": "__lambda__", "config": {"value": "4wEAAAAA"}}
FOREIGN = {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}
CUSTOM = {"module": "mine", "class_name": "Conv2D", "config": {}, "registered_name": "mine>Conv2D"}


@pytest.mark.parametrize(
    "planted",
    [
        bundle_files.layer("Lambda", "features", function=LAMBDA),
        bundle_files.layer("TFSMLayer", "features", filepath="/tmp/x"),
        bundle_files.layer("Conv2D", "features", module="mine.layers"),
        bundle_files.layer("Conv2D", "features") | {"registered_name": "mine>Conv2D"},
        bundle_files.layer("Conv2D", "features", activation=FOREIGN),
        bundle_files.layer("Conv2D", "features", kernel_initializer=[{"deep": CUSTOM}]),
        bundle_files.layer("Activation", "features", activation=LAMBDA),
        bundle_files.layer("Functional", "features"),
        "no layer",
    ],
)
def test_a_network_with_anything_but_stock_layers_is_refused(tmp_path: Path, planted: Any) -> None:
    network = bundle_files.network()
    network["layers"][1] = planted
    with pytest.raises(BundleError, match="its network holds"):
        load_bundle(bundle_files.write(tmp_path / "tiny", network=json.dumps(network).encode()))


def test_pickled_weights_are_refused_and_not_run(tmp_path: Path) -> None:
    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "ran",)

    weights = bundle_files.npz(**{"0000": np.array([Touch()], dtype=object)})
    with pytest.raises(BundleError, match="other than plain numbers"):
        load_bundle(bundle_files.write(tmp_path / "tiny", weights=weights))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("weights", "reason"),
    [
        (b"not a zip", "plain numbers"),
        (bundle_files.npz(**{"0000": np.ones(3, np.float64)}), "finite float16"),
        (bundle_files.npz(**{"0000": np.array([np.nan], np.float16)}), "finite float16"),
    ],
)
def test_weights_of_another_kind_are_refused(tmp_path: Path, weights: bytes, reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        load_bundle(bundle_files.write(tmp_path / "tiny", weights=weights))


def test_good_and_refused_bundles_are_listed_apart(tmp_path: Path) -> None:
    bundle_files.write(tmp_path / "good")
    bundle_files.write(tmp_path / "bad", {"schema": "x"})
    (tmp_path / "no bundle").mkdir()
    good, refused = list_bundles(tmp_path)
    assert [bundle.folder.name for bundle in good] == ["good"]
    assert [path.name for path, _ in refused] == ["bad"] and "schema" in str(refused[0][1])
    assert list_bundles(tmp_path / "nowhere") == ((), ())


def test_reading_a_bundle_loads_no_keras(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    code = (
        "import sys; from pathlib import Path; from breastview.inference.bundle import load_bundle;"
        f"load_bundle(Path({str(folder)!r})); print({{'keras', 'tensorflow', 'cv2'}} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout.strip() == "set()"


def test_weights_left_packed_are_those_of_the_file_and_still_verified(tmp_path: Path) -> None:
    folder = bundle_files.write(tmp_path / "tiny")
    packed = load_bundle(folder, unpack=False).weights
    for one, other in zip(packed, load_bundle(folder).weights, strict=True):
        np.testing.assert_array_equal(one, other)
    late = load_bundle(folder, unpack=False)
    (folder / "weights.npz").write_bytes(b"another")
    with pytest.raises(BundleError, match="was changed"):
        len(late.weights)
    with pytest.raises(BundleError, match="was changed"):
        load_bundle(folder, unpack=False)


def test_packed_weights_that_are_no_numbers_are_refused_when_they_are_asked_for(tmp_path: Path) -> None:
    weights = bundle_files.npz(**{"0000": np.array([np.nan], np.float16)})
    late = load_bundle(bundle_files.write(tmp_path / "tiny", weights=weights), unpack=False)
    with pytest.raises(BundleError, match="finite"):
        late.weights[0]

"""Model bundles: a folder of data without code, verified before anything is built from it.

What was hashed is what is used. No byte of it can run: the network is a configuration
of stock Keras layers from a fixed list, the weights are plain numbers.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import BundleError
from breastview.inference.calibration import Calibration
from breastview.inference.intended import Intended, intended
from breastview.study import shipped
from breastview.study.analysis import BundleStamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.study.kind import Kind

SCHEMA = "breastview-bundle/1"
MANIFEST = "manifest.json"
WEIGHTS = "weights.npz"
FILES = ("network.json", WEIGHTS, "metrics.json", "CARD.md")
OUTPUTS = {"logits": "features", "mask": "mask_features"}  # an output, and the layer its Grad-CAM is taken at
ATTENTION = ("attention", "evidence")  # what an attentive classifier takes from the mask, where it is one
SHORT = 12  # hex digits of a manifest's SHA-256 that name a bundle
LARGEST = 2**31  # bytes of unpacked weights; the largest architecture here needs a twentieth

LAYERS = frozenset(
    {
        "Activation",
        "Add",
        "Average",
        "AveragePooling2D",
        "BatchNormalization",
        "Concatenate",
        "Conv2D",
        "Conv2DTranspose",
        "Cropping2D",
        "Dense",
        "DepthwiseConv2D",
        "Dropout",
        "Embedding",
        "Flatten",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "GroupNormalization",
        "InputLayer",
        "LayerNormalization",
        "LeakyReLU",
        "Maximum",
        "MaxPooling2D",
        "MultiHeadAttention",
        "Multiply",
        "Normalization",
        "ReLU",
        "Rescaling",
        "Reshape",
        "SeparableConv2D",
        "SpatialDropout2D",
        "Subtract",
        "UpSampling2D",
        "ZeroPadding2D",
    }
)
# What a layer's configuration may hold besides numbers and words, by module.
PARTS: dict[str, frozenset[str]] = {
    "keras.layers": LAYERS,
    "keras": frozenset({"DTypePolicy"}),
    "keras.initializers": frozenset(
        {
            "Constant",
            "GlorotNormal",
            "GlorotUniform",
            "HeNormal",
            "HeUniform",
            "Ones",
            "RandomNormal",
            "RandomUniform",
            "TruncatedNormal",
            "VarianceScaling",
            "Zeros",
        }
    ),
    "keras.regularizers": frozenset({"L1", "L2", "L1L2"}),
}


@dataclass(frozen=True)
class Thresholds:
    """Where a mask begins.

    Attributes
    ----------
    mask : float
        Smallest probability of a lesion pixel, 0..1.
    min_area_fraction : float
        Components smaller than this share of the picture's pixels are dropped, 0..1.
    """

    mask: float
    min_area_fraction: float


@dataclass(frozen=True, eq=False)
class Bundle:
    """A verified bundle, in memory but for weights that nobody asked for yet.

    Attributes
    ----------
    folder : Path
    name, version, title : str
    hash : str
        First 12 hex digits of the manifest's SHA-256, which covers every other file by its hash.
    architecture : str
    classes : tuple[str, ...]
        In the order of the logits; none where the network only draws masks.
    size : int
        Side of the square input, px.
    layers : Mapping[str, str]
        Roles features, logits, mask, mask_features -> layer names of the network. A classifier has not the
        last two, a segmenter not the first two.
    thresholds : Thresholds
    calibration : Calibration
    network : dict
        Functional configuration, for ``keras.Model.from_config``.
    weights : sequence of ndarray
        float16, in the order of ``model.weights``.
    metrics, manifest : dict
    card : str
        The model card, Markdown.
    intended : Intended
        What pictures it was made for, and the way they take to its input.
    shipped : bool
        Whether it is, to the last byte, one that came with this version of the program.
    """

    folder: Path
    name: str
    version: str
    title: str
    hash: str
    architecture: str
    classes: tuple[str, ...]
    size: int
    layers: Mapping[str, str]
    thresholds: Thresholds
    calibration: Calibration
    network: dict[str, Any]
    weights: Sequence[NDArray[np.float16]]
    metrics: dict[str, Any]
    manifest: dict[str, Any]
    card: str
    intended: Intended = field(default=Intended())
    shipped: bool = False

    @property
    def kind(self) -> Kind:
        """The kind of picture it reads."""
        return self.intended.kind

    @property
    def modality(self) -> str:
        """DICOM modality of the pictures it reads."""
        return self.kind.value

    @property
    def colour(self) -> str:
        """What its input holds: ``"luminance"`` or ``"rgb"``."""
        return self.intended.colour

    @property
    def preparation(self) -> str:
        """Name of the plug-in of ``inference/preparation/`` that makes its input."""
        return self.intended.preparation

    @property
    def experimental(self) -> bool:
        """Whether too little is known of it to be more than a demonstration."""
        return self.intended.experimental

    @property
    def suspicious(self) -> str:
        """Name of the class that is to be found, empty where it has no classes."""
        return self.intended.suspicious

    @property
    def classifies(self) -> bool:
        """Whether it gives probabilities of classes."""
        return "logits" in self.layers

    @property
    def segments(self) -> bool:
        """Whether it draws a mask."""
        return "mask" in self.layers

    @property
    def stamp(self) -> BundleStamp:
        """Name, version and hash, as every output of the reading carries them."""
        return BundleStamp(self.name, self.version, self.hash)


class Packed(Sequence["NDArray[np.float16]"]):
    """Weights of a bundle that are read, verified and unpacked when the first one is asked for.

    Parameters
    ----------
    folder : Path
    sha : str
        What the manifest says of their file.
    """

    def __init__(self, folder: Path, sha: str) -> None:
        self._folder, self._sha = folder, sha

    @cached_property
    def _all(self) -> tuple[NDArray[np.float16], ...]:
        return _weights(self._folder, _unchanged(self._folder, WEIGHTS, self._sha))

    def __getitem__(self, place: Any) -> Any:
        """Return one of them, or several."""
        return self._all[place]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._all)


def list_bundles(folder: Path) -> tuple[tuple[Bundle, ...], tuple[tuple[Path, BundleError], ...]]:
    """Load every bundle in the sub-folders of `folder`; those refused come with the reason.

    Sub-folders without a manifest are no bundles and are passed over.
    """
    good: list[Bundle] = []
    refused: list[tuple[Path, BundleError]] = []
    for manifest in sorted(folder.glob(f"*/{MANIFEST}")):
        try:
            good.append(load_bundle(manifest.parent))
        except BundleError as error:
            refused.append((manifest.parent, error))
    return tuple(good), tuple(refused)


def load_bundle(folder: Path, unpack: bool = True) -> Bundle:
    """Read and verify a bundle.

    Parameters
    ----------
    folder : Path
    unpack : bool
        Whether the weights are unpacked now, or when they are first asked for, which a graph that is kept
        never does. Their file is verified either way.

    Raises
    ------
    BundleError
        Where a file is missing, changed or of the wrong kind, or the network holds anything but stock layers.
    """
    raw = _read(folder, MANIFEST)
    manifest = _json(folder, MANIFEST, raw)
    if manifest.get("schema") != SCHEMA:
        raise _refusal(folder, f"its schema is {manifest.get('schema')!r}, this application reads {SCHEMA!r}")
    contents = _verified(folder, manifest)
    network = _json(folder, "network.json", contents["network.json"])
    names = _checked_network(folder, network)
    packed = contents.pop(WEIGHTS)
    weights = _weights(folder, packed) if unpack else Packed(folder, manifest["files"][WEIGHTS])
    try:
        return _assemble(folder, raw, manifest, network, names, contents, weights)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        reason = f"no entry {error}" if isinstance(error, KeyError) else str(error)
        raise _refusal(folder, f"its manifest is incomplete or contradicts itself ({reason})") from error


def _assemble(
    folder: Path,
    raw: bytes,
    manifest: dict[str, Any],
    network: dict[str, Any],
    names: frozenset[str],
    contents: dict[str, bytes],
    weights: Sequence[NDArray[np.float16]],
) -> Bundle:
    classes = tuple(str(name) for name in manifest["classes"])
    layers = _roles(manifest["layers"])
    if "logits" not in layers and classes:
        raise ValueError("it has classes, but no layer that gives them")
    if "logits" in layers and (len(classes) < 2 or len(set(classes)) != len(classes)):
        raise ValueError("it needs two or more different classes")
    missing = sorted(set(layers.values()) - names)
    if missing:
        raise ValueError(f"its network has no layer {', '.join(missing)}")
    size = int(manifest["input"]["size"])
    if size < 32 or size % 32:
        raise ValueError("the input is not a square of a multiple of 32 px")
    levels = manifest["thresholds"]
    thresholds = Thresholds(float(levels["mask"]), float(levels["min_area_fraction"]))
    if not (0 < thresholds.mask < 1 and 0 <= thresholds.min_area_fraction < 1):
        raise ValueError("its thresholds lie outside 0..1")
    return Bundle(
        folder=folder,
        name=str(manifest["name"]),
        version=str(manifest["version"]),
        title=str(manifest["title"]),
        hash=(whole := hashlib.sha256(raw).hexdigest())[:SHORT],
        architecture=str(manifest["architecture"]),
        classes=classes,
        size=size,
        layers=layers,
        thresholds=thresholds,
        calibration=Calibration.from_manifest(manifest),
        network=network,
        weights=weights,
        metrics=_json(folder, "metrics.json", contents["metrics.json"]),
        manifest=manifest,
        card=contents["CARD.md"].decode("utf-8"),
        intended=intended(manifest),
        shipped=shipped.came_along(whole),
    )


def _roles(named: Mapping[str, Any]) -> dict[str, str]:
    """Return the layers of the outputs there are, each with the layer its Grad-CAM is taken at."""
    present = [output for output in OUTPUTS if output in named]
    if not present:
        raise ValueError("it names neither logits nor a mask")
    roles = [role for output in present for role in (OUTPUTS[output], output)]
    return {role: str(named[role]) for role in (*roles, *(role for role in ATTENTION if role in named))}


def _refusal(folder: Path, reason: str) -> BundleError:
    return BundleError(f"the model is refused: {reason}", folder, "Install the bundle again from its source.")


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise _refusal(folder, f"{name} cannot be read ({error.strerror or error})") from error


def _json(folder: Path, name: str, raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _refusal(folder, f"{name} is no JSON") from error
    if not isinstance(value, dict):
        raise _refusal(folder, f"{name} holds no object")
    return value


def _verified(folder: Path, manifest: dict[str, Any]) -> dict[str, bytes]:
    """Return the content of every file, each matching its hash in the manifest."""
    hashes = manifest.get("files")
    if not isinstance(hashes, dict) or set(hashes) != set(FILES):
        raise _refusal(folder, f"its manifest does not list exactly the files {', '.join(FILES)}")
    return {name: _unchanged(folder, name, hashes[name]) for name in FILES}


def _unchanged(folder: Path, name: str, sha: str) -> bytes:
    """Return the content of a file that matches its hash."""
    content = _read(folder, name)
    if hashlib.sha256(content).hexdigest() != sha:
        raise _refusal(folder, f"{name} was changed after the bundle was made (its SHA-256 differs)")
    return content


def _checked_network(folder: Path, network: dict[str, Any]) -> frozenset[str]:
    """Return the names of the network's layers, all of which are stock layers made of harmless parts."""
    layers = network.get("layers")
    if not isinstance(layers, list) or not layers:
        raise _refusal(folder, "network.json is no functional network")
    for layer in layers:
        kind = layer.get("class_name") if isinstance(layer, dict) else None
        if kind not in LAYERS or layer.get("module") != "keras.layers" or layer.get("registered_name"):
            raise _refusal(folder, f"its network holds a layer of kind {kind!r}, which is no stock layer")
    for part in _objects(network):
        kind, module = part.get("class_name"), part.get("module")
        is_tensor = kind == "__keras_tensor__" and module is None
        if not is_tensor and (kind not in PARTS.get(str(module), ()) or part.get("registered_name")):
            raise _refusal(folder, f"its network holds {module}.{kind}, which is no stock part")
    return frozenset(str(layer.get("name")) for layer in layers)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every serialised object in a JSON value: whatever could make Keras look up a class."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if {"class_name", "module", "registered_name"} & item.keys():
                yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _weights(folder: Path, raw: bytes) -> tuple[NDArray[np.float16], ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise _refusal(folder, "its weights unpack to more than 2 GiB")
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            weights = tuple(arrays[key] for key in sorted(arrays.files))
    except BundleError:
        raise
    except Exception as error:  # what somebody made up fails in every way NumPy, ZIP and its packers know
        raise _refusal(folder, f"{WEIGHTS} holds something other than plain numbers") from error
    # What is no array at all comes as its bytes.
    if any(getattr(one, "dtype", None) != np.float16 or not np.isfinite(one).all() for one in weights):
        raise _refusal(folder, "its weights are not finite float16 numbers")
    return weights

"""Every architecture that can be asked for by name keeps the contract; a new one is tested by being there.

All are built and looked at; one of each builder, made small, also answers, travels as data and explains
itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from breastview.errors import TrainingError  # noqa: E402
from breastview.inference import bundle as bundles  # noqa: E402
from breastview.inference import keras_network, runtime  # noqa: E402
from breastview.networks import architectures, catalogue, pretrained, serialise  # noqa: E402
from breastview.networks.backbones import applications, convnext, vit  # noqa: E402
from breastview.networks.backbones import catalogue as encoders  # noqa: E402
from breastview.networks.backbones.pyramid import Encoder  # noqa: E402
from breastview.networks.specification import Network, NetworkConfig  # noqa: E402
from tests.inference import bundles as bundle_doubles  # noqa: E402

SIZE = 96
CONFIG = NetworkConfig(size=SIZE, pooling="max", hidden=((16, 0.1),))
# One of each builder: small as it is, or made so by `_small`.
PLAIN = (
    "cnn", "mobilenetv2", "convnexttiny", "vit-b16", "unet", "resunet", "attention-resunet",
    "unet-mobilenetv2", "multitask-mobilenetv2",
)  # fmt: skip
# Those that differ from a neighbour by a number only take long to build and have nothing of their own.
NUMBERED = tuple(f"efficientnetb{number}" for number in (1, 2, 3, 5, 6, 7))
every = pytest.mark.parametrize("name", [n for n in catalogue.names() if not n.endswith(NUMBERED)])
plain = pytest.mark.parametrize("name", PLAIN)


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Make the two largest builders small, and build each encoder once for all networks that stand on it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(convnext.VARIANTS, "convnexttiny", ((1, 1, 2, 1), (8, 8, 16, 16)))
        patch.setattr(vit, "WIDTH", 48)
        patch.setattr(vit, "WIDE", 64)
        build = cache(encoders.build)
        patch.setattr(encoders, "build", lambda name, size, only=False: build(name, size, only))
        yield


@cache
def built(name: str, config: NetworkConfig = CONFIG) -> Network:
    keras.utils.set_random_seed(0)
    return catalogue.build(name, config)


def pictures(count: int = 2) -> np.ndarray:
    """Smooth blobs in three equal channels."""
    coarse = np.random.default_rng(0).uniform(0, 255, (count, 6, 6))
    grown = np.kron(coarse, np.ones((SIZE // 6, SIZE // 6)))
    return np.repeat(grown[..., None], 3, axis=3).astype(np.float32)


def test_each_file_is_an_architecture_or_a_family_of_them() -> None:
    files = {path.stem.replace("_", "-") for path in Path(architectures.__path__[0]).glob("[!_]*.py")}
    assert files == set(catalogue.files().values()) and len(files) >= 2


def test_every_published_system_is_there_by_name() -> None:
    published = (
        "resnet50v2-xception", "resnet50", "resnet50v2", "xception", "efficientnetv2s", "resnet152v2",
        "vgg19", "vgg16", "densenet121", "mobilenetv2", "convnextbase", "vit-b16", "cnn", "unet", "resunet",
        "attention-resunet", "unet-efficientnetb4", *(f"efficientnetb{number}" for number in range(8)),
    )  # fmt: skip
    assert set(published) <= set(catalogue.names())


@every
def test_its_outputs_and_the_layers_it_names_are_there(name: str) -> None:
    network = built(name)
    shapes = {role: network.model.get_layer(layer).output.shape for role, layer in network.layers.items()}
    for output, source in bundles.OUTPUTS.items():
        assert (output in network.model.output) == (output in shapes) == (source in shapes)
    assert set(network.model.output) <= set(bundles.OUTPUTS) and network.model.output
    if "logits" in shapes:
        assert shapes["logits"] == (None, 3) and len(shapes["features"]) == 4
        assert shapes["features"][1] in (SIZE // 32, SIZE // 16, SIZE // 8)
    if "mask" in shapes:
        assert shapes["mask"] == (None, SIZE, SIZE, 1) and len(shapes["mask_features"]) == 4
        assert SIZE // 8 <= shapes["mask_features"][1] <= SIZE


@every
def test_it_is_made_of_stock_layers_alone_and_takes_a_picture(name: str, tmp_path: Path) -> None:
    network = built(name)
    assert network.model.input_shape == (None, SIZE, SIZE, 3)
    names = bundles._checked_network(tmp_path, json.loads(json.dumps(serialise.describe(network.model))))
    assert set(network.layers.values()) <= names


@every
def test_its_stages_are_layers_of_its_encoders_in_order(name: str) -> None:
    for part in built(name).encoders:
        order = [layer.name for layer in part.model.layers]
        places = [order.index(stage) for stage in part.stages]
        assert places == sorted(places) and len(places) >= 3


@pytest.mark.parametrize("name", [n for n in encoders.PYRAMIDAL if n not in NUMBERED])
def test_an_encoder_halves_the_picture_five_times(name: str) -> None:
    encoder: Encoder = encoders.build(name, SIZE)
    assert {stride: tensor.shape[1] for stride, tensor in encoder.pyramid.items()} == {
        stride: SIZE // stride for stride in (2, 4, 8, 16, 32)
    }


@cache
def travelled(name: str) -> tuple[bundles.Bundle, keras.Model]:
    """Send a network through the bytes of a bundle; return that and the network built from it."""
    network, stream = built(name), io.BytesIO()
    np.savez(stream, **serialise.arrays(network.model))
    config = json.loads(json.dumps(serialise.describe(network.model)))
    weights = bundles._weights(Path(name), stream.getvalue())
    bundle = bundle_doubles.bundle(size=SIZE, layers=network.layers, network=config, weights=weights)
    return bundle, keras_network.rebuild(bundle.network, bundle.weights)


@plain
def test_it_travels_as_data_and_answers_the_same(name: str) -> None:
    # Called step by step: to compile them takes far longer than to answer once.
    before, after = (model(pictures(), training=False) for model in (built(name).model, travelled(name)[1]))
    for output, value in before.items():
        assert np.isfinite(value).all()
        spread = max(1.0, float(np.abs(value).max()))
        difference = np.abs(np.asarray(value) - np.asarray(after[output])).max()
        assert difference < 0.02 * spread  # float16 on the way


@pytest.mark.parametrize("name", [n for n in PLAIN if n != "resunet"])  # its blocks are attention-resunet's
def test_its_grad_cams_are_those_of_a_tape_over_the_whole_network(name: str) -> None:
    from tests.inference.test_tensorflow_runtime import cam

    tf = pytest.importorskip("tensorflow")
    (bundle, model), batch = travelled(name), pictures()
    probe = keras.Model(model.inputs, {r: model.get_layer(n).output for r, n in bundle.layers.items()})
    if bundle.segments:  # a threshold that a third of the pixels reach
        limit = float(np.quantile(np.asarray(probe(batch, training=False)["mask"]), 0.67))
        bundle = replace(bundle, thresholds=replace(bundle.thresholds, mask=1 / (1 + np.exp(-limit))))
    raw = runtime.open_runtime(bundle, "cpu", "tensorflow").run(batch)
    with tf.GradientTape(persistent=True) as tape:
        at = probe(tf.constant(batch), training=False)
        scores = [at["logits"][:, c] for c in range(3)] if bundle.classifies else []
        if bundle.segments:
            drawn = tf.reduce_sum(tf.where(tf.stop_gradient(at["mask"]) >= limit, at["mask"], 0.0))
    for index, score in enumerate(scores):
        close(raw.class_maps[:, index], cam(at["features"], tape.gradient(score, at["features"])))
    if bundle.segments:
        close(raw.mask_map, cam(at["mask_features"], tape.gradient(drawn, at["mask_features"])))
    assert raw.class_maps.shape[1] == len(scores) and (raw.mask_logits.size > 0) == bundle.segments


def close(found: np.ndarray, expected: np.ndarray) -> None:
    assert found.shape == expected.shape
    scale = max(float(expected.max()), 1e-12)
    np.testing.assert_allclose(found / scale, expected / scale, atol=5e-3)


@plain
def test_it_builds_in_mixed_precision_and_answers_in_whole_floats(name: str) -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        network = catalogue.build(name, replace(CONFIG, classes=2))
    finally:
        keras.config.set_dtype_policy("float32")
    assert all(tensor.dtype == "float32" for tensor in network.model.output.values())
    assert all(weight.dtype == "float32" for weight in network.model.trainable_weights)


def test_both_encoders_of_the_ensemble_see_the_picture(shared_data: Path) -> None:
    network = built("resnet50v2-xception")
    assert [part.model.name for part in network.encoders] == ["resnet50v2", "xception"]
    for part in network.encoders:
        path = pretrained.locate(shared_data / "weights", part.pretrained)
        assert pretrained.load(part.model, path) > 200


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    network = built("multitask-mobilenetv2")
    np.savez(tmp_path / "wrong.npz", **{"0|kernel": np.zeros((1, 2), np.float16)})
    with pytest.raises(TrainingError, match=r"wrong\.npz: does not fit .* weight 0 .*Choose the weights"):
        pretrained.load(network.encoder, tmp_path / "wrong.npz")
    with pytest.raises(ValueError, match="shape"):
        weights = list(serialise.arrays(network.model).values())
        keras_network.rebuild(serialise.describe(network.model), [weights[0][..., :1], *weights[1:]])


def test_weights_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"--weights a \.npz file or the folder of some\.npz"):
        pretrained.locate(tmp_path, "some.npz")


@pytest.mark.parametrize("name", ["efficientnetb0", "mobilenetv2"])
def test_weights_of_keras_applications_give_its_own_features(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With random weights in place of the download: the encoder repeats the model they belong to."""
    source = fetched_in_place_of_a_download(name)
    monkeypatch.setattr(pretrained, "_fetched", lambda constructor: source)
    part = catalogue.build(name, CONFIG).encoders[0]
    assert pretrained.load_or_fetch(part, Path("imagenet")) == len(source.weights)
    scale = applications.SCALINGS[applications.TABLE[name].scaling] or {"scale": 1.0, "offset": 0.0}
    expected = np.asarray(source(pictures() * scale["scale"] + scale["offset"], training=False))
    found = np.asarray(part.model(pictures(), training=False))
    np.testing.assert_allclose(found, expected, atol=1e-4 * np.abs(expected).max())


def fetched_in_place_of_a_download(name: str):  # type: ignore[no-untyped-def]
    """As keras.applications makes it for ImageNet weights: EfficientNet scales again after normalising."""
    constructor = getattr(keras.applications, applications.TABLE[name].constructor)
    source = constructor(include_top=False, weights=None, input_shape=(SIZE, SIZE, 3))
    if name == "efficientnetb0":
        config = source.get_config()
        place = [layer["class_name"] for layer in config["layers"]].index("Normalization")
        again = keras.layers.Rescaling([1.5, 2.0, 0.5], name="once_more")
        entry = keras.saving.serialize_keras_object(again) | {"name": "once_more"}
        before, after = config["layers"][place], config["layers"][place + 1]
        entry["inbound_nodes"] = json.loads(json.dumps(after["inbound_nodes"]))
        text = json.dumps(after["inbound_nodes"]).replace(f'"{before["name"]}"', '"once_more"')
        after["inbound_nodes"] = json.loads(text)
        config["layers"].insert(place + 1, entry)
        weights = source.get_weights()
        source = keras.Model.from_config(config)
        source.set_weights(weights)
    return source


def test_a_download_that_fails_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(**options: object) -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "MobileNetV2", offline)
    with pytest.raises(TrainingError, match=r"could not be downloaded .*--weights a \.npz file"):
        pretrained.load_or_fetch(built("mobilenetv2").encoders[0], Path("imagenet"))
    with pytest.raises(TrainingError, match="no ImageNet weights of vit"):
        pretrained.load_or_fetch(built("vit-b16").encoders[0], Path("imagenet"))


def test_an_unknown_architecture_is_refused_with_those_there_are() -> None:
    with pytest.raises(TrainingError, match="multitask-mobilenetv2"):
        catalogue.build("resnet-of-dreams", NetworkConfig())


@pytest.mark.parametrize(
    "name", ["multitask-mobilenetv2", "multitask-efficientnetb4", "xception", "resnet50v2"]
)
def test_imagenet_weights_fit_by_position(name: str, shared_data: Path) -> None:
    part = built(name).encoders[0]
    path = pretrained.locate(shared_data / "weights", part.pretrained)
    with np.load(path) as arrays:
        assert pretrained.load(part.model, path) == len(arrays.files)

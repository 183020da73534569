"""Every architecture in the folder keeps the contract; a new one is tested by being there."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from breastview.errors import TrainingError  # noqa: E402
from breastview.inference import bundle as bundles  # noqa: E402
from breastview.networks import architectures, catalogue, pretrained, serialise  # noqa: E402
from breastview.networks.specification import Network, NetworkConfig  # noqa: E402

SIZE = 64
every = pytest.mark.parametrize("name", catalogue.names())


@cache
def built(name: str) -> Network:
    keras.utils.set_random_seed(0)
    return catalogue.build(name, NetworkConfig(size=SIZE))


def pictures(count: int = 2) -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 255, (count, SIZE, SIZE, 3)).astype(np.float32)


def test_each_file_is_an_architecture() -> None:
    files = {path.stem.replace("_", "-") for path in Path(architectures.__path__[0]).glob("[!_]*.py")}
    assert files == set(catalogue.names()) and len(files) >= 2


@every
def test_it_answers_with_logits_and_a_mask_of_the_size_of_the_picture(name: str) -> None:
    answer = built(name).model.predict_on_batch(pictures())
    assert set(answer) == {"logits", "mask"}
    assert answer["logits"].shape == (2, 3) and answer["mask"].shape == (2, SIZE, SIZE, 1)
    assert all(np.isfinite(value).all() for value in answer.values())


@every
def test_the_layers_it_names_are_there_and_at_their_strides(name: str) -> None:
    network = built(name)
    assert set(network.layers) == set(bundles.ROLES)
    shapes = {role: network.model.get_layer(layer).output.shape for role, layer in network.layers.items()}
    assert shapes["features"][1] == SIZE // 32
    assert shapes["mask_features"][1] == SIZE // 8
    assert shapes["logits"] == (None, 3) and shapes["mask"] == (None, SIZE, SIZE, 1)


@every
def test_its_stages_are_layers_of_the_encoder_in_order(name: str) -> None:
    network = built(name)
    order = [layer.name for layer in network.encoder.layers]
    places = [order.index(stage) for stage in network.stages]
    assert places == sorted(places) and len(places) == 5


@every
def test_class_maps_follow_from_the_weights_alone(name: str) -> None:
    """Grad-CAM needs no differentiation here: pooled features times the head's weights are the logits."""
    network = built(name)
    model = keras.Model(network.model.input, [network.model.get_layer(network.layers["features"]).output])
    features = np.asarray(model.predict_on_batch(pictures()))
    kernel, bias = (
        np.asarray(keras.ops.convert_to_numpy(w.value)) for w in network.model.get_layer("logits").weights
    )
    logits = features.mean(axis=(1, 2)) @ kernel + bias
    assert np.asarray(network.model.predict_on_batch(pictures())["logits"]) == pytest.approx(logits, abs=1e-3)


@every
def test_it_travels_as_data_and_answers_the_same(name: str, tmp_path: Path) -> None:
    network = built(name)
    config = json.loads(json.dumps(serialise.describe(network.model)))
    names = bundles._checked_network(tmp_path, config)
    assert set(network.layers.values()) <= names
    stream = io.BytesIO()
    np.savez(stream, **serialise.arrays(network.model))
    weights = bundles._weights(tmp_path, stream.getvalue())
    again = serialise.rebuild(config, weights)
    before, after = network.model.predict_on_batch(pictures()), again.predict_on_batch(pictures())
    for key in ("logits", "mask"):
        spread = max(1.0, float(np.abs(before[key]).max()))
        assert (
            np.abs(np.asarray(before[key]) - np.asarray(after[key])).max() < 0.02 * spread
        )  # float16 on the way


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    network = built("multitask-mobilenetv2")
    np.savez(tmp_path / "wrong.npz", **{"0|kernel": np.zeros((1, 2), np.float16)})
    with pytest.raises(TrainingError, match=r"wrong\.npz: does not fit .* weight 0 .*Choose the weights"):
        pretrained.load(network.encoder, tmp_path / "wrong.npz")
    with pytest.raises(ValueError, match="shape"):
        weights = list(serialise.arrays(network.model).values())
        serialise.rebuild(serialise.describe(network.model), [weights[0][..., :1], *weights[1:]])


def test_weights_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"--weights a \.npz file or the folder of some\.npz"):
        pretrained.locate(tmp_path, "some.npz")


def test_an_unknown_architecture_is_refused_with_those_there_are() -> None:
    with pytest.raises(TrainingError, match="multitask-mobilenetv2"):
        catalogue.build("resnet-of-dreams", NetworkConfig())


@every
def test_imagenet_weights_fit_by_position(name: str, shared_data: Path) -> None:
    network = catalogue.build(name, NetworkConfig(size=SIZE))
    path = pretrained.locate(shared_data / "weights", network.pretrained)
    assert pretrained.load(network.encoder, path) == len(network.encoder.weights)

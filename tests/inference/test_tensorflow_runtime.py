"""The compiled graph gives what the plain network and a tape over all of it give; devices may fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from breastview.errors import AnalysisError, BundleError
from breastview.inference import runtime
from tests.inference import networks

tf = pytest.importorskip("tensorflow")


def pictures(count, size=networks.SIZE, seed=0):
    rng = np.random.default_rng(seed)
    coarse = rng.random((count, 8, 8, 1)) * 255
    grown = tf.image.resize(coarse, (size, size)).numpy()
    return np.repeat(grown, 3, axis=3).astype(np.float32)


def tape_maps(bundle, batch):
    """Grad-CAM by an eager tape over the whole network, as textbooks do it."""
    import keras

    from breastview.inference.tensorflow_runtime import rebuild

    model = rebuild(bundle)
    layers = [model.get_layer(bundle.layers[role]).output for role in ("features", "mask_features")]
    probe = keras.Model(model.inputs, [*layers, model.output])
    with tf.GradientTape(persistent=True) as tape:
        features, mask_features, out = probe(tf.constant(batch), training=False)
        mask = out["mask"][..., 0]
        scores = [out["logits"][:, c] for c in range(len(bundle.classes))]
        limit = np.log(bundle.thresholds.mask / (1 - bundle.thresholds.mask))
        lesion_score = tf.reduce_sum(tf.where(tf.stop_gradient(mask) >= limit, mask, 0.0))
    classes = [cam(features, tape.gradient(score, features)) for score in scores]
    segmenter = cam(mask_features, tape.gradient(lesion_score, mask_features))
    return out["logits"].numpy(), mask.numpy(), np.stack(classes, 1), segmenter


def cam(features, gradient):
    alpha = gradient.numpy().mean(axis=(1, 2), keepdims=True)
    return np.maximum((alpha * features.numpy()).sum(axis=-1), 0)


def with_lesions(bundle, batch):
    """The bundle with a threshold that a third of the pixels of these pictures reach."""
    from breastview.inference.tensorflow_runtime import rebuild

    logits = rebuild(bundle)(batch, training=False)["mask"].numpy()
    limit = float(np.quantile(logits, 0.67))
    return replace(bundle, thresholds=replace(bundle.thresholds, mask=1 / (1 + np.exp(-limit))))


@pytest.fixture(scope="module")
def pooled():
    bundle = networks.bundle()
    return bundle, runtime.open_runtime(bundle, "cpu", runtime.TENSORFLOW)


@pytest.mark.parametrize("head", ["pooled", "hidden"])
def test_outputs_and_maps_equal_those_of_a_tape_over_the_whole_network(head):
    batch = pictures(3)
    bundle = with_lesions(networks.bundle(head), batch)
    raw = runtime.open_runtime(bundle, "cpu", runtime.TENSORFLOW).run(batch)
    logits, mask, class_maps, mask_map = tape_maps(bundle, batch)
    np.testing.assert_allclose(raw.logits, logits, atol=1e-4)
    np.testing.assert_allclose(raw.mask_logits, mask, atol=1e-4)
    for found, expected in ((raw.class_maps, class_maps), (raw.mask_map, mask_map)):
        assert expected.max() > 0
        np.testing.assert_allclose(found / expected.max(), expected / expected.max(), atol=1e-4)


def attentive_bundle():
    named = networks.bundle("attentive")
    roles = {"features": "class_features", "attention": "attention", "evidence": "strongest_evidence"}
    return replace(named, layers=named.layers | roles)


def test_an_attentive_classifier_has_maps_that_add_up_to_its_logits():
    """Features times gradient with the attention held, by an eager tape over the head alone."""
    import keras

    from breastview.inference.tensorflow_runtime import rebuild

    batch, bundle = pictures(2), attentive_bundle()
    raw = runtime.open_runtime(bundle, "cpu", runtime.TENSORFLOW).run(batch)
    model = rebuild(bundle)
    roles = ("features", "attention", "evidence", "logits")
    ends = [model.get_layer(bundle.layers[role]).output for role in roles]
    features, attention, evidence, logits = keras.Model(model.inputs, ends)(batch, training=False)
    head = keras.Model(ends[:3], ends[3])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(features)
        again = head([features, attention, evidence])
        scores = [again[:, c] for c in range(3)]
    np.testing.assert_allclose(again, logits, atol=1e-4)
    signed = np.stack([(features * tape.gradient(score, features)).numpy().sum(-1) for score in scores], 1)
    kernel, bias = (weight.numpy() for weight in model.get_layer("logits").weights)
    rest = 0.1 * evidence.numpy() @ kernel[-1:] + bias
    np.testing.assert_allclose(signed.sum(axis=(2, 3)) + rest, logits, atol=1e-3)
    np.testing.assert_allclose(raw.class_maps, np.maximum(signed, 0), atol=1e-4 * np.abs(signed).max())


def test_the_quick_layers_take_the_place_of_the_plain_ones_only():
    import keras

    from breastview.inference.tensorflow_runtime import QuickGroupNormalization, rebuild

    bundle = networks.bundle()
    quick, plain = rebuild(bundle, quick=True), rebuild(bundle)
    assert isinstance(quick.get_layer("up8_norm"), QuickGroupNormalization)
    assert type(plain.get_layer("up8_norm")) is keras.layers.GroupNormalization
    assert [w.shape for w in quick.weights] == [w.shape for w in plain.weights]


def test_shapes_and_types_are_those_of_the_protocol(pooled):
    _, open_one = pooled
    raw = open_one.run(pictures(2))
    assert raw.logits.shape == (2, 3)
    assert raw.mask_logits.shape == (2, 64, 64)
    assert raw.class_maps.shape == (2, 3, 8, 8)
    assert raw.mask_map.shape == (2, 8, 8)
    assert all(a.dtype == np.float32 for a in (raw.logits, raw.mask_logits, raw.class_maps, raw.mask_map))
    assert raw.milliseconds > 0
    assert (open_one.device, open_one.notice) == ("CPU", "")


def test_a_picture_reads_the_same_alone_and_among_others(pooled):
    _, open_one = pooled
    batch = pictures(4)
    together, alone = open_one.run(batch), open_one.run(batch[2:3])
    np.testing.assert_allclose(together.logits[2], alone.logits[0], atol=1e-5)
    np.testing.assert_allclose(together.class_maps[2], alone.class_maps[0], atol=1e-5)
    np.testing.assert_allclose(together.mask_map[2], alone.mask_map[0], atol=1e-5)


def test_without_a_lesion_pixel_the_mask_has_no_map(pooled):
    bundle = replace(pooled[0], thresholds=replace(pooled[0].thresholds, mask=1 - 1e-7))
    raw = runtime.open_runtime(bundle, "cpu", runtime.TENSORFLOW).run(pictures(1))
    assert not raw.mask_map.any()


def test_a_gpu_without_memory_is_replaced_by_the_cpu_and_says_so():
    from breastview.inference.tensorflow_runtime import GPU, TensorFlowRuntime

    bundle = networks.bundle()
    expected = runtime.open_runtime(bundle, "cpu", runtime.TENSORFLOW).run(pictures(1))

    def exhausted(_):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    starved = TensorFlowRuntime(bundle)
    starved._graph, starved._place = exhausted, GPU
    raw = starved.run(pictures(1))
    np.testing.assert_allclose(raw.logits, expected.logits, atol=1e-5)
    assert starved.device == "CPU"
    assert "GPU ran out of memory" in starved.notice


def test_a_cpu_without_memory_is_an_error_with_a_remedy():
    from breastview.inference.tensorflow_runtime import TensorFlowRuntime

    starved = TensorFlowRuntime(networks.bundle())

    def exhausted(_):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    starved._graph = exhausted
    with pytest.raises(AnalysisError, match="memory"):
        starved.run(pictures(1))


def test_a_closed_runtime_refuses_to_run():
    open_one = runtime.open_runtime(networks.bundle(), "cpu", runtime.TENSORFLOW)
    open_one.close()
    with pytest.raises(AnalysisError, match="closed"):
        open_one.run(pictures(1))


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="this machine has a GPU")
def test_a_gpu_that_is_not_there_is_named_with_the_way_out():
    with pytest.raises(AnalysisError, match="Choose the CPU"):
        runtime.open_runtime(networks.bundle(), "gpu")


def test_weights_that_do_not_fit_are_refused(pooled):
    bundle = pooled[0]
    with pytest.raises(BundleError):
        runtime.open_runtime(replace(bundle, weights=bundle.weights[:-1]), "cpu", runtime.TENSORFLOW)
    swapped = (bundle.weights[1], bundle.weights[0], *bundle.weights[2:])
    with pytest.raises(BundleError):
        runtime.open_runtime(replace(bundle, weights=swapped), "cpu", runtime.TENSORFLOW)

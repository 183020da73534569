"""A bundle's network as one OpenVINO graph with all its outputs, made once, without TensorFlow.

Keras builds the forward pass on its OpenVINO backend; the maps are added in closed form, in forward
operations alone, because OpenVINO does not differentiate. Keras takes one backend a process, so this runs in
a process of its own: `openvino_runtime` starts it.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import AnalysisError
from breastview.inference import closed_form, keras_network
from breastview.inference.bundle import ATTENTION, load_bundle
from breastview.inference.closed_form import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.process import BaseProcess

    import keras

    from breastview.inference.bundle import Bundle

OUTPUTS = ("logits", "mask_logits", "class_maps", "mask_map")

REVISION = 1
"""To be raised with every change of what is written here: kept graphs of an earlier one are not used."""


def export(folder: Path, destination: Path) -> None:
    """Write the graph of the bundle in `folder` to `destination` (.xml, with a .bin beside), float32.

    Raises
    ------
    BundleError
        If the bundle does not verify.
    AnalysisError
        If its network has a head or a layer whose maps are not known in closed form.
    """
    os.environ["KERAS_BACKEND"] = "openvino"
    import openvino

    openvino.save_model(graph(load_bundle(folder)), destination, compress_to_fp16=False)


def end_with_parent() -> None:
    """Let this process end when the one that started it does: its pool would wait for work for ever."""
    threading.Thread(target=_end_after, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_after(process: BaseProcess | None) -> None:
    if process is not None:
        process.join()
        os._exit(1)


def graph(bundle: Bundle) -> Any:
    """Return the `openvino.Model` of a bundle: a picture (1, S, S, 3), float32 in 0..255, to `OUTPUTS`.

    Those of a task that the bundle has not are left out.

    Raises
    ------
    AnalysisError
        If Keras runs on another backend, or as for `export`.
    """
    import keras
    import openvino
    from keras.src.backend.openvino.core import OpenVINOKerasTensor
    from openvino import opset15

    if keras.backend.backend() != "openvino":
        raise AnalysisError(f"the graph needs Keras on OpenVINO, not on {keras.backend.backend()}")
    model = keras_network.rebuild(bundle.network, bundle.weights)
    path = tail(model, bundle.layers["mask_features"], bundle.layers["mask"]) if bundle.segments else []
    ends = {role: model.get_layer(name).output for role, name in bundle.layers.items()}
    inside = {f"tail{i}": tensor for i, (layer, _) in enumerate(path) for tensor in _needed(layer)}
    picture = opset15.parameter([1, bundle.size, bundle.size, 3], np.float32, name="picture")
    at = keras.Model(model.inputs, ends | inside)(OpenVINOKerasTensor(picture.output(0)), training=False)
    found: dict[str, Any] = {}
    if bundle.classifies:
        found |= {"logits": at["logits"], "class_maps": class_maps(model, bundle, at)}
    if bundle.segments:
        limit = float(np.log(bundle.thresholds.mask / (1 - bundle.thresholds.mask)))
        found |= {"mask_logits": keras.ops.squeeze(at["mask"], -1), "mask_map": mask_map(path, at, limit)}
    for name, tensor in found.items():
        tensor.output.get_tensor().set_names({name})
    return openvino.Model([tensor.output for tensor in found.values()], [picture], bundle.name)


def class_maps(model: keras.Model, bundle: Bundle, at: Mapping[str, Any]) -> Any:
    """Return what speaks for each class, (1, C, h, w), as `tensorflow_runtime.class_map` gives it.

    Where a second pooling is weighted by the attention, the gradient of a logit is its row of weights, times
    the attention in the second half; other heads are those of `closed_form`.

    Raises
    ------
    AnalysisError
        If the head is another one.
    """
    from keras import ops

    features = at["features"]
    if not all(role in bundle.layers for role in ATTENTION):
        layers = closed_form.head(model, bundle.layers["features"], bundle.layers["logits"])
        return closed_form.class_maps(layers, features)
    _, height, width, channels = features.shape
    kernel = numbers(model.get_layer(bundle.layers["logits"]).kernel)
    if kernel.shape[0] != 2 * channels + 1:
        raise AnalysisError("the classifier's head is not one whose maps are known in closed form")
    signed = ops.matmul(features, kernel[:channels] / (height * width))
    signed = signed + at["attention"] * ops.matmul(features, kernel[channels : 2 * channels])
    return ops.relu(ops.transpose(signed, (0, 3, 1, 2)))


def tail(model: keras.Model, first: str, last: str) -> list[tuple[keras.Layer, keras.KerasTensor]]:
    """Return the layers from `last` back to, and without, `first`, each with its input on that way."""
    start = model.get_layer(first)

    def leads(layer: Any) -> bool:
        return layer is start or any(leads(tensor._keras_history.operation) for tensor in _inputs(layer))

    way = []
    layer = model.get_layer(last)
    while layer is not start:
        through = next((t for t in _inputs(layer) if leads(t._keras_history.operation)), None)
        if through is None:
            raise AnalysisError("the mask does not depend on the features its map is asked for")
        way.append((layer, through))
        layer = through._keras_history.operation
    return way


def _inputs(layer: Any) -> list[Any]:
    given = layer.input if layer._inbound_nodes and layer._inbound_nodes[0].input_tensors else []
    return list(given) if isinstance(given, list | tuple) else [given]


def _needed(layer: Any) -> list[Any]:
    """What the gradient of a layer needs to know of the forward pass: a normalisation its input."""
    kind = type(layer).__name__
    if kind == "GroupNormalization":
        return [layer.input]
    return [layer.output] if kind in ("Activation", "ReLU") else []


def mask_map(path: list[tuple[Any, Any]], at: Mapping[str, Any], limit: float) -> Any:
    """Return Grad-CAM of the mask, (1, h, w): the gradient of the sum of all logits from `limit` upwards."""
    from keras import ops

    gradient = ops.cast(at["mask"] >= limit, "float32")
    for index, (layer, through) in enumerate(path):
        kind = type(layer).__name__
        if kind not in _BACK:
            raise AnalysisError(f"no closed form is known for the gradient of a {kind}")
        gradient = _BACK[kind](layer, gradient, at.get(f"tail{index}"), through)
    weights = ops.mean(gradient, axis=(1, 2), keepdims=True)
    return ops.relu(ops.sum(weights * at["mask_features"], axis=-1))


def _back_relu(layer: Any, gradient: Any, output: Any, _through: Any) -> Any:
    from keras import ops

    if getattr(getattr(layer, "activation", None), "__name__", "relu") != "relu":
        raise AnalysisError(f"no closed form is known for the gradient of {layer.activation.__name__}")
    return gradient * ops.cast(output > 0, "float32")


def _back_upsampling(layer: Any, gradient: Any, _kept: Any, through: Any) -> Any:
    """Each axis is interpolated by a matrix; the gradient goes back by its transpose."""
    from keras import ops

    rows = _interpolation(int(through.shape[1]), layer.size[0], layer.interpolation)
    columns = _interpolation(int(through.shape[2]), layer.size[1], layer.interpolation)
    _, height, width, channels = gradient.shape
    wide = ops.matmul(rows.T, ops.reshape(gradient, (1, height, width * channels)))
    return ops.matmul(columns.T, ops.reshape(wide, (1, rows.shape[1], width, channels)))


def _interpolation(length: int, times: int, kind: str) -> np.ndarray:
    """Return the matrix (times * length, length) of `times`-fold enlargement, half-pixel centres, clamped."""
    if kind == "nearest":
        return np.repeat(np.eye(length, dtype=np.float32), times, axis=0)
    if kind != "bilinear":
        raise AnalysisError(f"no closed form is known for {kind} interpolation")
    at = (np.arange(times * length) + 0.5) / times - 0.5
    low = np.floor(at).astype(int)
    share = (at - low).astype(np.float32)
    matrix = np.zeros((times * length, length), np.float32)
    rows = np.arange(times * length)
    np.add.at(matrix, (rows, np.clip(low, 0, length - 1)), 1 - share)
    np.add.at(matrix, (rows, np.clip(low + 1, 0, length - 1)), share)
    return matrix


def _back_concatenate(layer: Any, gradient: Any, _kept: Any, through: Any) -> Any:
    start = 0
    for tensor in layer.input:
        if tensor is through:
            return gradient[..., start : start + int(through.shape[-1])]
        start += int(tensor.shape[-1])
    raise AnalysisError("a concatenation lost one of its inputs")


def _back_pointwise(layer: Any, gradient: Any, _kept: Any, _through: Any) -> Any:
    from keras import ops

    kernel = numbers(layer.kernel)
    linear = getattr(layer.activation, "__name__", "linear") == "linear"
    if kernel.shape[:2] != (1, 1) or tuple(layer.strides) != (1, 1) or not linear:
        raise AnalysisError("no closed form is known for the gradient of this convolution")
    return ops.matmul(gradient, kernel[0, 0].T)


def _back_separable(layer: Any, gradient: Any, _kept: Any, _through: Any) -> Any:
    """The pointwise part by its transpose, the depthwise one by correlation with the turned kernel."""
    from keras import ops

    depthwise = numbers(layer.depthwise_kernel)
    pointwise = numbers(layer.pointwise_kernel)
    plain = (
        tuple(layer.strides) == (1, 1)
        and layer.padding == "same"
        and depthwise.shape[3] == 1
        and depthwise.shape[0] % 2 == 1
        and getattr(layer.activation, "__name__", "linear") == "linear"
    )
    if not plain:
        raise AnalysisError("no closed form is known for the gradient of this separable convolution")
    back = ops.matmul(gradient, pointwise[0, 0].T)
    return ops.depthwise_conv(back, np.ascontiguousarray(depthwise[::-1, ::-1]), 1, "same")


def _back_groups(layer: Any, gradient: Any, kept: Any, _through: Any) -> Any:
    """With z = (x - mean) / sd of a group: dx = (g dy - mean(g dy) - z mean(g dy z)) / sd, g the scale."""
    from keras import ops

    gamma = numbers(layer.gamma)
    channels = gamma.shape[0]
    same = np.kron(np.eye(layer.groups), np.full((channels // layer.groups,) * 2, layer.groups / channels))
    same = same.astype(np.float32)

    def over_group(values: Any) -> Any:
        """Average (1, 1, 1, channels) over the picture and each group."""
        return ops.matmul(ops.mean(values, axis=(1, 2), keepdims=True), same)

    mean = over_group(kept)
    inverse = ops.rsqrt(over_group((kept - mean) * (kept - mean)) + layer.epsilon)
    normal = (kept - mean) * inverse
    scaled = gradient * gamma
    return (scaled - over_group(scaled) - normal * over_group(scaled * normal)) * inverse


_BACK = {
    "Activation": _back_relu,
    "ReLU": _back_relu,
    "UpSampling2D": _back_upsampling,
    "Concatenate": _back_concatenate,
    "Conv2D": _back_pointwise,
    "SeparableConv2D": _back_separable,
    "GroupNormalization": _back_groups,
}

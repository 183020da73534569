"""A network under TensorFlow: classes, mask and Grad-CAM of both from one compiled graph.

Grad-CAM (Selvaraju et al., ICCV 2017, arXiv:1610.02391) of every class and Seg-Grad-CAM (Vinogradova et al.,
AAAI 2020, arXiv:2002.11434) of the mask are symbolic gradients between two tensors of the same graph: from
the logits back to the last features, from the mask back to a stage of its decoder. The backbone before them
is never differentiated, and nothing is computed twice. Variables become constants, so that batch
normalisation is folded into the convolutions.
"""

from __future__ import annotations

import copy
import logging
import os
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import AnalysisError, BundleError
from breastview.inference import keras_network
from breastview.inference._native import map_tensorflow
from breastview.inference.bundle import ATTENTION
from breastview.inference.runtime import RawOutput

# Both are read while TensorFlow and Keras are imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
map_tensorflow()

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.python.framework.convert_to_constants import (  # noqa: E402
    convert_variables_to_constants_v2,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle

log = logging.getLogger(__name__)

CPU = "/CPU:0"
GPU = "/GPU:0"
_DEVICE_ERRORS = (tf.errors.ResourceExhaustedError, tf.errors.InternalError, tf.errors.UnknownError)
"""What TensorFlow raises when a GPU has no memory left, or its libraries cannot get any."""


def open_runtime(bundle: Bundle, device: str) -> TensorFlowRuntime:
    """Load the network of a bundle.

    Parameters
    ----------
    bundle : Bundle
    device : str
        ``"auto"``, ``"gpu"`` or ``"cpu"``.

    Raises
    ------
    AnalysisError
        If a GPU is asked for and there is none, or Keras runs on another backend.
    BundleError
        If the weights do not fit the network.
    """
    if keras.backend.backend() != "tensorflow":
        raise AnalysisError(
            f"the AI needs Keras on TensorFlow, not on {keras.backend.backend()}",
            remedy="Unset KERAS_BACKEND and start again.",
        )
    gpus = _gpus()
    if device == "gpu" and not gpus:
        raise AnalysisError(
            "there is no GPU that TensorFlow can use", remedy="Choose the CPU in the settings."
        )
    place = GPU if gpus and device != "cpu" else CPU
    return TensorFlowRuntime(bundle, place)


def _gpus() -> list[Any]:
    """Return the GPUs, set to take memory only as it is needed and to leave some to other programs."""
    gpus: list[Any] = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # it is in use already, with the setting it had then
            log.debug("memory growth could not be set")
    # The same answer on every machine: no convolutions in 19-bit floats.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return gpus


class TensorFlowRuntime:
    """A loaded network, see `inference.runtime.Runtime`."""

    def __init__(self, bundle: Bundle, place: str = CPU) -> None:
        self._bundle = bundle
        self._place = place
        self._notice = ""
        self._graph: Callable[[tf.Tensor], list[tf.Tensor]] | None = None
        try:
            self._graph = compiled(bundle, place)
        except _DEVICE_ERRORS as error:
            self._fall_back(error)

    @property
    def device(self) -> str:
        """``"CPU"``, or the name of the GPU."""
        if self._place == CPU:
            return "CPU"
        details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
        return str(details.get("device_name", "GPU"))

    @property
    def notice(self) -> str:
        """Why the device is not the one asked for, else empty."""
        return self._notice

    def run(self, batch: NDArray[np.float32]) -> RawOutput:
        """Read B letterboxed pictures (B, S, S, 3), float32 in 0..255; see `inference.runtime.Runtime`."""
        try:
            return self._timed(batch)
        except _DEVICE_ERRORS as error:
            self._fall_back(error)
            return self._timed(batch)

    def close(self) -> None:
        """Let go of the graph and with it of the weights."""
        self._graph = None

    def _timed(self, batch: NDArray[np.float32]) -> RawOutput:
        if self._graph is None:
            raise AnalysisError("the AI was closed")
        start = time.perf_counter()
        with tf.device(self._place):
            outputs = [output.numpy() for output in self._graph(tf.constant(batch, tf.float32))]
        logits, mask_logits, class_maps, mask_map = outputs
        return RawOutput(logits, mask_logits, class_maps, mask_map, 1000 * (time.perf_counter() - start))

    def _fall_back(self, error: Exception) -> None:
        """Go on with the CPU; where that is the device already, there is nothing left to try."""
        log.warning("%s failed: %s", self._place, type(error).__name__)
        if self._place == CPU:
            raise AnalysisError(
                "there is not enough memory to run the AI", remedy="Close other programs and try again."
            ) from error
        out_of_memory = isinstance(error, tf.errors.ResourceExhaustedError)
        reason = "ran out of memory" if out_of_memory else "failed"
        self._graph, self._place = None, CPU
        self._notice = f"The GPU {reason}; the AI goes on with the CPU, which is slower."
        self._graph = compiled(self._bundle, CPU)


class QuickGroupNormalization(keras.layers.GroupNormalization):
    """Group normalisation (Wu and He, ECCV 2018, arXiv:1803.08494) whose gradient is taken in closed form.

    As composed operations its gradient costs a dozen passes over the largest maps of a decoder, a good part
    of the mask's Grad-CAM; in closed form two sums and one linear combination. Only the gradient by the input
    is given, which is all that inference asks for.
    """

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Normalise (B, h, w, channels), float32."""
        gamma, beta = tf.convert_to_tensor(self.gamma), tf.convert_to_tensor(self.beta)
        each = inputs.shape[-1] // self.groups

        def over_group(values: tf.Tensor) -> tf.Tensor:
            """Average (B, channels) within each group; every channel gets its group's mean."""
            grouped = tf.reshape(values, (-1, self.groups, each))
            return tf.repeat(tf.reduce_mean(grouped, axis=2), each, axis=1)

        @tf.custom_gradient
        def normalised(x: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], tf.Tensor]]:
            mean = over_group(tf.reduce_mean(x, axis=(1, 2)))[:, None, None]
            variance = over_group(tf.reduce_mean(tf.math.squared_difference(x, mean), axis=(1, 2)))
            inverse = tf.math.rsqrt(variance[:, None, None] + self.epsilon)
            scale = inverse * gamma

            def gradient(dy: tf.Tensor) -> tf.Tensor:
                # With z = (x - mean) / sd: dx = (gamma dy - mean(gamma dy) - z mean(gamma dy z)) / sd
                first = tf.reduce_mean(dy, axis=(1, 2)) * gamma
                second = (tf.reduce_mean(dy * x, axis=(1, 2)) * gamma - first * mean[:, 0, 0]) * inverse[
                    :, 0, 0
                ]
                slope = -inverse * inverse * over_group(second)[:, None, None]
                shift = -slope * mean - inverse * over_group(first)[:, None, None]
                return dy * scale + x * slope + shift

            return x * scale + (beta - mean * scale), gradient

        result: tf.Tensor = normalised(inputs)
        return result


def _quickened(network: dict[str, Any]) -> dict[str, Any]:
    """Return a network's configuration with the quick layers in place of those they equal."""
    quick = copy.deepcopy(network)
    for layer in quick["layers"]:
        settings = layer["config"]
        plain = settings.get("axis") in (-1, 3) and settings.get("scale") and settings.get("center")
        if layer["class_name"] == "GroupNormalization" and plain:
            name = QuickGroupNormalization.__name__
            layer.update(module=None, class_name=name, registered_name=name)
    return quick


def rebuild(bundle: Bundle, quick: bool = False) -> keras.Model:
    """Make the network of a bundle.

    Parameters
    ----------
    bundle : Bundle
    quick : bool
        Whether to take layers that give the same with a faster gradient; only for inference.

    Returns
    -------
    keras.Model
        float32 (B, S, S, 3) in 0..255 -> {"logits": (B, C), "mask": (B, S, S, 1)}.

    Raises
    ------
    BundleError
        If number or shapes of the weights do not fit the network.
    """
    network = _quickened(bundle.network) if quick else bundle.network
    try:
        return keras_network.rebuild(
            network, bundle.weights, {QuickGroupNormalization.__name__: QuickGroupNormalization}
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BundleError(
            f"the network cannot be built from it ({error})", bundle.folder, "Install the bundle again."
        ) from error


def compiled(bundle: Bundle, place: str = CPU) -> Callable[[tf.Tensor], list[tf.Tensor]]:
    """Return the frozen graph of a bundle: pictures -> logits, mask logits, class maps, mask map.

    Parameters
    ----------
    bundle : Bundle
    place : str
        TensorFlow's name of the device.

    Returns
    -------
    callable
        Of a float32 tensor (B, S, S, 3) in 0..255; the four tensors are those of `RawOutput`, in its order.
    """
    with tf.device(place):
        model = rebuild(bundle, quick=True)
        probe = keras.Model(
            model.inputs, {role: model.get_layer(n).output for role, n in bundle.layers.items()}
        )
        # The logit of the threshold: the mask whose reasons are asked for is the one that is drawn.
        limit = float(np.log(bundle.thresholds.mask / (1 - bundle.thresholds.mask)))

        def everything(pictures: tf.Tensor) -> tuple[tf.Tensor, ...]:
            at = probe(pictures, training=False)
            count = tf.shape(pictures)[0]
            logits, class_maps = classes(at) if bundle.classifies else (
                tf.zeros((count, 0)), tf.zeros((count, 0, 1, 1))
            )  # fmt: skip
            mask, mask_map = outline(at, limit) if bundle.segments else (
                tf.zeros((count, 0, 0)), tf.zeros((count, 1, 1))
            )  # fmt: skip
            return logits, mask, class_maps, mask_map

        picture = tf.TensorSpec((None, bundle.size, bundle.size, 3), tf.float32)
        function = tf.function(everything, input_signature=[picture]).get_concrete_function()
        frozen: Callable[[tf.Tensor], list[tf.Tensor]] = convert_variables_to_constants_v2(function)
    return frozen


def classes(at: dict[str, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the logits (B, C) and what speaks for each class (B, C, h, w)."""
    maps = [class_map(at, logit) for logit in tf.unstack(at["logits"], axis=1)]
    return at["logits"], tf.stack(maps, axis=1)


def outline(at: dict[str, tf.Tensor], limit: float) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the mask's logits (B, S, S) and what speaks for the pixels above `limit` (B, h, w)."""
    mask = at["mask"][..., 0]
    lesion = tf.cast(mask >= limit, mask.dtype)
    gradient = tf.gradients(mask, at["mask_features"], lesion)[0]
    return mask, grad_cam(at["mask_features"], gradient)


def class_map(at: dict[str, tf.Tensor], logit: tf.Tensor) -> tf.Tensor:
    """Return what speaks for a class, (B, h, w): Grad-CAM, or its form for an attentive classifier.

    Where the mask decides how much each place counts, the gradient differs from place to place, and its
    mean would forget where the network looked: features times gradient are summed place by place instead
    (HiResCAM, Draelos and Carin 2020, arXiv:2011.08891). The attention is held; the mask has a map of its
    own. For a head of global average pooling both are the same but for a factor.
    """
    held = [at[role] for role in ATTENTION if role in at]
    gradient = tf.gradients(logit, at["features"], stop_gradients=held)[0]
    if not held:
        return grad_cam(at["features"], gradient)
    return tf.nn.relu(tf.reduce_sum(at["features"] * gradient, axis=-1))


def grad_cam(features: tf.Tensor, gradient: tf.Tensor) -> tf.Tensor:
    """Return ``relu(sum_k(alpha_k A_k))``, alpha being the gradient's mean over the picture: (B, h, w)."""
    weights = tf.reduce_mean(gradient, axis=(1, 2))
    return tf.nn.relu(tf.einsum("bk,bhwk->bhw", weights, features))

"""The usual way to a class, a mask and their Grad-CAM: `predict`, then an eager tape for each heat map.

Written as published examples and libraries for explanations (tf-explain and the like) do it; on the same
weights. The only place here that imports TensorFlow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import keras
import numpy as np
import tensorflow as tf

from breastview.inference import keras_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle


class UsualWay:
    """A bundle's network under Keras."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._model = keras_network.rebuild(bundle.network, bundle.weights)
        self._at = {role: self._model.get_layer(name).output for role, name in bundle.layers.items()}

    def read(self, picture: NDArray[np.uint8]) -> dict[str, Any]:
        """Return classes, mask and both heat maps of a picture (rows, columns), uint8, at its own size."""
        side = self._bundle.size
        small = cv2.resize(picture, (side, side)).astype(np.float32)
        batch = np.repeat(small[None, :, :, None], 3, axis=3)
        answer = self._model.predict(batch, verbose=0)
        found: dict[str, Any] = {}
        rows, columns = picture.shape
        if self._bundle.classifies:
            found["probabilities"] = keras.ops.softmax(answer["logits"])
            best = int(np.argmax(answer["logits"]))
            found["class heat"] = self._heat(batch, "features", "logits", lambda logits: logits[:, best])
        if self._bundle.segments:
            mask = cv2.resize(1 / (1 + np.exp(-answer["mask"][0, :, :, 0])), (columns, rows))
            found["mask"] = mask >= self._bundle.thresholds.mask
            found["mask heat"] = self._heat(batch, "mask_features", "mask", tf.reduce_sum)
        return {k: cv2.resize(v, (columns, rows)) if "heat" in k else v for k, v in found.items()}

    def _heat(
        self, batch: NDArray[np.float32], features: str, output: str, score: Any
    ) -> NDArray[np.float32]:
        model = keras.Model(self._model.inputs, [self._at[features], self._at[output]])
        with tf.GradientTape() as tape:
            maps, answer = model(tf.constant(batch), training=False)
            wanted = score(answer)
        weights = tf.reduce_mean(tape.gradient(wanted, maps), axis=(1, 2))
        heat = tf.nn.relu(tf.einsum("bk,bhwk->bhw", weights, maps))[0].numpy()
        return np.asarray(heat / max(float(heat.max()), 1e-9), np.float32)

"""Losses of the two heads, in keras.ops so that they run on any backend."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

UNKNOWN = -1.0  # fills the mask of a picture whose lesion was never drawn: it takes no part in the mask loss


class MaskLoss(keras.losses.Loss):
    """Binary cross-entropy plus soft Dice (Milletari et al. 2016, arXiv:1606.04797) of mask logits.

    Truth (B, S, S, 1) is in 0..1, or `UNKNOWN` throughout a picture. The loss is the mean over the batch,
    where pictures of unknown mask count 0. The Dice of an empty mask says nothing of how much was painted:
    there the cross-entropy alone teaches.
    """

    smooth = 1.0

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each picture, shape (B,)."""
        known = ops.cast(ops.max(y_true, axis=(1, 2, 3)) >= 0, y_pred.dtype)
        target = ops.maximum(y_true, 0.0)
        # max(z, 0) - z t + log(1 + exp(-|z|)): cross-entropy that does not overflow
        entropy = ops.maximum(y_pred, 0.0) - y_pred * target + ops.log1p(ops.exp(-ops.abs(y_pred)))
        entropy = ops.mean(entropy, axis=(1, 2, 3))
        probability = ops.sigmoid(y_pred)
        overlap = ops.sum(probability * target, axis=(1, 2, 3))
        total = ops.sum(probability, axis=(1, 2, 3)) + ops.sum(target, axis=(1, 2, 3))
        lesion = ops.cast(ops.max(target, axis=(1, 2, 3)) > 0, y_pred.dtype)
        dice = (1.0 - (2.0 * overlap + self.smooth) / (total + self.smooth)) * lesion
        return (entropy + dice) * known


def class_loss(smoothing: float) -> keras.losses.Loss:
    """Categorical cross-entropy of logits (B, C) against one-hot truth, with label smoothing in 0..1."""
    return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)

"""The lesions of a frame as the reader left them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


class MaskSource(StrEnum):
    """Who drew a mask: the AI alone, the reader on the AI's, or the reader alone."""

    AI = "AI"
    EDITED = "edited"
    READER = "reader"


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A mask that the reader made or changed; it takes the place of the AI's everywhere.

    Attributes
    ----------
    labels : ndarray
        ``(rows, columns)`` uint8 on the original's pixels, read-only: 0 background, n lesion number n. Empty
        (all 0) means the reader says there is no lesion.
    source : MaskSource
        ``EDITED`` or ``READER``.
    changed_at : str
        ISO 8601, UTC.
    """

    labels: NDArray[np.uint8]
    source: MaskSource
    changed_at: str = ""

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """All lesions, ``(rows, columns)`` bool, read-only: asked for many times a step."""
        mask: NDArray[np.bool_] = self.labels > 0
        mask.flags.writeable = False
        return mask

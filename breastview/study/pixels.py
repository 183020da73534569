"""The pixels of one frame, decoded but not yet windowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.study.instance import Window


@dataclass(frozen=True, eq=False)
class FramePixels:
    """One decoded frame.

    Attributes
    ----------
    values : ndarray
        ``(rows, columns)`` of uint8, uint16, int16, int32 or float32 in modality values (rescale or modality
        LUT applied), or ``(rows, columns, 3)`` uint8 RGB. Read-only.
    photometric : str
        ``"MONOCHROME1"``, ``"MONOCHROME2"`` or ``"RGB"``; palettes and YBR are already RGB.
    window : Window
        The window to start with: the file's first one, else the range of the values.
    voi_lut : ndarray or None
        ``(n,)`` uint8 display values of the file's VOI LUT, for modality values from `voi_first` upwards.
    voi_first : int
        Modality value of the first entry of `voi_lut`.
    """

    values: NDArray[Any]
    photometric: str
    window: Window
    voi_lut: NDArray[np.uint8] | None = None
    voi_first: int = 0

    @property
    def colour(self) -> bool:
        """Whether the frame is RGB."""
        return self.values.ndim == 3

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns in px."""
        return self.values.shape[0], self.values.shape[1]

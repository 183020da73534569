"""An image ready to be laid into a pane, and the memory that saves making it again."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


@dataclass(frozen=True, eq=False)
class Painted:
    """An image, the device px of the pane where its corner belongs, and the array whose memory it shows."""

    image: QImage
    x: int
    y: int
    values: NDArray[np.uint8] | None = None


class Last:
    """Remembers one value under its key."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self.value: Any = None

    def stale(self, key: Hashable) -> bool:
        """Take the key; return whether `value` has to be made anew."""
        if self._key == key:
            return False
        self._key = key
        return True

"""What a preparation does, so that the analyser need not know which one it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import RawOutput
    from breastview.study.analysis import Analysis, Flag
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels

    Squares = NDArray[np.uint8] | Iterator[NDArray[np.uint8]]
    """``(n, S, S)`` luminance or ``(n, S, S, 3)``, uint8; or an iterator over such batches, asked for one
    at a time, where all of them would fill the memory."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A frame on its way to the network; a preparation adds what it needs for the way back.

    Attributes
    ----------
    squares : Squares
        What the network is shown; not asked for where a flag refuses.
    flags : tuple of Flag
        From the input gate and from the preparation itself; those that refuse first.
    """

    squares: Squares
    flags: tuple[Flag, ...]

    @property
    def count(self) -> int | None:
        """How many squares there are, None where only the last one tells."""
        return None if isinstance(self.squares, Iterator) else len(self.squares)

    @property
    def refused(self) -> bool:
        """Whether the network is not to be asked at all."""
        return any(flag.refuses for flag in self.flags)


P = TypeVar("P", bound=Prepared)


class Preparation(Protocol[P]):
    """Frames to squares, and outputs to readings on the frames' own pixels. Without state."""

    def prepare(self, bundle: Bundle, instance: Instance, frame: int, pixels: FramePixels) -> P:
        """Return a frame as the bundle's network is to see it.

        A frame is judged as it is displayed by default, so that the answer does not depend on how the reader
        has set the window.
        """
        ...

    def interpret(self, bundle: Bundle, prepared: P, outputs: Iterable[RawOutput], device: str) -> Analysis:
        """Return the reading of a frame.

        Parameters
        ----------
        bundle : Bundle
        prepared : Prepared
            Of `prepare`.
        outputs : iterable of RawOutput
            What the network gave for the squares, in their order, in one or more pieces; each is computed
            when it is asked for. None for a frame that is refused.
        device : str
            Where it was computed; empty for a frame that is refused.
        """
        ...

"""The AI as one object: frames in, analyses out; the network is loaded when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging.letterbox import letterbox
from breastview.imaging.window import to_display
from breastview.inference import gate, interpretation, runtime
from breastview.inference.interpretation import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.runtime import Runtime
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels

    Frame = tuple[Instance, int, FramePixels]
    """Which file, which frame of it (from 0), its pixels."""

BATCH = 8
"""Most pictures in one call of the graph: beyond it memory grows and a picture costs no less."""


class Analyser:
    """Reads frames with one bundle.

    Parameters
    ----------
    bundle : Bundle
        The model.
    device : str
        ``"auto"``, ``"gpu"`` or ``"cpu"``.
    opener : callable
        Loads the network; `runtime.open_runtime`.
    """

    def __init__(
        self,
        bundle: Bundle,
        device: str = "auto",
        opener: Callable[[Bundle, str], Runtime] = runtime.open_runtime,
    ) -> None:
        self.bundle = bundle
        self._wanted = device
        self._opener = opener
        self._runtime: Runtime | None = None

    @property
    def device(self) -> str:
        """``"CPU"`` or the name of the GPU; empty until the network was loaded."""
        return self._runtime.device if self._runtime else ""

    @property
    def notice(self) -> str:
        """What the reader should know of the device, mostly empty."""
        return self._runtime.notice if self._runtime else ""

    def load(self) -> None:
        """Load the network now rather than with the first picture; it takes seconds.

        Raises
        ------
        AnalysisError
            If the device or what the runtime needs is not there.
        BundleError
            If the bundle's network cannot be built.
        """
        self._open()

    def analyse(self, instance: Instance, frame: int, pixels: FramePixels) -> Analysis:
        """Read one frame; see `analyse_batch`."""
        return self.analyse_batch([(instance, frame, pixels)])[0]

    def analyse_batch(self, frames: Sequence[Frame]) -> list[Analysis]:
        """Read frames.

        A frame is judged as it is displayed by default, so that the answer does not depend on how the reader
        has set the window. One that the input gate refuses never reaches the network.

        Parameters
        ----------
        frames : sequence of (Instance, int, FramePixels)

        Returns
        -------
        list of Analysis
            In the order of `frames`.

        Raises
        ------
        AnalysisError
            If the runtime cannot be started or runs out of memory on the last device there is.
        """
        prepared = [self._prepared(*one) for one in frames]
        done: dict[int, Analysis] = {
            place: interpretation.refusal(self.bundle, question)
            for place, (question, _) in enumerate(prepared)
            if question.refused
        }
        asked = [place for place in range(len(prepared)) if place not in done]
        for start in range(0, len(asked), BATCH):
            places = asked[start : start + BATCH]
            done |= dict(zip(places, self._read([prepared[place] for place in places]), strict=True))
        return [done[place] for place in range(len(prepared))]

    def close(self) -> None:
        """Free the network; the next frame loads it again."""
        opened, self._runtime = self._runtime, None
        if opened is not None:
            opened.close()

    def _open(self) -> Runtime:
        if self._runtime is None:
            self._runtime = self._opener(self.bundle, self._wanted)
        return self._runtime

    def _prepared(
        self, instance: Instance, frame: int, pixels: FramePixels
    ) -> tuple[Question, NDArray[np.uint8]]:
        picture = to_display(pixels)
        square, box = letterbox(picture, self.bundle.size)
        flags = gate.inspect(instance, picture, self.bundle.modality)
        return Question(box, instance.calibration(frame), flags), square

    def _read(self, prepared: list[tuple[Question, NDArray[np.uint8]]]) -> list[Analysis]:
        opened = self._open()
        raw = opened.run(np.stack([square for _, square in prepared]).astype(np.float32))
        return [
            interpretation.reading(self.bundle, question, raw, index, opened.device)
            for index, (question, _) in enumerate(prepared)
        ]

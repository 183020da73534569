"""One frame: classes, mask and both heat maps, from decoded pixels to a finished reading."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from breastview.bench import ai, made, timing
from breastview.bench.row import Goal, Held, Measured, NotMeasured, Place, Row

if TYPE_CHECKING:
    from breastview.inference.analyser import Analyser

log = logging.getLogger(__name__)
MS = 1000.0


def _ours(place: Place) -> tuple[Analyser, Callable[[], object], Any]:
    """Return the analyser, a call of it for a made picture, and the picture's grey values."""
    from breastview.inference.analyser import Analyser
    from breastview.readers.pixels import read_frame
    from breastview.readers.scan import describe

    file = made.ultrasound(place.folder / "frame" / "one.dcm")
    instance = describe(file, file.name)
    assert instance is not None
    pixels = read_frame(instance, 0)
    analyser = Analyser(ai.bundle(), "cpu")
    analyser.load()
    return analyser, lambda: analyser.analyse(instance, 0, pixels), pixels.values


def against_usual(place: Place) -> Measured:
    """Everything, against `model.predict` and an eager tape for each heat map."""
    if find_spec("tensorflow") is None:
        raise NotMeasured("TensorFlow is not installed.")
    analyser, ours, values = _ours(place)
    from breastview.bench.usual import UsualWay

    usual = UsualWay(ai.bundle())
    mine, theirs = timing.by_turns([ours, lambda: usual.read(values)], place.of(9, 2))
    analyser.close()
    return _measured(mine, theirs, faster=True)


def against_floor(place: Place) -> Measured:
    """Everything, against the forward pass of the same network alone."""
    _, forward = ai.graphs(ai.bundle())
    analyser, ours, _ = _ours(place)
    square = ai.square(ai.bundle())
    mine, theirs = timing.by_turns([ours, lambda: forward(square)], place.of(41, 3), warm=2)
    analyser.close()
    return _measured(mine, theirs)


def grad_cam(place: Place) -> Measured:
    """The forward pass with both heat maps, against the forward pass alone."""
    whole, forward = ai.graphs(ai.bundle())
    square = ai.square(ai.bundle())
    mine, theirs = timing.by_turns([lambda: whole(square), lambda: forward(square)], place.of(41, 3), warm=2)
    return _measured(mine, theirs)


def _measured(mine: list[float], theirs: list[float], faster: bool = False) -> Measured:
    """Return milliseconds; `faster`: frames a second instead, the ratio being how many times faster."""

    def told(seconds: float) -> float:
        return 1 / seconds if faster else MS * seconds

    return Measured(
        told(timing.median(mine)), "frames/s" if faster else "ms", told(timing.median(theirs)),
        tuple(map(told, mine)), tuple(map(told, theirs)),
        {"bundle": ai.bundle().name, "fastest against fastest": told(min(mine)) / told(min(theirs))},
    )  # fmt: skip


ROWS = {
    "frame": Row(
        "One frame: classes, mask, Grad-CAM of both, from pixels to reading",
        "predict and an eager gradient tape for each map, same weights",
        Goal(20.0, Held.AT_LEAST), against_usual,
    ),
    "floor": Row(
        "One frame: the same", "bare OpenVINO forward pass of the same network, float32",
        Goal(1.3), against_floor,
    ),
    "grad-cam": Row(
        "Forward pass with both Grad-CAM maps", "forward pass alone", Goal(1.15), grad_cam,
    ),
}  # fmt: skip

"""What runs a network: a small protocol, so that a machine without TensorFlow can have another engine.

A runtime is one file ``inference/<name>_runtime.py`` with a function ``open_runtime(bundle, device)``; it is
found by its name and imported when it is opened, never before.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import logging
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from breastview import registry
from breastview.errors import AnalysisError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle

log = logging.getLogger(__name__)

_PACKAGE = "breastview.inference"
_SUFFIX = "-runtime"
TENSORFLOW, OPENVINO = "tensorflow", "openvino"
DEVICES = ("auto", "gpu", "cpu")
_WITHOUT_TENSORFLOW = "Choose the CPU in the settings, or install BreastView by pip, which brings it."


@dataclass(frozen=True, eq=False)
class RawOutput:
    """What one call of the compiled graph gives for B pictures; nothing is calibrated or placed yet.

    Of a network without classes C is 0, of one without a mask S is 0: arrays without numbers.

    Attributes
    ----------
    logits : ndarray, shape (B, C), float32
        Of the classes.
    mask_logits : ndarray, shape (B, S, S), float32
        Of lesion at every pixel of the square input.
    class_maps : ndarray, shape (B, C, h, w), float32
        Grad-CAM of every class, 0 or more, not scaled.
    mask_map : ndarray, shape (B, h2, w2), float32
        Grad-CAM of the mask, 0 or more, not scaled; zero where no pixel is called lesion.
    milliseconds : float
        Wall time of the call.
    """

    logits: NDArray[np.float32]
    mask_logits: NDArray[np.float32]
    class_maps: NDArray[np.float32]
    mask_map: NDArray[np.float32]
    milliseconds: float

    def part(self, start: int, stop: int) -> RawOutput:
        """Return what was given for some of the pictures, with their share of the time."""
        share = (stop - start) / len(self.logits)
        where = slice(start, stop)
        return RawOutput(
            self.logits[where],
            self.mask_logits[where],
            self.class_maps[where],
            self.mask_map[where],
            self.milliseconds * share,
        )


class Runtime(Protocol):
    """A network that is loaded and ready; used from one thread at a time."""

    @property
    def device(self) -> str:
        """``"CPU"``, or the name of the GPU."""
        ...

    @property
    def notice(self) -> str:
        """What the reader should know of the device ("The GPU ran out of memory: ..."); mostly empty."""
        ...

    def run(self, batch: NDArray[np.float32]) -> RawOutput:
        """Read B squares, of luminance (three equal channels) or RGB.

        Parameters
        ----------
        batch : ndarray, shape (B, S, S, 3), float32
            0..255.

        Raises
        ------
        AnalysisError
            If the device cannot do it.
        """
        ...

    def close(self) -> None:
        """Let go of the network's memory; `run` may not be called again."""
        ...


def names() -> tuple[str, ...]:
    """Return the names of the runtimes there are, without importing any."""
    modules = registry.names(_PACKAGE)
    return tuple(name.removesuffix(_SUFFIX) for name in modules if name.endswith(_SUFFIX))


def chosen(device: str) -> tuple[str, ...]:
    """Return the names of the runtimes for a device, the one to try first at the front.

    TensorFlow for a GPU and as the reference; OpenVINO for a CPU, which starts without TensorFlow's import.
    What is not installed is left out: the packaged program has no TensorFlow.
    """
    if device == "gpu" or (device == "auto" and gpu_usable()):
        return (TENSORFLOW,)
    return tuple(name for name in (OPENVINO, TENSORFLOW) if find_spec(name)) or (TENSORFLOW,)


def gpu_usable() -> bool:
    """Return whether there is an NVIDIA GPU, TensorFlow and CUDA's libraries for it; nothing is imported."""
    if find_spec(TENSORFLOW) is None:
        return False
    if find_spec("nvidia") is None and ctypes.util.find_library("cudnn") is None:
        return False
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int()
    return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0


def open_runtime(bundle: Bundle, device: str = "auto", name: str = "") -> Runtime:
    """Load a bundle's network; this takes seconds and belongs in a worker thread.

    Parameters
    ----------
    bundle : Bundle
    device : str
        One of `DEVICES`; ``"auto"`` takes a GPU where there is one.
    name : str
        Which runtime, one of `names()`; empty: the best one for the device, another where that cannot run it.

    Raises
    ------
    AnalysisError
        If there is no such runtime or device, or what it needs is not installed.
    BundleError
        If the weights do not fit the network.
    """
    if device not in DEVICES:
        raise AnalysisError(f"the AI runs on no device {device!r}", remedy=f"Choose: {', '.join(DEVICES)}.")
    if name and name not in names():
        raise AnalysisError(f"there is no runtime {name!r}", remedy=f"Choose: {', '.join(names())}.")
    *first, last = (name,) if name else chosen(device)
    for each in first:
        try:
            return _open(bundle, device, each)
        except AnalysisError as error:
            log.info("%s cannot run %s: %s", each, bundle.name, error.what)
    return _open(bundle, device, last)


def _open(bundle: Bundle, device: str, name: str) -> Runtime:
    try:
        module = registry.load(_PACKAGE, name + _SUFFIX)
    except ImportError as error:
        missing = error.name or str(error)
        raise AnalysisError(
            f"the AI cannot start because {missing!r} is not installed",
            remedy=_WITHOUT_TENSORFLOW if missing == TENSORFLOW else "Install the application again.",
        ) from error
    runtime: Runtime = module.open_runtime(bundle, device)
    return runtime

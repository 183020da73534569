"""What runs a network: a small protocol, so that a machine without TensorFlow can have another engine.

A runtime is one file ``inference/<name>_runtime.py`` with a function ``open_runtime(bundle, device)``; it is
found by its name and imported when it is opened, never before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from breastview import registry
from breastview.errors import AnalysisError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle

_PACKAGE = "breastview.inference"
_SUFFIX = "-runtime"
DEFAULT = "tensorflow"
DEVICES = ("auto", "gpu", "cpu")


@dataclass(frozen=True, eq=False)
class RawOutput:
    """What one call of the compiled graph gives for B pictures; nothing is calibrated or placed yet.

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
        """Read B letterboxed pictures.

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


def open_runtime(bundle: Bundle, device: str = "auto", name: str = DEFAULT) -> Runtime:
    """Load a bundle's network; this takes seconds and belongs in a worker thread.

    Parameters
    ----------
    bundle : Bundle
    device : str
        One of `DEVICES`; ``"auto"`` takes a GPU where there is one.
    name : str
        Which runtime, one of `names()`.

    Raises
    ------
    AnalysisError
        If there is no such runtime or device, or what it needs is not installed.
    BundleError
        If the weights do not fit the network.
    """
    if device not in DEVICES:
        raise AnalysisError(f"the AI runs on no device {device!r}", remedy=f"Choose: {', '.join(DEVICES)}.")
    if name not in names():
        raise AnalysisError(f"there is no runtime {name!r}", remedy=f"Choose: {', '.join(names())}.")
    try:
        module = registry.load(_PACKAGE, name + _SUFFIX)
    except ImportError as error:
        missing = error.name or str(error)
        raise AnalysisError(
            f"the AI cannot start because {missing!r} is not installed",
            remedy="Install the application again.",
        ) from error
    runtime: Runtime = module.open_runtime(bundle, device)
    return runtime

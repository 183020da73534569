"""OpenVINO runs a bundle on the CPU: started in a second, without TensorFlow, float32, the same answers.

The graph is made once for each bundle (`openvino_graph`, in a process of its own) and kept in the user's
cache.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breastview.errors import AnalysisError
from breastview.inference import graph_cache, openvino_graph
from breastview.inference._openvino import openvino
from breastview.inference.runtime import RawOutput
from breastview.inference.threads import threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from breastview.inference.bundle import Bundle

log = logging.getLogger(__name__)

Answer = dict[str, NDArray[np.float32]]
"""What the graph gives for one picture, by the names of its outputs."""

# What stands for the outputs of a task that a bundle has not.
_NOTHING = {
    name: np.zeros(shape, np.float32)
    for name, shape in zip(openvino_graph.OUTPUTS, ((1, 0), (1, 0, 0), (1, 0, 1, 1), (1, 1, 1)), strict=True)
}


def open_runtime(bundle: Bundle, device: str) -> OpenVINORuntime:
    """Load the graph of a bundle, making it where it is not kept yet (some ten seconds, once).

    Parameters
    ----------
    bundle : Bundle
    device : str
        ``"auto"`` or ``"cpu"``.

    Raises
    ------
    AnalysisError
        If a GPU is asked for, the network has maps that are not known in closed form, or the graph cannot be
        made or kept.
    """
    if device == "gpu":
        raise AnalysisError("OpenVINO runs on the CPU here", remedy="Choose the CPU in the settings.")
    try:
        opened = OpenVINORuntime(lambda: kept_graph(bundle))
    except RuntimeError:
        log.warning("a kept graph is damaged and is made again")
        kept_graph(bundle).unlink(missing_ok=True)
        opened = OpenVINORuntime(lambda: kept_graph(bundle))
    _tidy(bundle)
    return opened


def kept_graph(bundle: Bundle) -> Path:
    """Return where the graph of a bundle with all its outputs lies, made where it is not kept yet.

    Raises
    ------
    AnalysisError
        If it cannot be made or kept.
    """
    folder = graph_cache.folder()
    place = folder / _name(bundle.hash) / "graph.xml"
    try:
        if not place.is_file():
            _make(bundle, place)
    except OSError as error:
        raise AnalysisError(
            f"the AI's graph could not be kept ({error.strerror})",
            folder,
            "Make room or allow writing there.",
        ) from error
    graph_cache.used(place.parent)
    return place


def _name(bundle_hash: str) -> str:
    return f"{bundle_hash}-{openvino_graph.REVISION}-{openvino.__version__.split('-')[0]}"


def _tidy(bundle: Bundle) -> None:
    """Forget graphs that are of no use any more."""
    with suppress(OSError):  # whoever cannot look there has nothing kept
        graph_cache.tidy({_name(one) for one in graph_cache.installed()}, _name(bundle.hash))


def _make(bundle: Bundle, place: Path) -> None:
    """Make the graph in a child process and keep it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=graph_cache.folder(), prefix="making-") as temporary:
        made = Path(temporary) / place.name
        spawned = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, spawned, openvino_graph.end_with_parent) as child:
            try:
                child.submit(openvino_graph.export, bundle.folder, made).result()
            except BrokenProcessPool as error:
                raise AnalysisError(
                    "the AI's graph could not be made", remedy="Close other programs and try again."
                ) from error
        # The weights first: where there is a .xml, its .bin is whole.
        for suffix in (".bin", ".xml"):
            made.with_suffix(suffix).replace(place.with_suffix(suffix))


class OpenVINORuntime:
    """A compiled graph, see `inference.runtime.Runtime`.

    Parameters
    ----------
    graph : callable
        Returns the place of the graph, made anew where it is gone. What is compiled of it is kept beside it;
        the graph itself is then read no more.
    """

    device = "CPU"
    notice = ""

    def __init__(self, graph: Callable[[], Path]) -> None:
        self._kept = graph
        self._graph: Any = self._compiled(one_at_a_time())
        self._lanes: Any = None

    def run(self, batch: NDArray[np.float32]) -> RawOutput:
        """Read B letterboxed pictures (B, S, S, 3), float32 in 0..255; see `inference.runtime.Runtime`."""
        if self._graph is None:
            raise AnalysisError("the AI was closed")
        start = time.perf_counter()
        try:
            # Each by itself: on a CPU a picture in a batch costs no less, and this graph has fixed shapes.
            found = [_taken(self._graph(_input(batch[0])))] if len(batch) == 1 else self._beside(batch)
        except RuntimeError as error:
            raise AnalysisError(
                "there is not enough memory to run the AI", remedy="Close other programs and try again."
            ) from error
        logits, mask_logits, class_maps, mask_map = (
            np.concatenate([answer.get(name, _NOTHING[name]) for answer in found])
            for name in openvino_graph.OUTPUTS
        )
        milliseconds = 1000 * (time.perf_counter() - start)
        return RawOutput(logits, mask_logits, class_maps, mask_map, milliseconds)

    def close(self) -> None:
        """Let go of the graph and with it of the weights."""
        self._graph = self._lanes = None

    def _compiled(self, settings: dict[str, Any]) -> Any:
        place = self._kept()
        use = f"{settings['PERFORMANCE_HINT']}-{settings['INFERENCE_NUM_THREADS']}".lower()
        kept = graph_cache.compiled(place.parent, use)
        cached = {"CACHE_DIR": str(kept)} if graph_cache.used(kept) else {}
        return openvino.Core().compile_model(place, "CPU", settings | cached)

    def _beside(self, batch: NDArray[np.float32]) -> list[Answer]:
        """Read several pictures, a core each: two cores share one picture worse than they read two."""
        if self._lanes is None:
            self._lanes = openvino.AsyncInferQueue(self._compiled(side_by_side()), threads())
        found: list[Answer] = [{} for _ in batch]

        def keep(request: Any, place: int) -> None:
            found[place] = _taken(request.results)

        self._lanes.set_callback(keep)
        for place, picture in enumerate(batch):
            self._lanes.start_async(_input(picture), place)
        self._lanes.wait_all()
        return found


def _input(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.ascontiguousarray(picture[None], np.float32)


def _taken(answer: Any) -> Answer:
    """Return copies of what a request gave: its memory is used again."""
    return {port.get_any_name(): np.array(values) for port, values in answer.items()}


def one_at_a_time() -> dict[str, Any]:
    """Return how OpenVINO is set for the shortest time of a picture."""
    return {
        "INFERENCE_PRECISION_HINT": "f32",  # the same answer on every machine
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads(),
        "ENABLE_CPU_PINNING": False,  # the window's thread goes where it likes
    }


def side_by_side() -> dict[str, Any]:
    """Return how OpenVINO is set for the most pictures a second."""
    return one_at_a_time() | {"PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": threads()}

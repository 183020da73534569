"""The model that is measured: the installed one that reads ultrasound, on the CPU."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.bench.row import NotMeasured
from breastview.errors import BreastViewError
from breastview.inference import graph_cache
from breastview.session import bundles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.bench.row import Place
    from breastview.inference.bundle import Bundle
    from breastview.inference.result_cache import ResultCache

MODALITY = "US"


@cache
def bundle() -> Bundle:
    """Return the bundle, verified.

    Raises
    ------
    NotMeasured
        If none is installed.
    """
    from breastview.inference.bundle import load_bundle

    try:
        return load_bundle(bundles.chosen("", MODALITY).folder)
    except BreastViewError as error:
        raise NotMeasured(str(error)) from error


def graphs(of: Bundle) -> tuple[Any, Any]:
    """Return the kept graph with all outputs and the forward pass alone, both compiled as for one picture.

    Raises
    ------
    NotMeasured
        If OpenVINO is not installed, or the graph cannot be made.
    """
    try:
        from breastview.inference import openvino_runtime
        from breastview.inference._openvino import openvino

        core, settings = openvino.Core(), openvino_runtime.one_at_a_time()
        whole = core.read_model(openvino_runtime.kept_graph(of))
    except ImportError as error:
        raise NotMeasured("OpenVINO is not installed.") from error
    except BreastViewError as error:
        raise NotMeasured(str(error)) from error
    wanted = [name for name, there in (("logits", of.classifies), ("mask_logits", of.segments)) if there]
    alone = openvino.Model([whole.output(name) for name in wanted], whole.get_parameters(), "forward")
    return core.compile_model(whole, "CPU", settings), core.compile_model(alone, "CPU", settings)


def at_home(home: Path) -> Path:
    """Return a folder for the settings and caches of a measured process, with the kept graphs in it."""
    kept = home / "cache" / graph_cache.FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    for folder in graph_cache.folder().glob("*/"):
        if not (kept / folder.name).exists():
            shutil.copytree(folder, kept / folder.name)
    return home


def results(place: Place) -> ResultCache:
    """Return a cache of results that nothing has filled and nobody else uses."""
    from breastview.inference.result_cache import ResultCache

    return ResultCache(Path(tempfile.mkdtemp(dir=place.folder, prefix="results-")), 2**30)


def square(of: Bundle, seed: int = 0) -> NDArray[np.float32]:
    """Return a made picture as the network takes it, (1, S, S, 3), 0..255."""
    from breastview.bench import made
    from breastview.imaging.letterbox import letterbox

    return letterbox(made.speckle(seed=seed), of.size)[0][None].astype(np.float32)

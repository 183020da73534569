"""What was trained in a test is measured in no more time than it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from breastview.inference import runtime
from breastview.inference.bundle import Bundle
from breastview.training import evaluate
from breastview.training.scored import Scored

DRAWS = 40


@pytest.fixture(scope="module")
def in_brief() -> Iterator[None]:
    """Read with TensorFlow, compile each bundle once; few bootstrap draws.

    A graph for OpenVINO takes a process that loads Keras anew. That both answer the same is asserted of every
    kind of head in `tests/inference/test_openvino_runtime.py`.
    """
    from breastview.inference import tensorflow_runtime

    compile_graph, graphs = tensorflow_runtime.compiled, {}
    intervals = evaluate.intervals

    def compiled(bundle: Bundle, place: str) -> object:
        key = bundle.hash, place
        if key not in graphs:
            graphs[key] = compile_graph(bundle, place)
        return graphs[key]

    def few(scored: Scored, draws: int) -> dict[str, list[float]]:
        return intervals(scored, min(draws, DRAWS))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "chosen", lambda device: (runtime.TENSORFLOW,))
        patch.setattr(tensorflow_runtime, "compiled", compiled)
        patch.setattr(evaluate, "intervals", few)
        yield

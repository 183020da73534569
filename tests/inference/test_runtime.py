"""Runtimes are found by name and imported only when opened."""

from __future__ import annotations

import builtins
import subprocess
import sys

import pytest

from breastview.errors import AnalysisError
from breastview.inference import runtime


def test_runtimes_are_listed_by_name():
    assert "tensorflow" in runtime.names()
    assert runtime.DEFAULT in runtime.names()


def test_listing_runtimes_and_importing_the_protocol_loads_no_tensorflow():
    code = (
        "import sys; from breastview.inference import runtime; runtime.names();"
        "assert not {'tensorflow', 'keras', 'cv2'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(("arguments", "said"), [(("toaster",), "toaster"), (("cpu", "abacus"), "abacus")])
def test_unknown_devices_and_runtimes_are_refused_with_the_choices(arguments, said):
    with pytest.raises(AnalysisError, match=said):
        runtime.open_runtime(None, *arguments)


def test_a_missing_engine_is_a_sentence_and_no_traceback(monkeypatch):
    real = builtins.__import__

    def without_tensorflow(name, *args, **kwargs):
        if name.split(".")[0] in {"tensorflow", "keras"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_tensorflow)
    for name in [n for n in sys.modules if n == "breastview.inference.tensorflow_runtime"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(AnalysisError, match="not installed"):
        runtime.open_runtime(None, "cpu")

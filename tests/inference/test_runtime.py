"""Runtimes are found by name and imported only when opened."""

from __future__ import annotations

import builtins
import subprocess
import sys
from types import SimpleNamespace

import pytest

from breastview.errors import AnalysisError
from breastview.inference import runtime


def test_runtimes_are_listed_by_name():
    assert {runtime.TENSORFLOW, runtime.OPENVINO} <= set(runtime.names())


def test_a_cpu_is_served_by_openvino_first_and_a_gpu_by_tensorflow(monkeypatch):
    assert runtime.chosen("cpu") == ("openvino", "tensorflow")
    assert runtime.chosen("gpu") == ("tensorflow",)
    for there, first in ((True, "tensorflow"), (False, "openvino")):
        monkeypatch.setattr(runtime, "gpu_usable", lambda there=there: there)
        assert runtime.chosen("auto")[0] == first


def test_without_tensorflow_openvino_serves_alone_and_a_gpu_is_no_use(monkeypatch):
    real = runtime.find_spec
    monkeypatch.setattr(runtime, "find_spec", lambda name: None if name == "tensorflow" else real(name))
    assert not runtime.gpu_usable()
    assert runtime.chosen("cpu") == runtime.chosen("auto") == ("openvino",)


def test_a_gpu_without_tensorflow_is_answered_with_what_can_be_done(monkeypatch):
    def without_tensorflow(_package, _name):
        raise ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow")

    monkeypatch.setattr(runtime.registry, "load", without_tensorflow)
    with pytest.raises(AnalysisError, match="'tensorflow' is not installed") as said:
        runtime.open_runtime(SimpleNamespace(name="some"), "gpu")
    assert "Choose the CPU" in said.value.remedy


def test_listing_runtimes_and_importing_the_protocol_loads_no_tensorflow():
    code = (
        "import sys; from breastview.inference import runtime; runtime.names();"
        "assert not {'tensorflow', 'keras', 'cv2'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


@pytest.mark.parametrize(("arguments", "said"), [(("toaster",), "toaster"), (("cpu", "abacus"), "abacus")])
def test_unknown_devices_and_runtimes_are_refused_with_the_choices(arguments, said):
    with pytest.raises(AnalysisError, match=said):
        runtime.open_runtime(None, *arguments)


def test_a_missing_engine_is_a_sentence_and_no_traceback(monkeypatch):
    real = builtins.__import__

    def without_tensorflow(name, *args, **kwargs):
        if name.split(".")[0] in {"tensorflow", "keras", "openvino"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_tensorflow)
    ours = [name for name in sys.modules if name.startswith("breastview.inference.")]
    for name in [name for name in ours if name.endswith(("_runtime", "._openvino"))]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(AnalysisError, match="not installed"):
        runtime.open_runtime(SimpleNamespace(name="some"), "cpu")

"""Mapping TensorFlow's libraries before its import."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux maps them beforehand")
def test_the_libraries_are_mapped_without_importing_tensorflow() -> None:
    script = (
        "import sys; from breastview.inference._native import map_tensorflow; map_tensorflow();"
        "maps = open('/proc/self/maps').read();"
        "print('libtensorflow_cc' in maps, 'tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]

"""TensorFlow's native libraries, mapped before its import, so that the window stays alive meanwhile.

An import holds Python's lock while the dynamic linker relocates hundreds of megabytes; a foreign function
call does not. Linux only: elsewhere nothing is done and only the window's smoothness differs.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

_LIBRARIES = ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2")


def map_tensorflow() -> None:
    """Map the libraries into the process; the import that follows finds them there."""
    if not sys.platform.startswith("linux"):
        return
    spec = importlib.util.find_spec("tensorflow")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for name in _LIBRARIES:
            library = Path(folder) / name
            if library.exists():
                _dlopen(library)


def _dlopen(library: Path) -> None:
    """Call dlopen as a foreign function (`ctypes.CDLL(path)` itself would hold Python's lock)."""
    libc = ctypes.CDLL(None)
    libc.dlopen.restype = ctypes.c_void_p
    libc.dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    libc.dlopen(os.fsencode(library), os.RTLD_LAZY)

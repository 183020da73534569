"""The set-up scripts as modules: their folder is no package, and its name belongs to a library."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    """Return ``packaging/<name>.py`` as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"_breastview_{name}", ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

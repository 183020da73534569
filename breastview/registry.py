"""Plug-ins are files: a new format, network, exporter or command is one new module in its folder.

Modules whose name starts with an underscore are parts, not plug-ins. Names are listed without importing.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from functools import cache
from types import ModuleType


@cache
def names(package: str) -> tuple[str, ...]:
    """Return the plug-in names of a package, sorted, without importing any of them.

    Parameters
    ----------
    package : str
        Dotted name, for instance ``"breastview.exporters"``.

    Returns
    -------
    tuple of str
        Module names with ``_`` written as ``-``.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"no package {package}")
    found = (m.name for m in pkgutil.iter_modules(spec.submodule_search_locations))
    return tuple(sorted(name.replace("_", "-") for name in found if not name.startswith("_")))


def load(package: str, name: str) -> ModuleType:
    """Import and return the plug-in `name` of `package`.

    Raises
    ------
    KeyError
        If there is no such plug-in; the message lists those there are.
    """
    if name not in names(package):
        raise KeyError(f"no {name!r} in {package}; there are: {', '.join(names(package))}")
    return importlib.import_module(f"{package}.{name.replace('-', '_')}")

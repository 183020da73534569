"""The ways a frame takes to a network's squares and their outputs back onto it; one file each.

A plug-in ``<name>.py`` holds ``PREPARATION``, a `Preparation`; a bundle's manifest names it.
"""

from __future__ import annotations

from typing import Any

from breastview import registry
from breastview.errors import BundleError
from breastview.inference.preparation._protocol import Preparation, Prepared

__all__ = ["Preparation", "Prepared", "preparation"]


def preparation(name: str) -> Preparation[Any]:
    """Return the preparation of a name.

    Raises
    ------
    BundleError
        If there is none: the bundle was made for a later version.
    """
    try:
        found: Preparation[Any] = registry.load(__name__, name).PREPARATION
    except KeyError as error:
        raise BundleError(
            f"its pictures are prepared in a way that this version does not know ({name})",
            remedy="Install a newer version of the application.",
        ) from error
    return found

"""Finding an architecture by its name; nothing here loads Keras before a network is built."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from breastview import registry
from breastview.errors import TrainingError

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

PACKAGE = "breastview.networks.architectures"


@cache
def files() -> dict[str, str]:
    """Return the name of every architecture, and the file of `networks/architectures` that builds it.

    A file is one architecture of its own name, or a family of those in its ``NAMES``.
    """
    return {
        name: file
        for file in registry.names(PACKAGE)
        for name in getattr(registry.load(PACKAGE, file), "NAMES", (file,))
    }


def names() -> tuple[str, ...]:
    """Return the names of all architectures, sorted."""
    return tuple(sorted(files()))


def build(name: str, config: NetworkConfig) -> Network:
    """Build the architecture called `name`, without pretrained weights.

    Raises
    ------
    TrainingError
        Where there is none of that name.
    """
    if name not in files():
        choice = f"Choose one of: {', '.join(names())}."
        raise TrainingError(f"there is no architecture called {name}", remedy=choice)
    module = registry.load(PACKAGE, files()[name])
    network: Network = module.build(config, name) if hasattr(module, "NAMES") else module.build(config)
    return network

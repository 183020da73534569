"""Finding an architecture by its name, without importing the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview import registry
from breastview.errors import TrainingError

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

PACKAGE = "breastview.networks.architectures"


def names() -> tuple[str, ...]:
    """Names of all architectures: the files of `networks/architectures`, with - for _."""
    return registry.names(PACKAGE)


def build(name: str, config: NetworkConfig) -> Network:
    """Build the architecture called `name`, without pretrained weights.

    Raises
    ------
    TrainingError
        Where there is none of that name.
    """
    if name not in names():
        choice = f"Choose one of: {', '.join(names())}."
        raise TrainingError(f"there is no architecture called {name}", remedy=choice)
    network: Network = registry.load(PACKAGE, name).build(config)
    return network

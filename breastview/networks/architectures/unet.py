"""U-Nets from scratch: plain, residual, and residual with attention gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import segmenters
from breastview.networks.segmenters import Design

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

DESIGNS = {
    "unet": Design("unet"),
    "resunet": Design("resunet", residual=True),
    "attention-resunet": Design("attention_resunet", residual=True, gated=True),
}
NAMES = tuple(DESIGNS)


def build(config: NetworkConfig, name: str) -> Network:
    """Build the U-Net called `name`."""
    return segmenters.assemble(DESIGNS[name], config)

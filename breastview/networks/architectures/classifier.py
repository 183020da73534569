"""Classifiers on one encoder: the network is called as its encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.networks import classifiers
from breastview.networks.backbones import catalogue

if TYPE_CHECKING:
    from breastview.networks.specification import Network, NetworkConfig

NAMES = catalogue.NAMES


def build(config: NetworkConfig, name: str) -> Network:
    """Build the classifier on the encoder `name`, without pretrained weights."""
    return classifiers.assemble(catalogue.build(name, config.size, config.only_pretrained), config)

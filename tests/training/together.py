"""`breastview train` with a tiny network, as a process of its own: the arguments are the command's."""

from __future__ import annotations

import sys
from typing import Any


def main() -> None:
    """Run the command; the tiny network takes the place of the real one when that is built."""
    from breastview.cli import main as command
    from breastview.networks import catalogue

    def build(name: str, config: Any) -> Any:
        from tests.training import tiny

        return tiny.build(name, config)

    catalogue.build = build
    command(["train", *sys.argv[1:]])


if __name__ == "__main__":
    main()

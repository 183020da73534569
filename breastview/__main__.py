"""`python -m breastview` and the command `breastview`."""

from __future__ import annotations

import multiprocessing


def main() -> None:
    """Run the command line and exit with its code."""
    # Decoders are child processes; a frozen application must know when it is one of them.
    multiprocessing.freeze_support()

    from breastview import cli

    cli.main()


if __name__ == "__main__":
    main()

"""`breastview` with another analyser: stand_in.py MODULE:NAME COMMAND …, for `trial.py`."""

from __future__ import annotations

import functools
import importlib
import sys


def main() -> None:
    """Put the analyser in the place of the AI, here and for the workers, and run the command."""
    name = sys.argv[1]
    import breastview.session
    from breastview import cli
    from breastview.cluster import run

    module, _, attribute = name.partition(":")
    factory = getattr(importlib.import_module(module), attribute)
    breastview.session.Session = functools.partial(breastview.session.Session, analyser_factory=factory)
    run.Plan = functools.partial(run.Plan, analyser=name)
    cli.main(sys.argv[2:])


if __name__ == "__main__":
    main()

"""`python -m breastview` and the command `breastview`."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    # Decoders are child processes; a frozen application must know when it is one of them.
    multiprocessing.freeze_support()
    # NumPy's matrices are small here. Several threads of its library for one product wait for each other by
    # spinning: beside a busy core that takes hundreds of times as long as one thread alone.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from breastview import cli

    try:
        cli.main()
    except SystemExit as end:
        if end.code == cli.INTERRUPTED:
            _leave(cli.INTERRUPTED)
        raise


def _leave(code: int) -> None:
    """End without waiting for a batch that the AI has begun: all results are written by now."""
    atexit._run_exitfuncs()  # unpacked archives and child processes go
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()

"""What the packaged program runs first: the application, or a part of it that it starts as its own child."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys

PACKAGE = "breastview"


def clean(environment: os._Environ[str]) -> None:
    """Take the packaged libraries out of what other programs inherit: a PDF viewer brings its own.

    The loader of this process and PyInstaller's own children do not need the variable any more.
    """
    before = environment.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        environment["LD_LIBRARY_PATH"] = before
    else:
        environment.pop("LD_LIBRARY_PATH", None)


def own_module(arguments: list[str]) -> str:
    """Return the module that `breastview -m MODULE` asks for, empty where it is none of ours.

    `breastview bench` starts its measured processes as ``sys.executable -m``, and here that is this program.
    """
    if len(arguments) < 2 or arguments[0] != "-m":
        return ""
    name = arguments[1]
    return name if name == PACKAGE or name.startswith(f"{PACKAGE}.") else ""


def main() -> None:
    """Run what is asked for."""
    multiprocessing.freeze_support()  # a decoder or a maker of graphs goes no further than this
    if sys.platform.startswith("linux"):
        clean(os.environ)
    name = own_module(sys.argv[1:])
    if name:
        del sys.argv[1:3]
        runpy.run_module(name, run_name="__main__", alter_sys=True)
        return
    from breastview.__main__ import main as application

    application()


if __name__ == "__main__":
    main()

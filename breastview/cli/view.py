"""`breastview PATH`: the window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breastview import registry
from breastview.cli import _console, _window

EXAMPLES = """
Examples:

- `breastview scans/`
- `breastview study.zip`
- `breastview DICOMDIR`
"""
WRONG_USAGE = 2


def command(
    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH",
            help="Files, folders, DICOMDIRs or ZIP archives; without one the last session returns.",
        ),
    ] = None,
) -> None:
    """Open the window on files, folders or archives (also without the word `view`)."""
    for source in sources or ():
        if not source.exists():
            hint = _window.misspelt(str(source), registry.names("breastview.cli"))
            _console.complain(f"There is no file, folder or command {str(source)!r}.{hint}")
            raise typer.Exit(WRONG_USAGE)
    _window.open_window(sources or ())

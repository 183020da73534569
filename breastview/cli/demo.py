"""`breastview demo`: the study that comes with the application."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from breastview import paths
from breastview.cli import _console, _window
from breastview.errors import BreastViewError, ExportError

EXAMPLES = """
Examples:

- `breastview demo`
- `breastview demo --to scans`, then `breastview analyse scans --csv out.csv`
"""


def command(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Copy the study to this folder instead.", file_okay=False),
    ] = None,
) -> None:
    """Open the demo study, or copy it out with --to."""
    study = paths.resources() / "demo"
    if not study.is_dir():
        raise BreastViewError("the demo study is missing", study, "Install BreastView again.")
    if to is None:
        _window.open_window([study])
    else:
        _copied(study, to)


def _copied(study: Path, folder: Path) -> None:
    files = (path for path in study.rglob("*") if path.is_file())
    taken = [path for path in files if (folder / path.relative_to(study)).exists()]
    if taken:
        raise ExportError(
            f"{len(taken)} of the demo study's files are there already", folder, "Choose another folder."
        )
    try:
        shutil.copytree(study, folder, dirs_exist_ok=True)
    except (OSError, shutil.Error) as error:
        raise ExportError(
            f"the demo study could not be copied ({error})", folder, "Choose another folder."
        ) from error
    _console.say(f"The demo study lies in {folder}.")

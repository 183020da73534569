"""Arguments and options that several commands share."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from breastview import settings
from breastview.settings import Settings


class Device(StrEnum):
    """Where the AI runs."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH", help="Files, folders (with all below), DICOMDIRs or ZIP archives.", exists=True
    ),
]
BundleName = Annotated[
    str,
    typer.Option(
        "--bundle", metavar="NAME", help="Model bundle, by name or folder; see `breastview models`."
    ),
]
OnDevice = Annotated[
    Device | None, typer.Option(help="Where the AI runs; auto takes a GPU where there is one.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars and no summary.")]


def chosen(bundle: str = "", device: Device | None = None) -> Settings:
    """Return the user's settings with what the command line says instead."""
    mine = settings.load()
    return replace(mine, bundle=bundle or mine.bundle, device=device.value if device else mine.device)

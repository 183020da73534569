"""Arguments and options that several commands share."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from breastview import settings
from breastview.settings import Settings
from breastview.study.kind import Kind


class Device(StrEnum):
    """Where the AI runs."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"


class AsKind(StrEnum):
    """As what kind of picture everything is read."""

    AUTO = "auto"
    US = "us"
    MG = "mg"
    SM = "sm"

    @property
    def forced(self) -> Kind | None:
        """The kind, None where each file is read as what it is."""
        return None if self is AsKind.AUTO else Kind(self.value.upper())


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
OnKind = Annotated[
    AsKind,
    typer.Option(
        "--kind",
        help="Read everything as ultrasound (us), mammograms (mg) or histology (sm); auto goes by each "
        "file's header, or by its look where that tells nothing.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars and no summary.")]


def present(texts: list[str]) -> list[Path]:
    """Return files and folders of the command line; what is not there is wrong usage."""
    for text in texts:
        if not Path(text).exists():
            far = "://" in text or text.startswith("dicomweb:")
            more = " Object stores and archives are read with --cluster." if far else ""
            raise typer.BadParameter(f"Path '{text}' does not exist.{more}")
    return [Path(text) for text in texts]


def chosen(bundle: str = "", device: Device | None = None) -> Settings:
    """Return the user's settings with what the command line says instead."""
    mine = settings.load()
    return replace(mine, bundle=bundle or mine.bundle, device=device.value if device else mine.device)

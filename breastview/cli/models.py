"""`breastview models`: the bundles installed, and those refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview import paths
from breastview.cli import _console

if TYPE_CHECKING:
    from breastview.inference.bundle import Bundle

FIGURES = ("accuracy", "auc benign-malignant", "auc idc", "dice mean")


def command(
    folder: Annotated[
        Path | None, typer.Option(help="Folder of bundles; the installed ones if not given.")
    ] = None,
) -> None:
    """List the installed models with their main figures; a changed one with the reason it is refused."""
    from rich.console import Console
    from rich.table import Table

    from breastview.inference.bundle import list_bundles

    places = (folder,) if folder else paths.model_folders()
    found = [list_bundles(place) for place in places]
    good = [bundle for listed, _ in found for bundle in listed]
    refused = [one for _, bad in found for one in bad]
    console = Console(markup=False)  # a bundle says of itself what it likes
    if not good and not refused:
        console.print(f"No models in {' and '.join(map(str, places))}.")
        return
    table = Table()
    figures = "figures (out of fold, mean of folds)"
    for column in ("name", "version", "from", "reads", "classes", "hash", figures):
        table.add_column(column, no_wrap=column in ("name", "from", "reads", "hash"))
    for bundle in good:
        classes = ", ".join(bundle.classes)
        origin = "BreastView" if bundle.shipped else "own"
        said = bundle.name, bundle.version, origin, _reads(bundle), classes, bundle.hash, _figures(bundle)
        table.add_row(*map(_console.plain, said))
    if good:
        console.print(table)
    for path, error in refused:
        _console.complain(f"Refused: {path}: {error}")
    if refused:
        raise typer.Exit(1)


def _reads(bundle: Bundle) -> str:
    """Return the DICOM modality of the kind of picture, and whether the model is a demonstration only."""
    return f"{bundle.modality}\nexperimental" if bundle.experimental else bundle.modality


def _figures(bundle: Bundle) -> str:
    lines = []
    try:
        for name, values in bundle.metrics.get("sets", {}).items():
            shown = [f"{key} {values['mean'][key]:.3f}" for key in FIGURES if key in values.get("mean", {})]
            lines.append(f"{name}: {', '.join(shown)}")
    except (AttributeError, KeyError, TypeError, ValueError):
        return "none that can be read"
    return "\n".join(lines)

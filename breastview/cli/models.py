"""`breastview models`: the bundles installed, and those refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview.cli import _console

if TYPE_CHECKING:
    from breastview.inference.bundle import Bundle

FIGURES = ("accuracy", "auc benign-malignant", "dice mean")


def command(
    folder: Annotated[
        Path | None, typer.Option(help="Folder of bundles; the installed ones if not given.")
    ] = None,
) -> None:
    """List the installed models with their main figures; a changed one with the reason it is refused."""
    from rich.console import Console
    from rich.table import Table

    from breastview import paths
    from breastview.inference.bundle import list_bundles

    where = folder or paths.models()
    good, refused = list_bundles(where)
    console = Console()
    if not good and not refused:
        console.print(f"No models in {where}.")
        return
    table = Table()
    for column in ("name", "version", "kind", "classes", "hash", "figures (out of fold, mean of folds)"):
        table.add_column(column, no_wrap=column in ("name", "hash"))
    for bundle in good:
        classes = ", ".join(bundle.classes)
        table.add_row(bundle.name, bundle.version, bundle.modality, classes, bundle.hash, _figures(bundle))
    if good:
        console.print(table)
    for path, error in refused:
        _console.complain(f"Refused: {path}: {error}")
    if refused:
        raise typer.Exit(1)


def _figures(bundle: Bundle) -> str:
    lines = []
    for name, values in bundle.metrics.get("sets", {}).items():
        shown = [f"{key} {values['mean'][key]:.3f}" for key in FIGURES if key in values.get("mean", {})]
        lines.append(f"{name}: {', '.join(shown)}")
    return "\n".join(lines)

"""`breastview bundle`: a bundle of a finished training run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """
Examples:

- `breastview bundle run models/us-attentive-3 --title "Breast ultrasound: classifier and segmenter"`
- `breastview bundle run first-look --part 0`
"""


def command(
    run: Annotated[Path, typer.Argument(help="The --out folder of a training run.")],
    destination: Annotated[Path, typer.Argument(help="Folder of the bundle; its name is the bundle's.")],
    title: Annotated[str, typer.Option(help="Title of the bundle; its name if not given.")] = "",
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "1.0.0",
    part: Annotated[str, typer.Option(help="Whose weights: final, or a fold such as 0.")] = "final",
) -> None:
    """Make a bundle of a run: weights, calibration, figures of its folds and card.

    The same run gives the same bytes. Nothing is trained, and the data sets are read where the run found
    them.
    """
    from breastview.training import export

    made = export.write(run, destination, part, version, title or destination.name)
    typer.echo(f"Bundle {made.stamp} written to {made.folder}. Its figures are in CARD.md.")

"""`breastview train`: train a named recipe on folders of labelled pictures and make a bundle of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breastview.cli import _console

if TYPE_CHECKING:
    from breastview.training.run import Plan

EXAMPLES = """
Examples:

- `breastview train us-efficientnetb4-1 --data busi --data bus_bra --weights weights/ --out run`
- `breastview train us-mobilenetv2-1 --data my-pictures --out run --folds 0,1,2,3,4,final --epochs 8`
- `breastview train us-mobilenetv2-1 --data my-pictures --out run --resume`
"""


def command(
    name: Annotated[str, typer.Argument(help="The recipe, for instance us-efficientnetb4-1.")],
    data: Annotated[
        list[Path],
        typer.Option(
            help="A data set, repeatable: a folder with manifest.csv (image, mask, label, group, fold), or "
            "with the folders normal, benign and malignant (x.png beside x_mask.png)."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder of the run: states, logs, predictions and the bundle.")],
    folds: Annotated[
        str, typer.Option(help="What to train: folds such as 0,1,2; final; or all (five folds and final).")
    ] = "all",
    weights: Annotated[
        Path | None, typer.Option(help="ImageNet weights of the encoder: a .npz file or the folder it is in.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Instead of the recipe's number of epochs.")
    ] = None,
    pictures: Annotated[int | None, typer.Option(min=1, help="Pictures drawn an epoch.")] = None,
    size: Annotated[
        int | None, typer.Option(min=32, help="Side of the input in px, a multiple of 32.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    bundle: Annotated[
        str | None, typer.Option(help="Name of the bundle; the recipe's name if not given.")
    ] = None,
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "1.0.0",
    title: Annotated[str, typer.Option(help="Title of the bundle.")] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the run that is already in --out.")
    ] = False,
) -> None:
    """Train a recipe on labelled pictures: grouped folds for the figures, a final model for the bundle.

    Every epoch is saved whole; after an interruption the same command with --resume goes on from there.
    Where a data set names no groups, near-duplicate pictures are kept together by their likeness; pictures
    of one patient that look different are not recognised as such.
    """
    from dataclasses import replace

    from breastview.training import recipe, run

    changes: dict[str, Any] = {"epochs": epochs, "pictures": pictures, "size": size, "seed": seed}
    chosen = replace(recipe.find(name), **{key: value for key, value in changes.items() if value is not None})
    plan = run.Plan(chosen, tuple(data), out, run.parts(folds), weights, resume)
    try:
        run.execute(plan, _console.say)
    except KeyboardInterrupt:
        _console.say("The finished epochs are kept: go on with the same command and --resume.")
        raise
    _finish(plan, bundle or name, version, title)


def _finish(plan: Plan, name: str, version: str, title: str) -> None:
    """Write the bundle once the final model and a fold are there; say what is missing otherwise."""
    from breastview.training import export, run

    if not export.folds_of(plan.out) or not (run.part_folder(plan.out, run.FINAL) / run.MODEL).is_file():
        typer.echo("No bundle yet: that takes the final model and at least one fold (--folds all --resume).")
        return
    made = export.write(plan.out, plan.out / name, run.FINAL, version, title or name)
    typer.echo(f"Bundle {made.stamp} written to {made.folder}. Its figures are in CARD.md.")

"""`breastview train`: train a named recipe on folders of labelled pictures and make a bundle of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breastview.cli import _console

if TYPE_CHECKING:
    from breastview.training.run import Plan

BASELINES = ("svm", "random-forest", "logistic-regression")
CLASSES = ("normal", "benign", "malignant")

EXAMPLES = """
Examples:

- `breastview train us-attentive-3 --data busi --data bus_bra --weights weights/ --out run`
- `breastview train us-mobilenetv2-1 --data my-pictures --out run --folds 0,1,2,3,4,final --epochs 8`
- `breastview train us-mobilenetv2-1 --data my-pictures --out run --resume`
- `breastview train svm --features efficientnetb4 --data busi --weights weights/ --out svm`
- `breastview train resnet50v2-xception --data busi --weights imagenet --out ensemble --folds 0 --short`
"""


def command(
    name: Annotated[
        str, typer.Argument(help="The recipe, for instance us-attentive-3 or resnet50v2-xception.")
    ],
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
        Path | None,
        typer.Option(
            help="ImageNet weights of the encoder: a .npz file, the folder it is in, or the word imagenet "
            "(fetched by keras.applications). From scratch if not given."
        ),
    ] = None,
    classes: Annotated[
        str,
        typer.Option(
            help="Names of the classes instead of normal,benign,malignant, between commas; the folders are "
            "called so. The last is the one that counts as found."
        ),
    ] = "",
    epochs: Annotated[
        int | None, typer.Option(min=1, help="Instead of the recipe's number of epochs.")
    ] = None,
    pictures: Annotated[int | None, typer.Option(min=1, help="Pictures drawn an epoch.")] = None,
    size: Annotated[
        int | None, typer.Option(min=32, help="Side of the input in px, a multiple of 32.")
    ] = None,
    features: Annotated[
        str,
        typer.Option(
            help="Of a baseline: pixels, hog, colour, or an encoder's name for its frozen features."
        ),
    ] = "hog",
    short: Annotated[
        bool, typer.Option("--short", help="One short epoch of 192 pictures at 96 px, to try a system out.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.")] = None,
    bundle: Annotated[
        str | None, typer.Option(help="Name of the bundle; the recipe's name if not given.")
    ] = None,
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "1.0.0",
    title: Annotated[str, typer.Option(help="Title of the bundle.")] = "",
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the run that is already in --out.")
    ] = False,
    distribute: Annotated[
        str,
        typer.Option(
            metavar="HOST:PORT,…",
            help="Train by several processes together, one at each address; start each with the same command "
            "and its own --rank. Only in a network where everyone is trusted.",
        ),
    ] = "",
    rank: Annotated[
        int, typer.Option(min=0, help="With --distribute: which address is this one's, from 0.")
    ] = 0,
) -> None:
    """Train a recipe or a published system; grouped folds for the figures, a final model for the bundle.

    Every epoch is saved whole; after an interruption the same command with --resume goes on from there.
    Where a data set names no groups, near-duplicate pictures are kept together by their likeness; pictures
    of one patient that look different are not recognised as such. The baselines svm, random-forest and
    logistic-regression are trained and measured on five folds at once.
    """
    from dataclasses import replace

    from breastview.training import recipe, run

    named = tuple(part.strip() for part in classes.split(",") if part.strip())
    if name in BASELINES:
        _measure_baseline(name, features, data, out, weights, named or CLASSES)
        return
    changes: dict[str, Any] = {"epochs": epochs, "pictures": pictures, "size": size, "seed": seed}
    changes["classes"] = named or None
    start = recipe.find(name).shortened(size=96, pictures=192) if short else recipe.find(name)
    chosen = replace(start, **{key: value for key, value in changes.items() if value is not None})
    plan = run.Plan(chosen, tuple(data), out, run.parts(folds), weights, resume)
    if distribute:
        plan = _together(plan, distribute, rank)
    try:
        run.execute(plan, _console.say)
    except KeyboardInterrupt:
        _console.say("The finished epochs are kept: go on with the same command and --resume.")
        raise
    if rank == 0:
        _finish(plan, bundle or name, version, title)


def _together(plan: Plan, addresses: str, rank: int) -> Plan:
    """Return a plan with the other processes; TensorFlow wants to know of them before anything else."""
    from dataclasses import replace

    from breastview.training.distribute import Team

    team = Team([one.strip() for one in addresses.split(",")], rank)
    return replace(plan, team=team, out=team.folder(plan.out))


def _measure_baseline(
    name: str, features: str, data: list[Path], out: Path, weights: Path | None, classes: tuple[str, ...]
) -> None:
    from breastview.training import baselines, comparison
    from breastview.training import data as pictures

    examples = [example for folder in data for example in pictures.read(folder, classes)]
    figures = baselines.measure(name, features, examples, weights, classes)
    entry = comparison.of_baseline(name, features, figures["sets"])
    comparison.save_run(out, entry, figures)
    for source, values in entry.figures.items():
        typer.echo(f"{source}: " + ", ".join(f"{key} {value:.3f}" for key, value in values.items()))
    typer.echo(f"All figures are in {out}. A baseline is measured on five folds, not bundled.")


def _finish(plan: Plan, name: str, version: str, title: str) -> None:
    """Write the bundle once the final model and a fold are there; say what is missing otherwise."""
    from breastview.training import export, run

    if not export.folds_of(plan.out) or not (run.part_folder(plan.out, run.FINAL) / run.MODEL).is_file():
        typer.echo("No bundle yet: that takes the final model and at least one fold (--folds all --resume).")
        return
    made = export.write(plan.out, plan.out / name, run.FINAL, version, title or name)
    typer.echo(f"Bundle {made.stamp} written to {made.folder}. Its figures are in CARD.md.")

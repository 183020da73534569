"""Training every system that has no result yet, each for one short epoch, for the table of all systems."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import keras

from breastview.networks import catalogue, pretrained
from breastview.training import comparison, recipe, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from breastview.training.recipe import Recipe

FOLD = "1"
SIZE, PICTURES = 96, 64  # px, pictures drawn
MANY = 40e6  # weights from which a system is huge: half the pictures


def complete(
    results: Path,
    out: Path,
    folders: Sequence[Path],
    weights: Path | None,
    tell: Callable[[str], None],
    names: Sequence[str] = (),
) -> None:
    """Train what is missing in `results`, one after the other; may be stopped and called again.

    Parameters
    ----------
    results : Path
        Folder of results, one JSON file a system.
    out : Path
        Folder of the runs.
    folders : Sequence[Path]
        Data sets.
    weights : Path or None
        ImageNet weights, as for a training; systems whose file is not in the folder start from scratch.
    names : Sequence[str]
        Which systems; all of them if empty.
    """
    done = {entry.name for entry in comparison.read(results) if entry.budget != comparison.NOT_RUN}
    for name, chosen in recipe.everyone().items():
        if name in done or (names and name not in names):
            continue
        tell(f"{name}: a short training")
        start, parameters = _start(chosen, weights)
        pictures = PICTURES // 2 if parameters > MANY else PICTURES
        short = replace(chosen.shortened(SIZE, pictures), batch=8)
        run.execute(run.Plan(short, tuple(folders), out / name, (FOLD,), start, resume=True), tell)
        comparison.save(comparison.of_run(out / name), results)
        keras.backend.clear_session()


def _start(chosen: Recipe, weights: Path | None) -> tuple[Path | None, int]:
    """Return the weights if they hold every encoder of the system, and how large the system is."""
    network = catalogue.build(chosen.architecture, replace(chosen.network(), size=SIZE))
    files = [part.pretrained for part in network.encoders]
    held = weights is not None and (
        all(name in pretrained.FETCHED for name in files)
        if str(weights) == pretrained.IMAGENET
        else all(name and (weights / name).is_file() for name in files)
    )
    return (weights if held else None), int(network.model.count_params())

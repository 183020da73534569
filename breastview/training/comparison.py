"""The table of all systems: cost, training and figures of each, kept as one JSON file a system."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from breastview import atomic, registry
from breastview.networks import catalogue, cost, pretrained
from breastview.training import baselines, evaluate, export, predictions, recipe
from breastview.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from breastview.inference.bundle import Bundle
    from breastview.networks.specification import Network

BASELINE, DETAILS = "baseline.json", "figures.json"  # in the folder of a baseline's run
FIGURES = (
    "accuracy",
    "macro recall",
    "auc benign-malignant",
    "auc idc",
    "dice mean",
    "iou mean",
    "false lesion rate",
)
NOT_RUN = "not run"
RECIPES = "breastview.training.recipes"


@dataclass(frozen=True)
class Entry:
    """One system of the table.

    Attributes
    ----------
    name, architecture : str
    start : str
        Which weights it began with.
    budget : str
        How long it was trained, on what, and which folds were measured; `NOT_RUN` where it was not.
    figures : dict[str, dict[str, float]]
        By data set, those of `FIGURES` that it has.
    published : str
        What was published of it, and under which split.
    bundled : bool
        Whether it comes with the application.
    parameters : int or None
    gflops : float or None
        Of one picture at `size`.
    size : int or None
        Side of the input of `gflops`, px.
    milliseconds : float or None
        Processor time of one forward pass at `size`, all threads together.
    """

    name: str
    architecture: str
    start: str
    budget: str
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    published: str = ""
    bundled: bool = False
    parameters: int | None = None
    gflops: float | None = None
    size: int | None = None
    milliseconds: float | None = None


def of_run(out: Path) -> Entry:
    """Return the entry of a finished run of `breastview train`, a network's or a baseline's.

    Raises
    ------
    TrainingError
        Where the folder holds no finished run.
    """
    if (out / BASELINE).is_file():
        return read_entry(out / BASELINE)
    stored = export.settings(out)
    chosen = Recipe.from_dict(stored["recipe"])
    sets = _measured(out, chosen)
    measured = sorted({fold for values in sets.values() for fold in values["folds"]})
    folds = "five folds" if len(measured) == 5 else f"fold {', '.join(measured)} only"
    kind = "short budget, " if chosen.epochs * chosen.pictures < 2000 else ""
    budget = f"{kind}{_length(chosen)}, {folds}"
    entry = Entry(chosen.name, chosen.architecture, "", budget, pooled(sets), published(chosen.name))
    return _with_cost(entry, chosen, stored)


def _measured(out: Path, chosen: Recipe) -> dict[str, Any]:
    """Return the figures of a run's folds, by data set, without what the table does not show.

    Neither intervals (one draw instead of a thousand) nor the pointing game, which reads every picture again.
    """
    found = predictions.read(export.folds_of(out), chosen.classes)
    scored = evaluate.cross_fitted(found, chosen.false_lesion)
    sets = evaluate.report(scored, found.folds, found.sources, draws=1)
    figures: dict[str, Any] = export.finite(sets)
    return figures


def _length(chosen: Recipe) -> str:
    drawn = f"{chosen.epochs * chosen.pictures} pictures at {chosen.size} px"
    return f"the head alone on {drawn}" if chosen.frozen_views else drawn


def of_bundle(bundle: Bundle) -> Entry:
    """Return the entry of an installed bundle: its out-of-fold figures, pooled."""
    chosen = Recipe.from_dict(bundle.manifest["training"]["recipe"])
    budget = f"{_length(chosen)}, five folds"
    entry = Entry(bundle.name, bundle.architecture, "", budget, pooled(bundle.metrics["sets"]), bundled=True)
    return _with_cost(entry, chosen, bundle.manifest["training"])


def of_baseline(name: str, features: str, sets: dict[str, Any]) -> Entry:
    """Return the entry of a baseline that was measured."""
    start = "none" if features in baselines.PLAIN else "ImageNet, frozen"
    return Entry(
        f"{name} ({features})", features, start, "all pictures of four folds, five folds", pooled(sets)
    )


def pooled(sets: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Return the figures of the table from those of an evaluation."""
    return {
        source: {name: values["pooled"][name] for name in FIGURES if name in values["pooled"]}
        for source, values in sets.items()
    }


def published(name: str) -> str:
    """Return what was published of a system, in words."""
    families = (registry.load(RECIPES, family) for family in registry.names(RECIPES))
    return next((family.PUBLISHED[name] for family in families if name in family.PUBLISHED), "")


def _with_cost(entry: Entry, chosen: Recipe, stored: dict[str, Any]) -> Entry:
    """Add the network's cost at the size it is meant for, and which weights it began with."""
    full = recipe.everyone().get(chosen.name, chosen)
    network = catalogue.build(full.architecture, full.network())
    return replace(
        entry,
        start=_start(network, stored),
        parameters=int(network.model.count_params()),
        gflops=round(cost.gflops(network.model), 2),
        milliseconds=round(cost.milliseconds(network.model), 1),
        size=full.size,
    )


def _start(network: Network, stored: dict[str, Any]) -> str:
    files = [part.pretrained for part in network.encoders if part.pretrained]
    if not files or not stored["pretrained"]:
        return "from scratch"
    # A file called encoder_to_layer.npz ends there; what lies behind begins at random.
    ends = [name.removesuffix(".npz").partition("_to_")[2] for name in files if "_to_" in name]
    partly = ends and stored.get("weights") != pretrained.IMAGENET
    return f"ImageNet to {' and '.join(ends)}" if partly else "ImageNet"


def save(entry: Entry, folder: Path) -> Path:
    """Keep an entry in a folder of results, in place of an earlier one of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{entry.name.replace(' ', '-').replace('(', '').replace(')', '')}.json"
    with atomic.written(path) as temporary:
        temporary.write_text(json.dumps(asdict(entry), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def save_run(out: Path, entry: Entry, figures: dict[str, Any]) -> None:
    """Keep a baseline's entry and all its figures in the folder of its run."""
    out.mkdir(parents=True, exist_ok=True)
    for name, content in ((BASELINE, asdict(entry)), (DETAILS, figures)):
        with atomic.written(out / name) as temporary:
            temporary.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_entry(path: Path) -> Entry:
    """Read what `save` wrote."""
    return Entry(**json.loads(path.read_text(encoding="utf-8")))


def read(folder: Path) -> list[Entry]:
    """Return all systems by name: those with results in `folder`, and the others as not run."""
    found = {entry.name: entry for entry in map(read_entry, sorted(folder.glob("*.json")))}
    for name, chosen in recipe.everyone().items():
        if name not in found:
            found[name] = Entry(name, chosen.architecture, "", NOT_RUN, published=published(name))
    return sorted(found.values(), key=lambda entry: (entry.budget == NOT_RUN, entry.name))


COLUMNS = (
    "system",
    "weights (M)",
    "GFLOPs",
    "CPU ms",
    "starts from",
    "trained",
    "accuracy",
    "macro recall",
    "AUC",
    "Dice",
    "published",
)


def rows(entries: Sequence[Entry], source: str) -> list[tuple[str, ...]]:
    """Return the cells of the table in the order of `COLUMNS`, with the figures of one data set."""
    shown = ("accuracy", "macro recall", "auc benign-malignant", "dice mean")
    return [
        (
            entry.name + (" (bundled)" if entry.bundled else ""),
            "" if entry.parameters is None else f"{entry.parameters / 1e6:.1f}",
            "" if entry.gflops is None else f"{entry.gflops:.1f}",
            "" if entry.milliseconds is None else f"{entry.milliseconds:.0f}",
            entry.start,
            entry.budget,
            *(_number(entry.figures.get(source, {}).get(name)) for name in shown),
            entry.published,
        )
        for entry in entries
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def markdown(entries: Sequence[Entry], source: str) -> str:
    """Return the table as Markdown."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows(entries, source))]) + "\n"

"""The model card: what a bundle is for, what it was made from, how well it does, and where it fails."""

from __future__ import annotations

import math
from typing import Any

from breastview import RESEARCH_USE
from breastview.training import card_words

# "recall" and "auc" stand for those of every class, or of the pair that is told apart.
ROWS = (
    "accuracy",
    "macro recall",
    "macro precision",
    "macro f1",
    "recall",
    "auc",
    "auc one-versus-rest",
    "sensitivity at specificity 0.75",
    "sensitivity at specificity 0.9",
    "brier",
    "calibration error",
    "kept",
    "accuracy kept",
    "dice mean",
    "dice median",
    "iou mean",
    "hd95 median px",
    "false lesion rate",
    "pointing class",
    "pointing mask",
)


def _flow(text: str) -> str:
    return " ".join(text.split())


def rows(values: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the figures to be shown of a data set, in order, whether it has them or not."""
    each = {
        "recall": [f"recall {name}" for name in values["classes"]],
        "auc": ["auc benign-malignant", *(f"auc {name}" for name in values["classes"])],
    }
    return tuple(name for row in ROWS for name in each.get(row, [row]))


def write(manifest: dict[str, Any], figures: dict[str, Any]) -> str:
    """Return the card, Markdown.

    Parameters
    ----------
    manifest : dict
        Of the bundle.
    figures : dict
        From `breastview.training.evaluate.report`, by data set, under ``"sets"``.
    """
    sections = [
        f"# {manifest['title']}\n\n`{manifest['name']}` version {manifest['version']}. **{RESEARCH_USE}**",
        _use(manifest),
        _data(manifest),
        f"## How it was measured\n\n{figures['protocol']}",
        *(_table(name, values) for name, values in figures["sets"].items()),
        *(_failures(name, values["failures"]) for name, values in figures["sets"].items()),
        *(_worst(name, values["worst"]) for name, values in figures["sets"].items() if values.get("worst")),
        _limits(manifest),
    ]
    return "\n\n".join(sections) + "\n"


def _use(manifest: dict[str, Any]) -> str:
    words = card_words.of(manifest["kind"]["modality"])
    shown = {"luminance": "luminance", "rgb": "in colour"}[manifest["input"]["colour"]]
    does = f"""Reads {words.reads} ({manifest["input"]["size"]} px, {shown}, {words.shown})
        and {_answers(manifest)}"""
    if manifest["input"].get("tile"):
        does += f""" A patch is {manifest["input"]["tile"]} px of the picture. {words.tiles}"""
    if manifest["classes"]:
        does += f""" It does not commit itself where its largest probability is below
            {manifest["abstain"]["below"]:.2f}. Calibration set: {manifest["calibration"]["set"]}."""
    first = f"{_flow(words.experimental)}\n\n" if manifest["kind"].get("experimental") else ""
    return f"{first}## What it does\n\n{_flow(does)}\n\n{_flow(words.use)}"


def _answers(manifest: dict[str, Any]) -> str:
    probabilities = f"gives calibrated probabilities of {', '.join(manifest['classes'])}"
    if "mask" not in manifest["layers"] and manifest["input"].get("tile"):
        return f"{probabilities}, and of larger pictures a map."
    if "mask" not in manifest["layers"]:
        return f"{probabilities}, and the maps of what they rest on. **It draws no mask.**"
    if not manifest["classes"]:
        return "draws a lesion mask, with the map of what it rests on. **It gives no probabilities.**"
    return f"{probabilities}, a lesion mask, and the maps of what both rest on."


def _data(manifest: dict[str, Any]) -> str:
    training = manifest["training"]
    recipe = training["recipe"]
    lines = ["## What it was trained on", ""]
    for source, counts in training["data"].items():
        numbers = ", ".join(f"{count} {label}" for label, count in counts.items())
        lines.append(f"- {numbers}. {_flow(card_words.ATTRIBUTION.get(source, source))}")
    start = "encoder pretrained on ImageNet" if training["pretrained"] else "trained from random weights"
    crops = ", lesion-free crops of sets without normals as further normals" if recipe["crop_share"] else ""
    how = f"""Architecture `{manifest["architecture"]}`, {start}; {recipe["epochs"]} epochs of
        {recipe["pictures"]} pictures drawn {_drawn(recipe)}{crops}; AdamW, cosine, label smoothing, moving
        average of the weights; seed {recipe["seed"]}. {_frozen(manifest)} Everything else is in
        `manifest.json` under `training`."""
    return "\n".join([*lines, "", _flow(how)])


def _drawn(recipe: dict[str, Any]) -> str:
    balance = recipe.get("balance", 1.0)  # before there was a choice, all were drawn equally
    if balance == 1:
        return "equally from each set and class"
    return f"from each set and class by its number of pictures to the power of {1 - balance:.2g}"


def _frozen(manifest: dict[str, Any]) -> str:
    views = manifest["training"]["recipe"].get("frozen_views", 0)
    if not views:
        return ""
    if "mask" in manifest["layers"]:
        return f"""The encoder stays as it was pretrained and sees each picture as it is and {views - 1} times
            augmented; the decoder and the head alone are trained, on its maps of that."""
    seen = ("as it is", "mirrored", f"and {views - 2} times augmented")[: min(views, 3)]
    return f"""The encoders stay as they were pretrained and see each picture {", ".join(seen)}; the head
        alone is trained, on the features of that."""


def _table(name: str, values: dict[str, Any]) -> str:
    folds = list(values["folds"])
    head = ["figure", *(f"fold {fold}" for fold in folds), "mean ± sd", "pooled", "95% interval"]
    lines = [f"## Figures on {name}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows(values):
        if math.isnan(values["pooled"].get(row, math.nan)):
            continue
        cells = [_number(values["folds"][fold].get(row)) for fold in folds]
        deviation = values["sd"].get(row)
        spread = _number(values["mean"].get(row)) + (f" ± {deviation:.3f}" if deviation is not None else "")
        bounds = values["interval"].get(row)
        interval = f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
        lines.append(
            "| " + " | ".join([row, *cells, spread, _number(values["pooled"][row]), interval]) + " |"
        )
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.3f}"


def _failures(name: str, values: dict[str, Any]) -> str:
    lines = [f"## Failures on {name}", "", "Counted on pictures the network was not trained on.", ""]
    for what, entry in values.items():
        text = f"- {what}: {entry['count']} of {entry['of']}"
        if "surest" in entry:
            text += f" (abstained on {entry['of them abstained']}); surest: {', '.join(entry['surest'])}"
        lines.append(text)
    return "\n".join(lines)


def _worst(name: str, entries: list[dict[str, Any]]) -> str:
    head = ("picture", "truth", "answer", "Dice", "reason seen")
    lines = [f"## The worst on {name}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for entry in entries:
        said = f"{entry['answer']} {entry['probability']:.2f}" if "answer" in entry else ""
        cells = (entry["name"], entry["truth"], said, _number(entry.get("dice")), entry["reason"])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _limits(manifest: dict[str, Any]) -> str:
    words = card_words.of(manifest["kind"]["modality"])
    applying = (*words.limits, *((words.paints,) if "mask" in manifest["layers"] else ()))
    limits = "\n".join(f"- {_flow(limit)}" for limit in applying)
    terms = [card_words.TERMS[name] for name in manifest["training"]["data"] if name in card_words.TERMS]
    licence = " ".join(map(_flow, (card_words.LICENCE, *terms)))
    return f"## Limits\n\n{limits}\n\n## Licence\n\n{licence}"

"""The model card: what a bundle is for, what it was made from, how well it does, and where it fails."""

from __future__ import annotations

import math
from typing import Any

from breastview import RESEARCH_USE

ROWS = (
    "accuracy",
    "macro recall",
    "recall normal",
    "recall benign",
    "recall malignant",
    "auc benign-malignant",
    "auc one-versus-rest",
    "sensitivity at specificity 0.75",
    "calibration error",
    "kept",
    "accuracy kept",
    "dice mean",
    "dice median",
    "false lesion rate",
)
ATTRIBUTION = {
    "busi": """BUSI: W. Al-Dhabyani, M. Gomaa, H. Khaled, A. Fahmy, Data in Brief 28:104863, 2020 (open
        access). One hospital in Cairo; no patient identities, so its groups are near-duplicate
        scenes and the figures mildly optimistic.""",
    "bus_bra": """BUS-BRA: W. Gómez-Flores, M. J. Gregorio-Calas, W. Coelho de Albuquerque Pereira, Medical
        Physics 51, 2024. National Institute of Cancer, Rio de Janeiro; biopsy-proven, grouped by
        patient; no normal pictures.""",
}
USE = """Meant for research and teaching by people who read breast images, beside the picture itself.
        Not for diagnosis, screening, triage, or any picture that is not a breast ultrasound frame."""
LIMITS = (
    """Few machines: at a hospital the model has not seen, expect clearly worse figures, and
        calibration that no longer holds.""",
    "Single still frames; no history, no second view, no elastography, no colour (it is dropped).",
    """Normal frames are rare in the training data: lesions are painted on some normal tissue (see
        the false lesion rate).""",
    "Probabilities reflect the share of cancers in the calibration set, far above that of screening.",
    "Calipers and burned-in text are part of the training pictures and may be part of what it learnt.",
)
LICENCE = """The weights are released under the project's licence; the data sets keep theirs and are
        cited above as they ask. No picture is part of the bundle."""


def _flow(text: str) -> str:
    return " ".join(text.split())


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
        _limits(),
    ]
    return "\n\n".join(sections) + "\n"


def _use(manifest: dict[str, Any]) -> str:
    does = f"""Reads one {manifest["kind"]["modality"]} frame ({manifest["input"]["size"]} px, luminance,
        letterboxed) and gives calibrated probabilities of {", ".join(manifest["classes"])}, a
        lesion mask, and the maps of what both rest on. It does not commit itself where its largest
        probability is below {manifest["abstain"]["below"]:.2f}. Calibration set:
        {manifest["calibration"]["set"]}."""
    return f"## What it does\n\n{_flow(does)}\n\n{_flow(USE)}"


def _data(manifest: dict[str, Any]) -> str:
    training = manifest["training"]
    recipe = training["recipe"]
    lines = ["## What it was trained on", ""]
    for source, counts in training["data"].items():
        numbers = ", ".join(f"{count} {label}" for label, count in counts.items())
        lines.append(f"- {numbers}. {_flow(ATTRIBUTION.get(source, source))}")
    start = "encoder pretrained on ImageNet" if training["pretrained"] else "trained from random weights"
    how = f"""Architecture `{manifest["architecture"]}`, {start}; {recipe["epochs"]} epochs of
        {recipe["pictures"]} pictures drawn equally from each set and class, lesion-free crops of
        sets without normals as further normals; AdamW, cosine, label smoothing, moving average of
        the weights; seed {recipe["seed"]}. Everything else is in `manifest.json` under `training`."""
    return "\n".join([*lines, "", _flow(how)])


def _table(name: str, values: dict[str, Any]) -> str:
    folds = list(values["folds"])
    head = ["figure", *(f"fold {fold}" for fold in folds), "mean ± sd", "pooled", "95% interval"]
    lines = [f"## Figures on {name}", "", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in ROWS:
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


def _limits() -> str:
    limits = "\n".join(f"- {_flow(limit)}" for limit in LIMITS)
    return f"## Limits\n\n{limits}\n\n## Licence\n\n{_flow(LICENCE)}"

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
    "busi": "BUSI: W. Al-Dhabyani, M. Gomaa, H. Khaled, A. Fahmy, Data in Brief 28:104863, 2020 (open access). "
    "Two hospital systems in Cairo; no patient identities, so its groups are near-duplicate scenes and the "
    "figures mildly optimistic.",
    "bus_bra": "BUS-BRA: W. Gómez-Flores, M. J. Gregorio-Calas, W. Coelho de Albuquerque Pereira, Medical Physics 51, "
    "2024. National Institute of Cancer, Rio de Janeiro; biopsy-proven, grouped by patient; no normal pictures.",
}


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
        _limits(manifest),
    ]
    return "\n\n".join(sections) + "\n"


def _use(manifest: dict[str, Any]) -> str:
    below = manifest["abstain"]["below"]
    return (
        "## What it does\n\n"
        f"Reads one {manifest['kind']['modality']} frame ({manifest['input']['size']} px, luminance, letterboxed) and "
        f"gives calibrated probabilities of {', '.join(manifest['classes'])}, a lesion mask, and the maps of what both "
        f"rest on. It does not commit itself where its largest probability is below {below:.2f}. Calibration set: "
        f"{manifest['calibration']['set']}.\n\n"
        "Meant for research and teaching by people who read breast images, beside the picture itself. Not for "
        "diagnosis, screening, triage, or any picture that is not a breast ultrasound frame."
    )


def _data(manifest: dict[str, Any]) -> str:
    training = manifest["training"]
    lines = ["## What it was trained on", ""]
    for source, counts in training["data"].items():
        numbers = ", ".join(f"{count} {label}" for label, count in counts.items())
        lines.append(f"- {numbers}. {ATTRIBUTION.get(source, source)}")
    recipe = training["recipe"]
    lines += [
        "",
        f"Architecture `{manifest['architecture']}`"
        + (", encoder pretrained on ImageNet (TF-slim weights, Apache-2.0)" if training["pretrained"] else "")
        + f"; {recipe['epochs']} epochs of {recipe['pictures']} pictures drawn equally from each set and class, "
        "lesion-free crops of sets without normals as further normals; AdamW, cosine, label smoothing, moving average "
        f"of the weights; seed {recipe['seed']}. Everything else is in `manifest.json` under `training`.",
    ]
    return "\n".join(lines)


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


def _limits(manifest: dict[str, Any]) -> str:
    return (
        "## Limits\n\n"
        f"- {len(manifest['training']['data'])} data set(s) from few machines: at a hospital it has not seen, expect "
        "clearly worse figures, and calibration that no longer holds.\n"
        "- Single still frames; no history, no second view, no elastography, no colour Doppler (colour is dropped).\n"
        "- A lesion-free frame is rare in the training data: lesions are painted on some normal tissue (see the false "
        "lesion rate).\n"
        "- Probabilities reflect the share of cancers in the calibration set, far above that of screening.\n"
        "- Calipers and burned-in text are part of the training pictures and may be part of what it learnt.\n\n"
        "## Licence\n\n"
        "The weights are released under the project's licence; the data sets keep theirs and are cited above as they "
        "ask. No picture is part of the bundle."
    )

"""What the user can choose, in one typed place; the settings dialog is generated from the metadata."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from breastview import paths

FILE = "settings.json"


def _option(default: Any, title: str, group: str, tip: str = "", **meta: Any) -> Any:
    """Declare a setting: its default and what the dialog needs (title, group, tip, unit, range, choices)."""
    return field(default=default, metadata={"title": title, "group": group, "tip": tip, **meta})


@dataclass(frozen=True)
class Settings:
    """Every choice of the user; immutable, changed with `dataclasses.replace`."""

    device: str = _option(
        "auto", "Run the AI on", "AI", "Automatic takes the GPU where there is one.",
        choices=(("auto", "Automatic"), ("gpu", "GPU"), ("cpu", "CPU")),
    )
    bundle: str = _option(
        "", "Model bundle", "AI", "Empty: the newest bundle that fits the picture.", choices="bundles"
    )
    analyse_in_background: bool = _option(True, "Analyse the whole list in the background", "AI")
    prefetch: int = _option(
        3, "Cases prepared ahead", "AI", "Pictures and results made ready before you step.", low=0, high=20
    )
    mask_opacity: float = _option(0.35, "Mask fill opacity", "Overlays", low=0.0, high=1.0, step=0.05)
    mask_colour: str = _option("cyan", "Mask colour", "Overlays", choices="mask_colours")
    contour_width: float = _option(2.0, "Contour width", "Overlays", unit="px", low=0.5, high=6.0, step=0.5)
    heat_opacity: float = _option(0.45, "Grad-CAM opacity", "Overlays", low=0.0, high=1.0, step=0.05)
    heat_map: str = _option(
        "inferno", "Grad-CAM colour map", "Overlays", "Perceptually even, colour-blind safe maps first.",
        choices="colour_maps",
    )  # fmt: skip
    heat_threshold: float = _option(0.15, "Hide Grad-CAM below", "Overlays", low=0.0, high=0.95, step=0.05)
    smooth: bool = _option(True, "Smooth pixels when zoomed", "Pictures")
    drag_up_brightens: bool = _option(True, "Dragging up makes the picture brighter", "Pictures")
    annotation_level: int = _option(2, "Corner text", "Pictures", "0 none, 1 short, 2 full", low=0, high=2)
    result_cache_mb: int = _option(512, "Results kept on disk", "Storage", unit="MB", low=16, high=65536)
    picture_cache_mb: int = _option(512, "Pictures kept in memory", "Storage", unit="MB", low=64, high=16384)
    reader: str = _option("", "Your name in reports", "Report")
    institution: str = _option("", "Institution", "Report")
    paper: str = _option("A4", "Paper", "Report", choices=(("A4", "A4"), ("Letter", "Letter")))
    shortcuts: dict[str, str] = field(default_factory=dict)
    """Action id -> key sequence, only where the user changed it."""


def _checked(item: Any, value: Any) -> Any:
    """Return `value` in the type and range of its field, or the default when it is unusable."""
    default = item.default if item.default_factory is MISSING else item.default_factory()
    if isinstance(default, dict):
        sound = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        return {str(k): v for k, v in value.items()} if sound else default
    if isinstance(default, float) and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not type(default) or (isinstance(value, float) and not math.isfinite(value)):
        return default
    choices = item.metadata.get("choices")
    if isinstance(choices, tuple) and value not in {key for key, _ in choices}:
        return default
    if "low" in item.metadata:
        return min(max(value, item.metadata["low"]), item.metadata["high"])
    return value


def from_dict(values: dict[str, Any]) -> Settings:
    """Build settings from loose values: unknown keys are ignored, unusable ones fall back to the default."""
    known = {item.name: item for item in fields(Settings)}
    return replace(Settings(), **{k: _checked(known[k], v) for k, v in values.items() if k in known})


def load(path: Path | None = None) -> Settings:
    """Read the settings file; a missing or damaged one gives the defaults."""
    path = path or paths.config_folder() / FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    return from_dict(values) if isinstance(values, dict) else Settings()


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings file atomically."""
    with paths.written_atomically(path or paths.config_folder() / FILE) as temporary:
        temporary.write_text(json.dumps(asdict(settings), indent=1, ensure_ascii=False), encoding="utf-8")

"""What the user can choose, in one typed place; the settings dialog is generated from the metadata."""

from __future__ import annotations

import json
import math
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from breastview import atomic, paths

FILE = "settings.json"
MODELS = ("bundle", "mammogram_bundle", "histology_bundle", "device")
"""Settings by which models are loaded."""


def _option(default: Any, title: str, group: str, tip: str = "", **meta: Any) -> Any:
    """Declare a setting: its default and what the dialog needs (title, group, tip, unit, range, choices)."""
    return field(default=default, metadata={"title": title, "group": group, "tip": tip, **meta})


@dataclass(frozen=True)
class Settings:
    """Every choice of the user; immutable, changed with `dataclasses.replace`."""

    language: str = _option(
        "",
        "Language",
        "General",
        "Of the window and of reports; takes effect when BreastView starts next.",
        choices=(("", "System"), ("en", "English"), ("de", "Deutsch")),
    )
    device: str = _option(
        "auto",
        "Run the AI on",
        "AI",
        "Automatic takes the GPU where there is one.",
        choices=(("auto", "Automatic"), ("gpu", "GPU"), ("cpu", "CPU")),
    )
    bundle: str = _option(
        "",
        "Model for ultrasound",
        "AI",
        "Empty: the newest bundle that fits the picture.",
        choices="bundles",
        modality="US",
    )
    mammogram_bundle: str = _option(
        "",
        "Model for mammograms",
        "AI",
        "Empty: the newest bundle that fits the picture.",
        choices="bundles",
        modality="MG",
    )
    histology_bundle: str = _option(
        "",
        "Model for histology",
        "AI",
        "Empty: the newest bundle that fits the picture.",
        choices="bundles",
        modality="SM",
    )
    analyse_in_background: bool = _option(True, "Analyse the whole list in the background", "AI")
    prefetch: int = _option(
        3, "Cases prepared ahead", "AI", "Pictures and results made ready before you step.", low=0, high=20
    )
    commit_first: bool = _option(
        False,
        "Assess before the AI is shown",
        "AI",
        "What the AI says of a case is hidden until you have committed a category for it; both are kept.",
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
    keep_measuring: bool = _option(
        False, "Keep the measuring tool after a measurement", "Pictures",
        "Otherwise the left button goes back to window and level.",
    )  # fmt: skip
    drag_up_brightens: bool = _option(True, "Dragging up makes the picture brighter", "Pictures")
    annotation_level: int = _option(2, "Corner text", "Pictures", "0 none, 1 short, 2 full", low=0, high=2)
    cine_rate: float = _option(
        15.0,
        "Frame rate of a cine that names none",
        "Pictures",
        unit="frames/s",
        low=1.0,
        high=60.0,
        step=1.0,
    )
    patient_text: str = _option(
        "name",
        "Patient in the corner text",
        "Pictures",
        "For teaching and screens that others see.",
        choices=(("name", "Name and number"), ("number", "Number only"), ("none", "Nothing")),
    )
    result_cache_mb: int = _option(512, "Results kept on disk", "Storage", unit="MB", low=16, high=65536)
    picture_cache_mb: int = _option(512, "Pictures kept in memory", "Storage", unit="MB", low=64, high=16384)
    reader: str = _option("", "Your name in reports", "Report")
    institution: str = _option("", "Institution", "Report")
    paper: str = _option("A4", "Paper", "Report", choices=(("A4", "A4"), ("Letter", "Letter")))
    shortcuts: dict[str, str] = field(default_factory=dict)
    """Action id -> key sequence, only where the user changed it."""
    screens: dict[str, str] = field(default_factory=dict)
    """Screen -> device px per mm, where the user measured it; see `gui.screens`."""
    window_presets: dict[str, str] = field(default_factory=dict)
    """Name -> "centre width" in modality values, in the user's order; see `imaging.window`."""

    @property
    def models(self) -> dict[str, str]:
        """The choices on which depends which models are loaded, and where."""
        return {name: getattr(self, name) for name in MODELS}


def checked(item: Any, value: Any) -> Any:
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
    return replace(Settings(), **{k: checked(known[k], v) for k, v in values.items() if k in known})


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
    with atomic.written(path or paths.config_folder() / FILE) as temporary:
        temporary.write_text(json.dumps(asdict(settings), indent=1, ensure_ascii=False), encoding="utf-8")

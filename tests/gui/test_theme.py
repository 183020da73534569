"""Every text of the theme can be read: at least 4.5 : 1 against what it stands on (WCAG 2.1, 1.4.3)."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QPalette

from breastview.gui import theme

LEAST = 4.5
SURFACES = (theme.WINDOW, theme.PANEL, theme.RAISED)
TEXTS = (theme.TEXT, theme.MUTED, theme.DISABLED, theme.ACCENT, theme.WARNING, theme.DANGER, theme.GOOD)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(
    r"(?<![\w-])(color|background|selection-color|selection-background-color):\s*(#[0-9a-f]{6})"
)


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, WCAG 2.1."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rules() -> list[tuple[str, dict[str, str]]]:
    return [(selector.strip(), dict(_COLOUR.findall(body))) for selector, body in _RULE.findall(theme._SHEET)]


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("surface", SURFACES)
def test_every_text_colour_is_read_on_every_surface(text: str, surface: str) -> None:
    assert contrast(text, surface) >= LEAST


def test_every_rule_of_the_style_sheet_keeps_its_text_readable() -> None:
    found = rules()
    assert len(found) > 60
    poor = {}
    for selector, colours in found:
        surfaces = [colours["background"]] if "background" in colours else SURFACES
        text = colours.get("color", theme.TEXT)
        if "background" in colours or "color" in colours:
            worst = min(contrast(text, surface) for surface in surfaces)
            if worst < LEAST and not re.search(r"::(handle|chunk|separator|add|sub)|QSplitter", selector):
                poor[selector] = round(worst, 2)
        if "selection-color" in colours:
            assert contrast(colours["selection-color"], colours["selection-background-color"]) >= LEAST
    assert poor == {}


def test_the_palette_keeps_text_readable_even_where_it_is_off() -> None:
    palette, role = theme._palette(), QPalette.ColorRole
    pairs = (
        (role.WindowText, role.Window), (role.Text, role.Base), (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button), (role.HighlightedText, role.Highlight), (role.Link, role.Window),
        (role.ToolTipText, role.ToolTipBase), (role.PlaceholderText, role.Window),
        (role.BrightText, role.Window),
    )  # fmt: skip
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for text, surface in pairs:
            shown = palette.color(group, text).name(), palette.color(group, surface).name()
            assert contrast(*shown) >= LEAST, (group, text)


def test_what_is_off_is_dimmer_than_what_is_on() -> None:
    assert contrast(theme.DISABLED, theme.PANEL) < 0.5 * contrast(theme.TEXT, theme.PANEL)

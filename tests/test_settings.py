"""Settings survive bad files, and every one of them can be shown in a dialog."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as running
from hypothesis import strategies as st

from breastview import settings
from breastview.settings import Settings

TEXT = st.text("aA0 \x00Ωé乳", max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2), max_leaves=4,
)  # fmt: skip
NAMES = [item.name for item in fields(Settings)]


def test_saved_settings_are_read_again(tmp_path: Path) -> None:
    mine = Settings(device="cpu", mask_opacity=0.5, reader="Dr. Ö", shortcuts={"open": "Ctrl+O"})
    settings.save(mine, tmp_path / "deep" / "settings.json")
    assert settings.load(tmp_path / "deep" / "settings.json") == mine


def test_the_users_own_file_is_the_default() -> None:
    assert settings.load() == Settings()
    settings.save(Settings(paper="Letter"))
    assert settings.load().paper == "Letter"


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "\x00", '{"device": "abacus", "unknown": 1}'])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    assert settings.load(tmp_path / "settings.json") == Settings()
    assert settings.load(tmp_path / "missing.json") == Settings()


def test_numbers_are_brought_into_their_range() -> None:
    assert settings.from_dict({"mask_opacity": 7.0}).mask_opacity == 1.0
    assert settings.from_dict({"prefetch": -1}).prefetch == 0
    assert settings.from_dict({"mask_opacity": 1}).mask_opacity == 1.0
    assert settings.from_dict({"smooth": 1}).smooth is Settings().smooth


@running(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example({"mask_opacity": float("nan"), "contour_width": float("inf")})
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_any_values_give_settings_of_the_right_types(values: dict[str, object]) -> None:
    found = settings.from_dict(values)
    for item in fields(Settings):
        assert type(getattr(found, item.name)) is type(getattr(Settings(), item.name))
        if "low" in item.metadata:
            assert item.metadata["low"] <= getattr(found, item.name) <= item.metadata["high"]
    json.dumps({name: getattr(found, name) for name in NAMES}, allow_nan=False)


@pytest.mark.parametrize(
    "item", [item for item in fields(Settings) if "group" in item.metadata], ids=lambda item: item.name
)
def test_every_setting_tells_the_dialog_what_it_needs(item: object) -> None:
    meta = item.metadata
    assert item.default is not MISSING
    assert meta["title"]
    assert meta["group"]
    if isinstance(item.default, int | float) and not isinstance(item.default, bool):
        assert meta["low"] <= item.default <= meta["high"]

"""All keys on one printed page."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from breastview.gui import key_card, speech
from breastview.gui.actions import ACTIONS
from breastview.language import said
from breastview.settings import Settings
from tests import rooms

DOCS = Path(__file__).resolve().parents[2] / "docs"


def page(path: Path) -> str:
    """Return the text of the card, which has one page."""
    (only,) = PdfReader(path).pages
    return only.extract_text()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_key_is_on_its_one_page(qtbot: QtBot, tmp_path: Path, language: str, paper: str) -> None:
    speech.speak(language)
    try:
        key_card.write({}, paper, tmp_path / "keys.pdf")
    finally:
        speech.speak("en")
    text = page(tmp_path / "keys.pdf")
    assert not [one for one in shown(language) if one not in text]


def shown(language: str) -> list[str]:
    """Return every name and key that a card of a language has to show."""
    speech.speak(language)
    try:
        wanted = [a for a in ACTIONS if a.keys and not a.id.startswith("window.")]
        names = [said(action.text).removesuffix("…") for action in wanted]
        return [*names, *(key_card.printed(key) for action in wanted for key in action.keys)]
    finally:
        speech.speak("en")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_card_of_the_guide_is_that_of_the_present_table(qtbot: QtBot, language: str) -> None:
    card = DOCS / f"keys-{language}.pdf"
    text = page(card)
    missing = [one for one in shown(language) if one not in text]
    assert not missing, f"breastview keys --language {language} --pdf {card}"


def test_it_lies_across_and_is_small(qtbot: QtBot, tmp_path: Path) -> None:
    key_card.write({}, "A4", tmp_path / "keys.pdf")
    sheet = PdfReader(tmp_path / "keys.pdf").pages[0].mediabox
    assert (float(sheet.width), float(sheet.height)) == pytest.approx((842, 595), abs=2)
    assert (tmp_path / "keys.pdf").stat().st_size < 200_000


def test_it_has_the_keys_that_the_user_chose(qtbot: QtBot) -> None:
    text = key_card.text({"overlay.mask": "Ctrl+Alt+M", "overlay.heat": ""})
    assert "Ctrl+Alt+M" in text and "Grad-CAM\n" not in text


def test_the_help_menu_writes_it_where_the_reader_says(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "card.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with rooms.opened(qtbot, settings=Settings(shortcuts={"overlay.mask": "Ctrl+Alt+M"})) as room:
        room.bar.actions["help.card"].trigger()
        assert str(target) in room.window.messages.text.text()
        assert "Ctrl+Alt+M" in page(target)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "a"), ""))
        (tmp_path / "no").write_text("")
        room.bar.actions["help.card"].trigger()
        assert "could not be written" in room.window.messages.text.text()

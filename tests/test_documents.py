"""What the documents say is true of the program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import breastview
from breastview import registry

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    broken = [link for link in links if not (document.parent / link).exists()]
    assert not broken


def test_the_readme_says_what_this_is_not_for() -> None:
    assert breastview.RESEARCH_USE in README


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_make_commands_of_the_documents_exist() -> None:
    texts = [document.read_text(encoding="utf-8") for document in DOCUMENTS]
    named = {word for text in texts for word in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)}
    assert {"run", "test"} <= named <= _make_targets()


def _command_lines() -> list[list[str]]:
    block = README.split("## Command line", 1)[1].split("```")[1]
    return [line.split("#")[0].split() for line in block.splitlines() if line.startswith("breastview ")]


@pytest.mark.parametrize("words", _command_lines(), ids=" ".join)
def test_the_commands_of_the_readme_exist_with_their_options(words: list[str]) -> None:
    command = words[1] if words[1] in registry.names("breastview.cli") else "view"
    help_asked = [sys.executable, "-m", "breastview", command, "--help"]
    wide = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(help_asked, capture_output=True, text=True, check=True, env=wide)
    for option in (word for word in words if word.startswith("--")):
        assert option in done.stdout


def _key_rows() -> list[tuple[str, str]]:
    table = README.split("## Keys", 1)[1].split("##", 1)[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return [row for row in rows if row[0] != "Key"]


@pytest.mark.parametrize(("keys", "meaning"), _key_rows())
def test_the_keys_of_the_readme_do_what_it_says(keys: str, meaning: str) -> None:
    from breastview.gui.actions import ACTIONS, MOUSE

    said = [part.strip().casefold() for part in re.split(r", | and ", meaning)]
    pressed = {key.strip() for key in re.split(r", | and | to ", keys)}
    mouse = {gesture.casefold(): text for names, text in MOUSE for gesture in names.split(", ")}
    menu = {key: action.text for action in ACTIONS for key in action.keys}
    for key in pressed:
        what = (mouse.get(key.casefold()) or menu.get(key, "nothing")).casefold()
        assert any(word.rstrip("s") in what for word in said), f"{key} does {what!r}"
    assert len(said) <= len(pressed) + 1

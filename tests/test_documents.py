"""What the documents say is true of the program: quick, without a window, a model or the network."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

import breastview
from breastview import cli, registry
from breastview.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))

# Links, pictures, headings


@cache
def text_of(document: Path) -> str:
    """Return a document as it is."""
    return document.read_text(encoding="utf-8")


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", text_of(document))


def links(document: Path) -> list[str]:
    """Return where a document points to within the repository."""
    found = ("".join(match) for match in LINK.findall(prose(document)))
    return [link for link in found if "://" not in link and not link.startswith("mailto:")]


@cache
def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings as GitHub makes them."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} (.+)$", prose(document), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in found:
            number += 1
        found.add(name)
    return found


@documents
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    broken = []
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        is_there = target.exists() and target.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


def test_the_index_leads_to_every_document() -> None:
    index = ROOT / "docs" / "README.md"
    reached = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    wanted = {path.resolve() for path in (ROOT / "docs").glob("*.md")} - {index}
    assert not wanted - reached
    chapters = {(ROOT / "docs/guide" / link).resolve() for link in links(ROOT / "docs/guide/README.md")}
    assert not {path.resolve() for path in (ROOT / "docs/guide").glob("[!R]*.md")} - chapters


CODE_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|json|sh|toml))`")


@documents
def test_every_source_file_that_is_named_exists(document: Path) -> None:
    named = set(CODE_PATH.findall(prose(document)))
    homes = (ROOT, ROOT / "breastview", ROOT / "breastview/gui", document.parent)
    lost = {name for name in named if not any((home / name).exists() for home in homes)}
    assert not {name for name in lost if "NAME" not in name and not name.startswith("outgoing/")}


def test_the_readme_says_what_this_is_not_for() -> None:
    guide = text_of(ROOT / "docs/guide/README.md")
    assert breastview.RESEARCH_USE in README and breastview.RESEARCH_USE in guide


# Commands


def test_the_make_commands_of_the_documents_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    texts = [text_of(document) for document in DOCUMENTS]
    named = {word for text in texts for word in re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)}
    assert {"run", "test"} <= named <= targets


@cache
def commands() -> Any:
    """Return the whole command line, a group of commands and groups."""
    return typer.main.get_command(cli.application(registry.names(cli.PACKAGE)))


def command_lines(text: str) -> Iterator[list[str]]:
    """Yield the words after `breastview` wherever a document shows it being called."""
    blocks = "\n".join(block for _, block in FENCE.findall(text)).replace("\\\n", " ")
    shown = [*blocks.splitlines(), *re.findall(r"`([^`\n]+)`", FENCE.sub("", text))]
    for line in shown:
        found = re.match(r"\s*(?:python -m )?breastview (?=\S)(.*)", line)
        if found and not found[1].startswith("/"):
            yield shlex.split(found[1].replace("…", ""), comments=True)


def unknown(words: list[str]) -> list[str]:
    """Return the commands and options of a call that the program does not have."""
    if set(words) <= {cli.VERSION, cli.DIAGNOSE}:
        return []
    found = commands()
    for word in words:
        if not hasattr(found, "commands"):
            break
        if word not in found.commands:
            is_path = found is commands() and re.search(r"[/.]|^[A-Z]+$", word)
            found = commands().commands[cli.VIEW] if is_path else found
            if not is_path and not word.startswith("-"):
                return [word]
            break
        found = found.commands[word]
    known = {option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)}
    known |= {"--help", "-h"}
    return [word for word in words if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in known]


@documents
def test_the_commands_of_the_documents_exist_with_their_options(document: Path) -> None:
    wrong = [(words, bad) for words in command_lines(text_of(document)) if (bad := unknown(words))]
    assert not wrong


def test_a_command_or_option_that_does_not_exist_is_noticed() -> None:
    assert unknown(["analyze", "scans"]) == ["analyze"]
    assert unknown(["analyse", "scans/", "--colour"]) == ["--colour"]
    assert unknown(["archive", "steal", "PACS"]) == ["steal"]
    assert not unknown(["archive", "find", "PACS", "--modality", "US"]) and not unknown(["scans/"])
    assert [*command_lines("`breastview analyse a`, `breastview/cli`\n```sh\nbreastview b  # c\n```\n")] == [
        ["b"], ["analyse", "a"],
    ]  # fmt: skip


def test_every_command_is_named_in_a_document() -> None:
    named = {words[0] for document in DOCUMENTS for words in command_lines(text_of(document)) if words}
    silent = set(registry.names(cli.PACKAGE)) - named - {cli.VIEW}
    assert not silent, "what it is for belongs into README.md or docs"


# Keys, menus, settings


def key_rows() -> list[tuple[str, str]]:
    table = README.split("## Keys", 1)[1].split("##", 1)[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return [row for row in rows if row[0] != "Key" and " > " not in row[0]]


@pytest.mark.parametrize(("keys", "meaning"), key_rows())
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


@documents
def test_every_key_of_a_document_is_in_the_table_of_actions(document: Path) -> None:
    from breastview.gui.actions import ACTIONS

    keys = {key for action in ACTIONS for key in action.keys}
    named = set(re.findall(r"<kbd>(.+?)</kbd>", text_of(document)))
    assert not named - keys


MADE_WHEN_OPENED = {"File > Open recent", "File > Workspace", "File > Export"}
"""Menus that are filled when they are opened, and stand in no table."""


def entries() -> set[str]:
    """Return every action by its way through the menus."""
    from breastview.gui.actions import ACTIONS, SUBMENUS

    ways = set(MADE_WHEN_OPENED)
    for action in ACTIONS:
        above = f"{SUBMENUS[action.menu]} > {action.menu}" if action.menu in SUBMENUS else action.menu
        ways |= {f"{above} > {action.text}", above}
    return ways


def settings() -> set[str]:
    """Return every setting by its group and title."""
    return {
        f"Settings > {item.metadata['group']} > {item.metadata['title']}"
        for item in fields(Settings) if "title" in item.metadata
    }  # fmt: skip


@documents
def test_every_menu_entry_and_setting_of_a_document_exists(document: Path) -> None:
    named = set(re.findall(r"\*{1,2}([A-Z][^*\n]*? > [^*\n]+?)\*{1,2}", prose(document)))
    assert not named - entries() - settings()


def test_the_menus_that_are_filled_when_opened_exist() -> None:
    menus = (ROOT / "breastview/gui").glob("*_menu.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in menus)
    assert all(f'QMenu(tr("{way.partition(" > ")[2]}")' in sources for way in MADE_WHEN_OPENED)


def test_the_guide_names_every_menu_that_changes_what_is_seen() -> None:
    from breastview.gui.actions import ACTIONS

    guide = "".join(text_of(path) for path in (ROOT / "docs/guide").glob("*.md"))
    named = set(re.findall(r"<kbd>(.+?)</kbd>", guide))
    silent = {action.menu for action in ACTIONS if action.keys} - {
        action.menu for action in ACTIONS if named & set(action.keys)
    }
    assert not silent


# Variables and figures

VARIABLE = re.compile(r"\b(BREASTVIEW_[A-Z_]+)\b")


@documents
def test_every_environment_variable_of_a_document_is_asked_for(document: Path) -> None:
    named = set(VARIABLE.findall(text_of(document)))
    assert not named - variables()


@cache
def variables() -> set[str]:
    """Return the variables of our own that the program asks for."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "breastview").rglob("*.py")]
    asked = re.compile(r'environ(?:\.get)?[(\[]"(BREASTVIEW_\w+)"|VARIABLE = "(BREASTVIEW_\w+)"')
    return {"".join(match) for source in sources for match in asked.findall(source)}


BUNDLES = sorted(path.parent for path in ROOT.glob("models/*/metrics.json"))


def figures(bundle: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Return mean and spread of each figure, by the set's name in small letters."""
    sets = json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))["sets"]
    return {name.replace("_", "-"): {"mean": v["mean"], "sd": v["sd"]} for name, v in sets.items()}


def stated(bundle: Path) -> Iterator[tuple[str, str, str, str]]:
    """Yield set, figure, mean and spread from the tables of a bundle in the document of models."""
    sections = re.split(r"^## ", text_of(ROOT / "docs/models.md"), flags=re.MULTILINE)
    mine = next((one for one in sections if one.split("\n", 1)[0].strip() == bundle.name), "")
    for part in re.split(r"^### ", mine, flags=re.MULTILINE)[1:]:
        found = re.match(r".* on ([\w-]+), out of fold", part)
        for row in re.findall(r"^\| (.+) \|$", part, re.MULTILINE) if found else ():
            cells = [cell.strip() for cell in row.split(" | ")]
            both = next((m for cell in cells if (m := re.fullmatch(r"([\d.]+) ± ([\d.]+)", cell))), None)
            if found and both:
                yield found[1].lower(), cells[0], both[1], both[2]


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name)
def test_the_tables_of_a_model_agree_with_its_figures(bundle: Path) -> None:
    known = figures(bundle)
    wrong = [
        (which, name, mean, sd) for which, name, mean, sd in stated(bundle)
        if (f"{known[which]['mean'][name]:.3f}", f"{known[which]['sd'][name]:.3f}") != (mean, sd)
    ]  # fmt: skip
    assert not wrong


def test_the_tables_of_the_default_model_are_found() -> None:
    found = {(which, name) for which, name, *_ in stated(ROOT / "models/us-attentive-3")}
    assert {("busi", "dice mean"), ("bus-bra", "auc benign-malignant")} <= found


def numbers(value: object) -> Iterator[float]:
    """Yield every number of a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from numbers(one)
    elif isinstance(value, int | float):
        yield float(value)


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name)
def test_the_figures_of_the_readme_and_the_guide_are_those_of_the_model_they_name(bundle: Path) -> None:
    pages = [README, *(text_of(path) for path in (ROOT / "docs/guide").glob("*.md"))]
    lines = [line for page in pages for line in page.splitlines() if bundle.name in line]
    said = {number for line in lines for number in re.findall(r"(?<![\d.])0\.\d{2,3}(?!\d)", line)}
    metrics = json.loads((bundle / "metrics.json").read_text(encoding="utf-8"))
    known = {f"{number:.{digits}f}" for number in set(numbers(metrics)) for digits in (2, 3)}
    assert not said - known

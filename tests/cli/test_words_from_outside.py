"""What files and bundles call themselves reaches a terminal as letters, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import phantoms
from tests.cli.conftest import Answer
from tests.inference import bundle_files

MOVING = "\x1b[2J\x1b]0;owned\x07\u202e"
MARKUP = "[bold]x[/nothing]"

Run = Callable[..., Answer]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is said: a terminal, unlike a pipe, would get it as it is."""
    said: list[str] = []
    monkeypatch.setattr("typer.secho", lambda text="", **options: said.append(str(text)))
    monkeypatch.setattr("typer.echo", lambda text="", **options: said.append(str(text)))
    return said


@pytest.mark.parametrize("command", [("report",), ("export", "--to", "csv")], ids=lambda command: command[0])
def test_names_of_files_move_no_cursor(
    command: tuple[str, ...], run: Run, terminal: list[str], tmp_path: Path
) -> None:
    bad = tmp_path / f"bad{MOVING}.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    sound = phantoms.picture(tmp_path / "sound.png")
    run(*command, bad, sound, "--output", tmp_path / "out.pdf")
    said = "".join(terminal)
    assert "bad" in said and "header is damaged" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(said)


def test_words_of_a_bundle_move_no_cursor_and_are_no_markup(run: Run, tmp_path: Path) -> None:
    words = MOVING + MARKUP
    bundle_files.write(
        tmp_path / "bundles" / "odd", {"name": f"odd{words}", "version": words, "title": words},
        metrics=b'{"sets": {"a": 5}}',
    )  # fmt: skip
    answer = run("models", "--folder", tmp_path / "bundles")
    assert answer.code == 0, answer.err
    assert "odd" in answer.out and "none that can be read" in answer.out.replace("\n", " ")
    assert "\x1b" not in answer.out and "\x07" not in answer.out and "[bold]x[/nothing]" in answer.out

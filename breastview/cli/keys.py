"""`breastview keys`: the keyboard card."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer

from breastview import settings
from breastview.cli import _console

EXAMPLES = """
Examples:

- `breastview keys`
- `breastview keys --pdf keys.pdf --language de`
"""
_WINDOW = "breastview.gui.key_card"
"""The table of actions is the window's, beside the command line, and is therefore not imported."""
_SPEECH = "breastview.gui.speech"
PAPERS = ("A4", "Letter")


def command(
    pdf: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write them as one page to print instead.", dir_okay=False),
    ] = None,
    paper: Annotated[str, typer.Option(help="A4 or Letter.")] = "",
    language: Annotated[str, typer.Option(help="en or de; that of the settings if not given.")] = "",
) -> None:
    """List all keys, with those you have changed."""
    mine = settings.load()
    paper = paper or mine.paper
    if paper not in PAPERS:
        raise typer.BadParameter("the paper is A4 or Letter", param_hint="--paper")
    # The fonts make the one application object there is here, which needs no display.
    importlib.import_module("breastview.exporters.pdf._fonts").ready()
    importlib.import_module(_SPEECH).speak(language or mine.language)
    card = importlib.import_module(_WINDOW)
    if pdf is None:
        typer.echo(card.text(mine.shortcuts))
        return
    card.write(mine.shortcuts, paper, pdf)
    _console.say(f"The keys are written to {pdf}.")

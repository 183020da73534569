"""The command line: a sub-command is one file here, imported only when it is asked for."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import typer

from breastview import RESEARCH_USE, __version__, registry
from breastview.cli import _console
from breastview.errors import BreastViewError, Cancelled

PACKAGE = "breastview.cli"
VIEW = "view"
OVERVIEW = ("-h", "--help")
VERSION, DIAGNOSE = "--version", "--diagnose"
ENDED_BADLY, INTERRUPTED = 1, 130

HELP = f"""BreastView: breast images with AI that shows its reasons. {RESEARCH_USE}

`breastview PATH` opens the window on a file, a folder, a DICOMDIR or a ZIP archive.
"""
EPILOGUE = "Every command says more with --help, for instance: breastview analyse --help"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code.

    0: all went well; 1: something could not be read, analysed or written; 2: wrong usage; 130: interrupted.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process by default. What begins with no sub-command is for `view`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and set(given) <= {VERSION, DIAGNOSE}:
        _about(thoroughly=DIAGNOSE in given)
        raise SystemExit(0)
    known = registry.names(PACKAGE)
    if not given or (given[0] not in known and given[0] not in OVERVIEW):
        given.insert(0, VIEW)
    wanted = known if given[0] in OVERVIEW else (given[0],)
    application(wanted)(args=given, prog_name="breastview")


def _about(thoroughly: bool) -> None:
    """Say the version, or with it all that support must know."""
    if not thoroughly:
        typer.echo(f"BreastView {__version__}")
        return
    from breastview import settings
    from breastview.session import diagnosis

    typer.echo(diagnosis.report(settings.load()))


def application(commands: Sequence[str]) -> typer.Typer:
    """Return the application with these sub-commands alone, so that the others need not be imported."""
    app = typer.Typer(
        name="breastview", help=HELP, epilog=EPILOGUE, add_completion=False, no_args_is_help=True,
        rich_markup_mode="markdown", pretty_exceptions_enable=False,
        context_settings={"help_option_names": list(OVERVIEW)},
    )  # fmt: skip
    # With a callback the application keeps its sub-commands even if there is only one.
    app.callback()(_overview)
    for name in commands:
        module = registry.load(PACKAGE, name)
        if hasattr(module, "COMMANDS"):
            app.add_typer(_group(module), name=name)
            continue
        app.command(name, epilog=getattr(module, "EXAMPLES", None))(_spoken(module.command))
    return app


def _group(module: ModuleType) -> typer.Typer:
    """Return a sub-command that has sub-commands of its own."""
    group = typer.Typer(
        help=module.HELP, epilog=module.EXAMPLES, no_args_is_help=True, rich_markup_mode="markdown"
    )
    for name, command in module.COMMANDS.items():
        group.command(name)(_spoken(command))
    return group


def _overview(
    version: bool = typer.Option(False, VERSION, help="Say the version and stop."),
    diagnose: bool = typer.Option(
        False, DIAGNOSE, help="Say what support must know of this installation, without patients or names."
    ),
) -> None:
    # These options are only shown here; `main` answers them without loading any command.
    del version, diagnose


_overview.__doc__ = HELP


def _spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command with its errors as a sentence and an exit code, never a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except BreastViewError as error:
            _console.complain(str(error))
            raise typer.Exit(ENDED_BADLY) from error
        except ModuleNotFoundError as error:
            _console.complain(_not_here(error))
            raise typer.Exit(ENDED_BADLY) from error
        except (KeyboardInterrupt, Cancelled) as stop:
            _console.complain("Stopped.")
            raise typer.Exit(INTERRUPTED) from stop

    return run


def _not_here(error: ModuleNotFoundError) -> str:
    """Return the sentence for a library that is not installed; a missing module of our own is raised."""
    library = (error.name or "").partition(".")[0]
    if library in ("", "breastview"):
        raise error
    return f"This command needs {library}, which is not installed. Install BreastView by pip: it brings all."

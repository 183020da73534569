"""The command line as a whole: what is asked is found, what is wrong is said."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import typer

from breastview import RESEARCH_USE, __version__, cli, registry
from breastview.cli import _window, view

COMMANDS = registry.names("breastview.cli")


def flat(text: str) -> str:
    return " ".join(text.replace("│", " ").split())


def test_the_overview_names_every_command_and_the_research_use(run) -> None:
    answer = run("--help")
    assert answer.code == 0
    assert RESEARCH_USE in flat(answer.out)
    for name in ("view", "analyse", "report", "demo", "models", "train", "evaluate"):
        assert f" {name} " in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(run, name: str) -> None:
    answer = run(name, "--help")
    assert answer.code == 0
    assert f"breastview {name}" in answer.out
    assert len(answer.out) > 200


@pytest.mark.parametrize("name", ["analyse", "report", "demo", "view"])
def test_help_shows_examples(run, name: str) -> None:
    assert "Examples" in run(name, "--help").out


def test_the_version_is_said(run) -> None:
    answer = run("--version")
    assert (answer.code, answer.out.strip()) == (0, f"BreastView {__version__}")


def test_a_misspelt_command_is_recognised(run) -> None:
    answer = run("analise", "x")
    assert answer.code == 2
    assert "Did you mean `breastview analyse`?" in answer.err


@pytest.mark.parametrize("word", [(), ("view",)])
def test_a_path_alone_opens_the_window_on_it(run, tmp_path: Path, monkeypatch, word) -> None:
    opened = []
    monkeypatch.setattr(_window, "open_window", opened.append)
    assert view._window is _window
    assert run(*word, tmp_path).code == 0
    assert opened == [[tmp_path]]


def test_without_anything_the_window_opens(run, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(_window, "open_window", opened.append)
    assert run().code == 0
    assert opened == [()]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "there is no display"),
        ({"DISPLAY": ":9753"}, "cannot be reached"),
        ({"DISPLAY": ":9753", "QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ""),
    ],
)
def test_what_stands_against_a_window_is_known_before_qt_is_asked(monkeypatch, environment, said) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_window, "_loads", lambda library: True)
    monkeypatch.setattr("sys.platform", "linux")
    why = _window.obstacle()
    assert said in why
    assert bool(why) == bool(said)


def test_missing_system_libraries_are_named_with_their_packages(monkeypatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(_window, "_loads", lambda library: "cursor" not in library)
    assert "apt install libxcb-cursor0" in _window.obstacle()


def test_the_demo_study_is_copied_out_and_never_over_something(run, tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    answer = run("demo", "--to", folder)
    assert answer.code == 0, answer.err
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert len(names) > 3
    (folder / "README.txt").write_text("mine")
    again = run("demo", "--to", folder)
    assert again.code == 1
    assert "are there already" in again.err
    assert (folder / "README.txt").read_text() == "mine"


def test_the_demo_opens_the_window_on_the_demo_study(run, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr("breastview.cli._window.open_window", opened.append)
    assert run("demo").code == 0
    ((folder,),) = opened
    assert folder.name == "demo"
    assert folder.is_dir()


def test_a_command_whose_library_is_not_installed_says_so(capsys) -> None:
    def command() -> None:
        import a_library_nobody_has.part  # noqa: F401

    with pytest.raises(typer.Exit) as end:
        cli._spoken(command)()
    assert end.value.exit_code == 1
    assert "needs a_library_nobody_has, which is not installed" in capsys.readouterr().err


def test_a_module_of_our_own_that_is_missing_is_no_missing_library() -> None:
    def command() -> None:
        importlib.import_module("breastview.no_such_part")

    with pytest.raises(ModuleNotFoundError, match="no_such_part"):
        cli._spoken(command)()

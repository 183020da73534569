"""What starting costs: nothing heavy is imported before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "tensorflow", "keras", "PySide6", "qtawesome", "qtpy", "matplotlib.pyplot", "sklearn", "pandas", "scipy",
    "highdicom", "imagecodecs", "pynetdicom", "dicomweb_client", "requests", "keyring",
)  # fmt: skip
linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="displays are told by the environment on Linux only"
)
ROOT = Path(__file__).resolve().parent.parent

LOADED = """
import json, sys
{code}
print("@" + json.dumps(sorted(sys.modules)), flush=True)
"""


def loaded_by(code: str) -> list[str]:
    """Return the modules that are loaded after `code` in a fresh process."""
    answer = subprocess.run(
        [sys.executable, "-c", LOADED.format(code=code)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout[answer.stdout.rindex("@") + 1 :])


def ending(code: str) -> str:
    """Return `code` with the exit of the command line caught."""
    return f"try:\n    {code}\nexcept SystemExit as end:\n    assert not end.code, end.code"


@pytest.mark.parametrize(
    "code",
    [
        "import breastview.session",
        "import breastview.cli",
        "import breastview.__main__",
        "import breastview.session; from breastview.store import Store; Store().close()",
        ending("import breastview.cli; breastview.cli.main(['--help'])"),
        ending("import breastview.cli; breastview.cli.main(['--version'])"),
        ending("import breastview.cli; breastview.cli.main(['analyse', '--help'])"),
        ending("import breastview.cli; breastview.cli.main(['train', '--help'])"),
        ending("import breastview.cli; breastview.cli.main(['archive', '--help'])"),
        "import breastview.pacs.configuration, breastview.pacs.connect, breastview.pacs.listener",
        "import breastview.pacs.queue, breastview.pacs.sender, breastview.pacs.watching",
        "import breastview.pacs.credentials; from breastview.pacs.queue import Queue; Queue().close()",
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    modules = loaded_by(code)
    assert [name for name in HEAVY if name in modules] == []


def test_only_the_command_asked_for_is_loaded() -> None:
    modules = loaded_by(ending("import breastview.cli; breastview.cli.main(['analyse', '--help'])"))
    commands = {name.split(".")[2] for name in modules if name.startswith("breastview.cli.")}
    assert {name for name in commands if not name.startswith("_")} == {"analyse"}
    assert "breastview.session" not in modules
    assert "numpy" not in modules


def test_small_matrices_are_multiplied_by_one_thread_unless_the_user_says_otherwise() -> None:
    code = (
        "import os; from breastview.__main__ import main; "
        + ending("main()")
        + """
import numpy  # only now: it reads the variable when it is loaded
print(os.environ["OPENBLAS_NUM_THREADS"])"""
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        answer = subprocess.run(
            [sys.executable, "-c", code.replace("; try", "\ntry"), "--version"],
            capture_output=True, text=True, cwd=ROOT, env=environment | given, check=False,
        )  # fmt: skip
        assert answer.stdout.split()[-1:] == [expected], answer.stderr


def test_main_py_starts_the_command_line() -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--version"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0
    assert answer.stdout.startswith("BreastView ")


@linux
def test_without_a_display_a_sentence_names_the_command_line() -> None:
    displays = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    answer = subprocess.run(
        [sys.executable, "-m", "breastview"], capture_output=True, text=True, cwd=ROOT,
        env={k: v for k, v in os.environ.items() if k not in displays}, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "no display" in answer.stderr
    assert "breastview analyse" in answer.stderr
    assert "Traceback" not in answer.stderr


@linux
def test_a_display_that_does_not_answer_is_a_sentence_and_no_abort() -> None:
    displays = {"WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {k: v for k, v in os.environ.items() if k not in displays}
    answer = subprocess.run(
        [sys.executable, "-m", "breastview", "demo"], capture_output=True, text=True, cwd=ROOT,
        env=environment | {"DISPLAY": ":9753"}, check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert "no window can be opened" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_window_is_made_without_what_it_needs_only_later() -> None:
    modules = loaded_by("import breastview.app, breastview.gui.room")
    later = {*HEAVY, "openvino", "matplotlib", "pydicom", "PIL", "cv2", "dask", "distributed", "rich"}
    assert sorted(later & set(modules) - {"PySide6", "qtawesome", "qtpy"}) == []


def test_the_process_ends_only_when_its_models_are_freed() -> None:
    code = """
import time
from pathlib import Path
from breastview.session import _analyses
from breastview.settings import Settings
_analyses._CLOSING_S = 0.01
class Slow:
    device = notice = ""
    def load(self): pass
    def close(self):
        time.sleep(0.5)
        print("freed", flush=True)
session = _analyses.Analyses(Settings(), lambda folder, device: Slow())
session.prepare("US", load=True)
session.drop(wait=True)
print("closed", flush=True)
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert sorted(answer.stdout.split()) == ["closed", "freed"]

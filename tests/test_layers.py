"""Who may import whom: the contracts of pyproject.toml hold, and each would notice being broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from breastview import registry

ROOT = Path(__file__).resolve().parent.parent
LINT = Path(sys.executable).with_name("lint-imports")

PLANTED = {
    "a lower layer looks up": ("study/tree.py", "import breastview.session"),
    "two siblings meet": ("readers/scan.py", "import breastview.inference.gate"),
    "an archive reads the record": ("pacs/queue.py", "import breastview.store"),
    "Qt in an archive": ("pacs/listener.py", "import PySide6.QtCore"),
    "a new module has no layer": ("drawer.py", ""),
    "Qt outside the window": ("imaging/dice.py", "def f() -> None:\n    import PySide6.QtGui"),
    "Qt in the session": ("session/engine.py", "from qtpy import QtCore"),
    "TensorFlow outside its rooms": ("inference/analyser.py", "def f() -> None:\n    import tensorflow"),
    "Keras in the window": ("gui/__init__.py", "import keras"),
    "a format knows another": ("readers/formats/picture.py", "import breastview.readers.formats.dicom"),
    "an output knows another": ("exporters/csv.py", "import breastview.exporters.json"),
    "a cycle among siblings": ("study/calibration.py", "import breastview.study.instance"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the checkout in `folder`."""
    return subprocess.run([str(LINT), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package to plant faults in."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "breastview", folder / "breastview", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _contract(name: str) -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(c for c in project["tool"]["importlinter"]["contracts"] if c["name"] == name)


def test_every_contract_holds() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_violation_is_caught(copy: Path, fault: str) -> None:
    name, line = PLANTED[fault]
    file = copy / "breastview" / name
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        done = _lint(copy)
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
    assert done.returncode != 0, f"{fault}: nobody noticed\n{done.stdout}"


@pytest.mark.parametrize(
    ("contract", "package"),
    [
        ("formats know nothing of one another", "breastview.readers.formats"),
        ("outputs know nothing of one another", "breastview.exporters"),
    ],
)
def test_the_independence_contracts_name_every_plug_in(contract: str, package: str) -> None:
    named = {module.removeprefix(f"{package}.") for module in _contract(contract)["modules"]}
    assert named == {name.replace("-", "_") for name in registry.names(package)}

"""What the developer and the administrator guide say to type, typed: examples in a copy of the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from breastview.store import Store

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/development.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"(?ms)^```python\n# (breastview/\S+\.py)\n(.*?)^```$", GUIDE))
SAMPLE = """
def grey_map(path):
    values = phantoms.speckle()
    path.write_bytes(b"P5 %d %d 255\\n" % values.shape[::-1] + values.tobytes())
    return path


SAMPLES["pgm"] = lambda folder: grey_map(folder / "sample.pgm")
"""
FILED = """
from pathlib import Path
from pydicom import dcmread
from breastview.pacs import drawer
from breastview.pacs._protocol import Query, Level, Address
from breastview.pacs.configuration import FolderSettings, ListenerSettings
from tests import phantoms

place = Path("drawer")
place.mkdir()
one = drawer.ARCHIVE(FolderSettings(name="Drawer", path=str(place)), ListenerSettings())
sent = list(one.send([phantoms.us_grey(Path("a.dcm"))]))
(file,) = place.iterdir()
assert sent[0].stored and dcmread(file).SOPInstanceUID == sent[0].instance
assert one.name == "Drawer" and one.echo().says and not list(one.find(Query(Level.STUDY, Address("1.2"))))
"""

Run = Callable[..., None]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Copy the program with every example in it, and return what runs Python there."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("breastview", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("resources", "models", "docs", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    for name, text in EXAMPLES.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, encoding="utf-8")
    contract = folder / "tests/contracts/test_readers.py"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("\nformats = ", f"{SAMPLE}\n\nformats = ", 1), encoding="utf-8")

    def of_python(*words: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(folder), "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    return of_python


def test_there_is_an_example_of_each_kind() -> None:
    assert [str(Path(name).parent) for name in EXAMPLES] == [
        "breastview/exporters", "breastview/readers/formats", "breastview/networks/architectures",
        "breastview/pacs",
    ]  # fmt: skip


def test_the_output_and_the_format_keep_their_contracts(run: Run) -> None:
    contracts = ("tests/contracts/test_exporters.py", "tests/contracts/test_readers.py")
    run("-m", "pytest", "-p", "no:cacheprovider", "-q", "-k", "lines or pgm", *contracts)


def test_the_archive_keeps_what_it_is_sent(run: Run) -> None:
    run("-c", FILED)


def test_the_backup_of_the_administrator_guide_holds_what_still_lies_in_the_log(tmp_path: Path) -> None:
    guide = (ROOT / "docs/administration.md").read_text(encoding="utf-8")
    block = next(text for text in re.findall(r"(?ms)^```sh\n(.*?)^```$", guide) if "backup" in text)
    (tmp_path / "data").mkdir()
    store = Store(tmp_path / "data/record.sqlite3")
    try:
        store.remember_opened([Path("/scans/a")])
        typed = block.replace("~/.local/share/breastview", "data")
        python = f'PATH="{Path(sys.executable).parent}:$PATH"'
        subprocess.run(["sh", "-c", f"{python}\n{typed}"], cwd=tmp_path, check=True)
    finally:
        store.close()
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["record.sqlite3"]
    restored = Store(tmp_path / "backup/record.sqlite3")
    try:
        assert restored.recent() == (Path("/scans/a"),) and not restored.notice
    finally:
        restored.close()

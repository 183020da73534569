"""Files take their final name whole or not at all; the user's folders are private."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from breastview import paths


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    final = tmp_path / "new" / "report.pdf"
    with paths.written_atomically(final) as temporary:
        temporary.write_bytes(b"whole")
        assert not final.exists()
        assert (temporary.parent, temporary.suffix) == (final.parent, ".pdf")
    assert final.read_bytes() == b"whole"
    assert list(final.parent.iterdir()) == [final]


def test_a_failure_leaves_the_old_file_and_no_stray(tmp_path: Path) -> None:
    final = tmp_path / "report.pdf"
    final.write_bytes(b"old")
    with pytest.raises(RuntimeError), paths.written_atomically(final) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert final.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_finished_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with paths.written_atomically(tmp_path / "a") as temporary:
            assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_killed_process_leaves_no_half_file_under_the_name(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom breastview import paths\n"
        "with paths.written_atomically(Path(sys.argv[1])) as t:\n"
        "    t.write_bytes(b'half')\n    os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], check=False)
    assert done.returncode == -9
    assert not (tmp_path / "a.csv").exists()


@pytest.mark.parametrize("kind", ["config", "data", "cache", "log"])
def test_the_users_folders_are_private_and_movable(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path / "home"))
    folder = getattr(paths, f"{kind}_folder")()
    assert folder == tmp_path / "home" / kind
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_models_and_resources_are_beside_the_package_in_a_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BREASTVIEW_MODELS", raising=False)
    root = Path(paths.__file__).resolve().parent.parent
    assert paths.resources() == root / "resources"
    assert paths.models() == root / "models"
    monkeypatch.setenv("BREASTVIEW_MODELS", "/elsewhere")
    assert paths.models() == Path("/elsewhere")


def test_a_home_that_cannot_be_made_is_left_to_who_writes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path / "file"))
    assert paths.cache_folder() == tmp_path / "file" / "cache" and not paths.cache_folder().exists()

"""Files take their final name whole or not at all; the user's folders are private."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from breastview import paths


@pytest.fixture(scope="module")
def of_the_file() -> Path:
    """Return the cache that fixtures of a whole file have."""
    return paths.cache_folder()


def test_tests_and_their_fixtures_leave_the_users_folders_alone(
    of_the_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert of_the_file.is_relative_to(tmp_path_factory.getbasetemp())
    assert paths.cache_folder().is_relative_to(tmp_path_factory.getbasetemp())
    assert paths.cache_folder() != of_the_file


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


KILLED = """
import os, sys
from pathlib import Path
from breastview import paths
with paths.written_atomically(Path(sys.argv[1])) as unfinished:
    unfinished.write_bytes(b"half")
    print(unfinished.name, flush=True)
    if sys.argv[2:]:
        sys.stdin.read()
    os.kill(os.getpid(), 9)
"""


def left_by_a_killed_process(final: Path) -> Path:
    done = subprocess.run([sys.executable, "-c", KILLED, str(final)], capture_output=True, text=True)
    return final.parent / done.stdout.strip()


def test_what_a_killed_process_left_is_removed_when_its_folder_is_written_to_again(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path / "a.csv")
    assert left.exists()
    with paths.written_atomically(tmp_path / "b.pdf") as temporary:
        temporary.write_bytes(b"whole")
    assert list(tmp_path.iterdir()) == [tmp_path / "b.pdf"]


def test_what_a_living_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "a.csv"), "waits"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as living:  # fmt: skip
        assert living.stdout is not None
        name = living.stdout.readline().strip()
        with paths.written_atomically(tmp_path / "b.pdf"), paths.written_atomically(tmp_path / "c.pdf"):
            assert len(list(tmp_path.iterdir())) == 3
        assert (tmp_path / name).read_bytes() == b"half"
        living.kill()


def test_of_hidden_files_only_the_own_unfinished_ones_are_removed(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path / "kept" / "a.csv").name
    here = paths._here()
    others = [
        left.replace(here, "0" * len(here)),  # another machine's, of whose processes nothing is known
        left.replace(".part.csv", ".csv"), ".a.csv", ".a.part.csv", ".a.x1y2z3w4.part.csv", left[1:],
    ]  # fmt: skip
    for name in others:
        (tmp_path / name).write_text("not ours")
    folder = tmp_path / left
    folder.mkdir()
    with paths.written_atomically(tmp_path / "b.csv"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {*others, left, "kept", "b.csv"}
    folder.rmdir()
    try:
        folder.symlink_to(tmp_path / "b.csv")
    except OSError:
        return  # Windows wants a right for that
    paths._remove_unfinished(tmp_path)
    assert folder.is_symlink()


def test_what_was_unfinished_when_the_machine_went_down_is_removed_whoever_has_that_number_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(paths, "_boot", lambda: "0" * 8)
        writing = paths.written_atomically(tmp_path / "a.csv")
        left = writing.__enter__()  # by this process, which lives
    paths._remove_unfinished(tmp_path)
    assert not left.exists()
    writing.__exit__(KeyError, KeyError(), None)


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

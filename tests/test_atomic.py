"""Files take their final name whole or not at all; what a killed process left is swept up."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from breastview import atomic


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    final = tmp_path / "new" / "report.pdf"
    with atomic.written(final) as temporary:
        temporary.write_bytes(b"whole")
        assert not final.exists()
        assert (temporary.parent, temporary.suffix) == (final.parent, ".pdf")
    assert final.read_bytes() == b"whole"
    assert list(final.parent.iterdir()) == [final]


def test_a_failure_leaves_the_old_file_and_no_stray(tmp_path: Path) -> None:
    final = tmp_path / "report.pdf"
    final.write_bytes(b"old")
    with pytest.raises(RuntimeError), atomic.written(final) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert final.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_finished_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic.written(tmp_path / "a") as temporary:
            assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_killed_process_leaves_no_half_file_under_the_name(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom breastview import atomic\n"
        "with atomic.written(Path(sys.argv[1])) as t:\n"
        "    t.write_bytes(b'half')\n    os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], check=False)
    assert done.returncode == -9
    assert not (tmp_path / "a.csv").exists()


KILLED = """
import os, sys
from pathlib import Path
from breastview import atomic
with atomic.written(Path(sys.argv[1])) as unfinished:
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
    with atomic.written(tmp_path / "b.pdf") as temporary:
        temporary.write_bytes(b"whole")
    assert list(tmp_path.iterdir()) == [tmp_path / "b.pdf"]


def test_what_a_living_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "a.csv"), "waits"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as living:  # fmt: skip
        assert living.stdout is not None
        name = living.stdout.readline().strip()
        with atomic.written(tmp_path / "b.pdf"), atomic.written(tmp_path / "c.pdf"):
            assert len(list(tmp_path.iterdir())) == 3
        assert (tmp_path / name).read_bytes() == b"half"
        living.kill()


def test_of_hidden_files_only_the_own_unfinished_ones_are_removed(tmp_path: Path) -> None:
    left = left_by_a_killed_process(tmp_path / "kept" / "a.csv").name
    here = atomic._here()
    others = [
        left.replace(here, "0" * len(here)),  # another machine's, of whose processes nothing is known
        left.replace(".part.csv", ".csv"), ".a.csv", ".a.part.csv", ".a.x1y2z3w4.part.csv", left[1:],
    ]  # fmt: skip
    for name in others:
        (tmp_path / name).write_text("not ours")
    folder = tmp_path / left
    folder.mkdir()
    with atomic.written(tmp_path / "b.csv"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {*others, left, "kept", "b.csv"}
    folder.rmdir()
    try:
        folder.symlink_to(tmp_path / "b.csv")
    except OSError:
        return  # Windows wants a right for that
    atomic._remove_unfinished(tmp_path)
    assert folder.is_symlink()


def test_what_was_unfinished_when_the_machine_went_down_is_removed_whoever_has_that_number_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(atomic, "_boot", lambda: "0" * 8)
        writing = atomic.written(tmp_path / "a.csv")
        left = writing.__enter__()  # by this process, which lives
    atomic._remove_unfinished(tmp_path)
    assert not left.exists()
    writing.__exit__(KeyError, KeyError(), None)

"""Workspaces: names, files, two instances at once, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from breastview import paths
from breastview.errors import StoreError
from breastview.store import Store, workspace
from breastview.store.workspace import Workspace

_WRITER = """
import sys
from pathlib import Path
from breastview.store import Store
from breastview.study.opinions import AiOpinion
from breastview.study.pair import LesionPlace, Pair
from breastview.study.reading import Assessment, ReadState
path, who = sys.argv[1:]
store = Store(Path(path))
for n in range(10_000):
    sha = f"{int(who):02x}{n:062x}"
    store.assess(sha, 0, Assessment(category="3", notes=str(n), state=ReadState.PRELIMINARY), who)
    store.reveals.commit(sha, 0, "3", who)
    store.reveals.show(sha, 0, AiOpinion((("benign", 0.5), ("malignant", 0.5)), True, "net"), who)
    store.pairs.put(Pair(f"{who}-{n}", LesionPlace(sha, 0), LesionPlace("f" * 64, 0)), who)
    print(n, flush=True)
"""


def writer(path: Path, who: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), str(who)], stdout=subprocess.PIPE, text=True
    )


def acknowledged(process: subprocess.Popen[str], least: int) -> int:
    """Kill a writer after it has acknowledged some work; return the last number it acknowledged."""
    assert process.stdout is not None
    last = -1
    while last < least:
        line = process.stdout.readline()
        assert line, "the writer ended by itself"
        last = int(line)
    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read().splitlines()
    process.wait()
    return int(rest[-1]) if rest and rest[-1].isdigit() else last


def check(store: Store, who: int, last: int) -> None:
    for n in range(last + 1):
        sha = f"{who:02x}{n:062x}"
        assert store.assessment(sha, 0).notes == str(n)
        opinions = store.reveals.of(sha)
        assert opinions is not None and opinions.ai is not None and opinions.ai.abstained
        assert [one.identifier for one in store.pairs.of(sha, 0)] == [f"{who}-{n}"]


def test_after_a_kill_everything_acknowledged_is_there_and_the_log_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    for who in (1, 2):
        last = acknowledged(writer(path, who), 5)
        store = Store(path)
        check(store, who, last)
        assert not store.notice and store.audit.broken_at() is None
        assert store.audit.count() >= 5 * (last + 1)
        store.close()


def test_two_instances_write_to_one_workspace_and_neither_loses_anything(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    Store(path).close()
    both = [writer(path, who) for who in (1, 2)]
    time.sleep(0.5)
    lasts = [acknowledged(process, 4) for process in both]
    store = Store(path)
    for who, last in zip((1, 2), lasts, strict=True):
        check(store, who, last)
    assert store.audit.broken_at() is None
    assert {entry.reader for entry in store.audit.entries()} == {"1", "2"}


def test_the_usual_workspace_is_there_from_the_start_and_others_stand_in_the_data_folder() -> None:
    assert workspace.known() == (Workspace(),) and workspace.chosen() == Workspace()
    made = workspace.new("  Second   reader 2026 ")
    assert made.name == "Second reader 2026"
    Store(made.path).close()
    assert made.path.is_relative_to(paths.data_folder())
    workspace.choose(made)
    assert workspace.chosen() == made and workspace.known() == (Workspace(), made)
    assert Store.of_user().path == made.path
    made.path.unlink()
    assert workspace.chosen() == Workspace()


@pytest.mark.parametrize("name", ["", "   ", "a/b", "../elsewhere", ".hidden", "a" * 61, "con:1", "x\0y"])
def test_a_name_that_is_no_file_s_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(StoreError) as caught:
        workspace.new(name)
    assert len(str(caught.value)) > 20


def test_a_taken_name_is_refused_whatever_its_case() -> None:
    Store(workspace.new("Study A").path).close()
    with pytest.raises(StoreError, match="already"):
        workspace.new("study a")


def test_a_damaged_choice_opens_the_usual_workspace() -> None:
    (paths.config_folder() / workspace.CHOICE).write_text("[1, 2", encoding="utf-8")
    assert workspace.chosen() == Workspace()


def test_workspaces_keep_their_own_assessments_and_lists(tmp_path: Path) -> None:
    from breastview.study.reading import Assessment

    one, other = Store(workspace.new("one").path), Store(workspace.new("other").path)
    one.assess("a" * 64, 0, Assessment(category="5"))
    one.remember_opened([tmp_path])
    assert other.assessment("a" * 64, 0) == Assessment() and other.recent() == ()

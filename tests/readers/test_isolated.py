"""Decoders that fail, crash, hang or eat memory cost one picture, never the application."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from breastview.errors import UnreadableFile
from breastview.readers import isolated
from breastview.readers.isolated import Pool

HERE = "tests.readers.test_isolated"
FILE = Path("scan.dcm")


def ramp(size: int) -> NDArray[np.uint16]:
    return np.arange(size, dtype=np.uint16).reshape(2, -1)


def process() -> NDArray[np.int64]:
    return np.array([os.getpid()])


def crash() -> NDArray[np.uint8]:
    os.kill(os.getpid(), 11)
    return np.zeros(1, np.uint8)


def hang() -> NDArray[np.uint8]:
    while True:
        time.sleep(1)


def refuse() -> NDArray[np.uint8]:
    raise ValueError("marker 0xFF missing")


class Panic(BaseException):
    """What Rust decoders raise."""


def panic() -> NDArray[np.uint8]:
    raise Panic("called `unwrap()` on a `None` value")


def devour() -> NDArray[np.uint8]:
    return np.ones(64 << 30, np.uint8)


def modules() -> NDArray[np.uint8]:
    heavy = {"tensorflow", "keras", "PySide6", "matplotlib", "pydicom", "cv2"}
    return np.array([name in sys.modules for name in sorted(heavy)], np.uint8)


def limits() -> NDArray[np.int64]:
    import resource

    return np.array([*resource.getrlimit(resource.RLIMIT_CORE), *resource.getrlimit(resource.RLIMIT_AS)])


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    found = Pool(children=1)
    yield found
    found.close()


def call(pool: Pool, name: str, *args: object, size: int = 1 << 20, seconds: float | None = None) -> NDArray:
    return pool.call(f"{HERE}:{name}", args, size=size, path=FILE, seconds=seconds)


def test_an_array_comes_back_whole(pool: Pool) -> None:
    np.testing.assert_array_equal(call(pool, "ramp", 1000), ramp(1000))


def test_one_child_serves_many_calls_and_bigger_results(pool: Pool) -> None:
    first = call(pool, "process")
    np.testing.assert_array_equal(call(pool, "ramp", 4_000_000, size=8_000_000), ramp(4_000_000))
    assert call(pool, "process") == first
    assert first != os.getpid()


def test_a_refusal_is_a_sentence_and_keeps_the_child(pool: Pool) -> None:
    child = call(pool, "process")
    sentence = r"scan.dcm: the pixel data cannot be decoded \(marker 0xFF missing\)"
    with pytest.raises(UnreadableFile, match=sentence):
        call(pool, "refuse")
    assert call(pool, "process") == child


def test_a_panic_that_is_no_exception_is_a_sentence(pool: Pool) -> None:
    with pytest.raises(UnreadableFile, match="unwrap"):
        call(pool, "panic")


def test_a_result_larger_than_promised_is_refused() -> None:
    small = Pool(children=1)
    with pytest.raises(UnreadableFile, match="larger than its header says"):
        call(small, "ramp", 100_000, size=100)
    small.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a matter of POSIX")
def test_a_crash_is_a_sentence_and_the_child_is_replaced(pool: Pool) -> None:
    child = call(pool, "process")
    with pytest.raises(UnreadableFile, match="broke down"):
        call(pool, "crash")
    assert call(pool, "process") != child


def test_a_hang_is_stopped_in_time_and_the_child_is_replaced(pool: Pool) -> None:
    child = call(pool, "process")
    with pytest.raises(UnreadableFile, match="took too long"):
        call(pool, "hang", seconds=0.3)
    assert call(pool, "process") != child


def test_a_decoder_that_cannot_start_is_not_the_file_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = r"scan.dcm: the decoder could not be started \({}\). The file may be sound"
    one = Pool(children=1)
    monkeypatch.setattr(isolated, "START_SECONDS", 0.0)
    with pytest.raises(UnreadableFile, match=sentence.format("it took too long")):
        call(one, "process")
    monkeypatch.undo()
    with pytest.raises(UnreadableFile, match=sentence.format("No module named 'no_such_decoder'")):
        one.call("no_such_decoder:run", (), size=100, path=FILE)

    def none_to_be_had(*_given: object, **_named: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    assert call(one, "process") != os.getpid()
    monkeypatch.setattr(isolated, "SharedMemory", none_to_be_had)
    with pytest.raises(UnreadableFile, match=sentence.format("cannot allocate memory")):
        call(one, "ramp", 10_000_000, size=100_000_000)
    one.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is limited on Linux only")
def test_eating_memory_is_a_sentence(pool: Pool) -> None:
    with pytest.raises(UnreadableFile, match="memory"):
        call(pool, "devour")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits on Windows")
def test_a_child_leaves_no_core_dump_and_has_its_own_share_of_memory(pool: Pool) -> None:
    *core, soft, hard = call(pool, "limits").tolist()
    assert core == [0, 0]
    assert 0 < soft <= isolated._ADDRESS_SPACE and 0 < hard <= isolated._ADDRESS_SPACE


def test_children_load_nothing_heavy() -> None:
    # A fresh interpreter, because a child loads what the tests around it import.
    script = (
        "from pathlib import Path\n"
        "from breastview.readers.isolated import Pool\n"
        "if __name__ == '__main__':\n"
        f"    print(Pool(1).call('{HERE}:modules', (), size=100, path=Path('x')).tolist())\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == str([0] * 6)


def test_threads_share_the_children(pool: Pool) -> None:
    results: list[NDArray] = []
    threads = [threading.Thread(target=lambda: results.append(call(pool, "ramp", 100))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 8
    assert all(np.array_equal(result, ramp(100)) for result in results)


def test_closing_ends_the_children_and_the_pool_can_be_used_again() -> None:
    pool = Pool(children=1)
    call(pool, "process")
    before = {child.pid for child in multiprocessing.active_children()}
    pool.close()
    assert {child.pid for child in multiprocessing.active_children()} < before
    np.testing.assert_array_equal(call(pool, "ramp", 10), ramp(10))
    pool.close()


def test_an_application_that_is_killed_leaves_no_child() -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from breastview.readers.isolated import Pool\n"
        "if __name__ == '__main__':\n"
        f"    print(Pool(1).call('{HERE}:process', (), size=100, path=Path('x'))[0], flush=True)\n"
        "    time.sleep(60)\n"
    )
    application = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert application.stdout is not None
    child = int(application.stdout.readline())
    application.kill()
    application.wait(60)
    application.stdout.close()
    for _ in range(600):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").exists() and " Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the decoder outlived the application")

"""Writers that are killed: ``python -m tests.faults.killed NAME`` forks one for each line it is given.

A fork of a process that has imported everything dies hundreds of times in the time of a few starts. What a
writer has finished it adds to a file, in one piece each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

OUTPUTS = ("csv", "json", "masks", "png", "pdf", "seg", "sr", "gsps")


def records(folder: Path, begin: int) -> Iterator[str]:
    """Keep assessments, opinions and pairs, as a reader's record does; yield the number of each."""
    from breastview.store import Store
    from breastview.study.opinions import AiOpinion
    from breastview.study.pair import LesionPlace, Pair
    from breastview.study.reading import Assessment, ReadState

    store = Store(folder / "record.sqlite3")
    for number in range(begin, begin + 100_000):
        sha = f"{number:064x}"
        store.assess(sha, 0, Assessment(category="3", notes=str(number), state=ReadState.PRELIMINARY), "R")
        store.reveals.commit(sha, 0, "3", "R")
        store.reveals.show(sha, 0, AiOpinion((("benign", 0.5), ("malignant", 0.5)), True, "net"), "R")
        store.pairs.put(Pair(str(number), LesionPlace(sha, 0), LesionPlace("f" * 64, 0)), "R")
        yield str(number)


def outputs(folder: Path, begin: int) -> Iterator[str]:
    """Write every kind of output under a new name; yield the names that are written."""
    from breastview import app, registry
    from breastview.exporters._protocol import ExportOptions
    from breastview.task import SilentTask
    from tests.exporters import phantom

    app.application()
    reading = phantom.reading()
    for number in range(begin, begin + 100_000):
        exporter = registry.load("breastview.exporters", OUTPUTS[number % len(OUTPUTS)]).EXPORTER
        place = folder / f"{number}"
        goal = place / f"out{exporter.suffix}" if getattr(exporter, "one_file", False) else place
        for path in exporter.export([reading], goal, SilentTask(), ExportOptions()):
            yield path.relative_to(folder).as_posix()


def settings(folder: Path, begin: int) -> Iterator[str]:
    """Save the settings over and over."""
    from breastview import settings as settings_file

    os.environ["BREASTVIEW_HOME"] = str(folder)
    for number in range(begin, begin + 100_000):
        settings_file.save(settings_file.Settings(reader=str(number), institution="x" * 5000))
        yield str(number)


WRITERS = {"records": records, "outputs": outputs, "settings": settings}


def _imported(name: str) -> None:
    """Import what a writer needs, without starting a thread."""
    import cv2

    cv2.setNumThreads(1)
    if name == "outputs":
        import breastview.exporters.pdf
        import tests.exporters.phantom

        tests.exporters.phantom.reading()
        from breastview import app, registry

        for output in OUTPUTS:
            registry.load("breastview.exporters", output)
        del app
    elif name == "records":
        import breastview.store
        import breastview.study.opinions
        import breastview.study.pair
    else:
        import breastview.settings  # noqa: F401


def main(name: str) -> None:
    """Fork a writer for each line ``FOLDER BEGIN FILE``, say its number, and when it is dead."""
    _imported(name)
    print("ready", flush=True)
    for line in sys.stdin:
        folder, begin, file = line.rstrip("\n").split("\t")
        pid = os.fork()
        if not pid:
            said = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            for done in WRITERS[name](Path(folder), int(begin)):
                os.write(said, f"{done}\n".encode())
            os._exit(0)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""What a worker does with a unit: plain data in, plain data out, and nothing of a patient in its log."""

from __future__ import annotations

import faulthandler
import importlib
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2

from breastview import __version__
from breastview.cluster import bring, bundles
from breastview.cluster.bring import Brought
from breastview.cluster.places import place
from breastview.errors import BreastViewError
from breastview.exporters import _rows
from breastview.session import Session
from breastview.session.recording import Tally, record
from breastview.settings import Settings
from breastview.store import AnalysisSummary, Store
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import Reading
from breastview.study.tree import natural, order
from breastview.task import SilentTask

log = logging.getLogger(__name__)
_own = threading.local()


def analyse(job: dict[str, Any]) -> dict[str, Any]:
    """Analyse the items of a unit.

    Parameters
    ----------
    job : dict
        ``version`` of BreastView; ``bundles``, a `bundles.Choice`; ``device``, ``batch``; ``analyser``, the
        importable name of what makes analysers; ``patience``, seconds without a frame after which this
        process ends itself; ``source`` and ``items`` (``path``, ``label``).

    Returns
    -------
    dict
        One of: ``results``, one for every item; ``missing``, hashes of bundles that are not here, with the
        address of this ``worker``; ``trouble``, a sentence about this worker or the source, not about a
        picture.
    """
    # Nothing is raised: Dask would write the arguments, which name files, to its log.
    try:
        return _analyse(job)
    except BreastViewError as error:
        return {"trouble": str(error)}
    except Exception as error:
        log.error("a unit failed: %s at %s", type(error).__name__, _line(error))
        return {"trouble": f"A worker failed ({type(error).__name__} at {_line(error)})."}
    finally:
        if _is_own_process():
            faulthandler.cancel_dump_traceback_later()


def _analyse(job: dict[str, Any]) -> dict[str, Any]:
    if job["version"] != __version__:
        words = f"A worker has BreastView {__version__}, this is {job['version']}"
        return {"trouble": f"{words}. Install the same on all."}
    _made_ready(job["patience"])
    here = bundles.Here(job["bundles"])
    if here.missing:
        return {"missing": here.missing, "worker": _address()}
    session = _session(job, here)
    with bring.brought(job["source"], job["items"]) as (files, places), closing(Store()) as store:
        session.keep_in(store)
        found = _Found(job, files)
        _read(session, job, found, places)
        return {"results": found.results()}


class _Found:
    """What comes of the items of a unit."""

    def __init__(self, job: dict[str, Any], files: Sequence[Brought]) -> None:
        self.files = {one.path: one for one in files if not one.failure}
        self._keeps_order = job["source"]["kind"] == "files"
        self._read_by = bundles.hashes(job["bundles"])
        self._tallies = {one["path"]: Tally() for one in job["items"]}
        self._results: dict[str, dict[str, Any]] = {
            one["path"]: {"path": one["path"], "sha": "", "bundles": [], "rows": [], "analyses": []}
            for one in job["items"]
        }
        for one in files:
            if one.failure:
                self.add_row(one, Refusal(one.path, one.label, one.failure), b"")

    def add_row(self, file: Brought, found: Reading | Refusal, sort: bytes) -> None:
        """Add the row of a record."""
        self._tallies[file.item].count(found)
        body = _rows.row(found) | {"path": file.name}
        self._results[file.item]["rows"].append({"sort": sort, "body": body})

    def add_reading(self, file: Brought, case: Instance, found: Reading | Refusal, sha: str) -> None:
        """Add what came of a frame."""
        self.add_row(file, found, self._sort(file, case))
        result = self._results[file.item]
        result["sha"] = sha if file.name == file.item else ""
        if isinstance(found, Reading) and found.analysis is not None:
            self._add_analysis(result, found.analysis, sha, found.frame)

    def _add_analysis(self, result: dict[str, Any], analysis: Analysis, sha: str, frame: int) -> None:
        bundle = analysis.bundle.hash
        summary = {k: v for k, v in asdict(AnalysisSummary.of(analysis, frame)).items() if k != "frame"}
        result["analyses"].append([sha, frame, bundle, summary])
        if bundle in self._read_by:  # what the gate refuses is read by none
            result["bundles"] = sorted({*result["bundles"], bundle})

    def _sort(self, file: Brought, case: Instance) -> bytes:
        """Return the place in the table: that of the window's list, elsewhere the place in the source."""
        if not self._keeps_order:
            return place((natural(file.item), natural(file.label)))
        return place(order(replace(case, label=file.label)))

    def results(self) -> list[dict[str, Any]]:
        """Return one result for every item."""
        return [one | {"tally": asdict(self._tallies[path])} for path, one in self._results.items()]


def _read(session: Session, job: dict[str, Any], found: _Found, places: Sequence[Path]) -> None:
    task = SilentTask()
    for _ in session.open(places, task, remember=False):
        pass
    for refusal in session.refusals:
        file = found.files.get(refusal.path)
        if file is not None:
            found.add_row(file, refusal, b"")
    frames = [(case, frame) for case in session.cases for frame in range(case.frames)]
    for outcome in session.analyse_all(frames, task, job["batch"]):
        _wait_at_most(job["patience"])
        session.exams.complete(outcome.instance, task)
        sha = _sha(session, outcome.instance)
        found.add_reading(found.files[outcome.instance.path], outcome.instance, record(session, outcome), sha)
    session.forget()


def _sha(session: Session, case: Instance) -> str:
    try:
        return session.archiving.sha(case)
    except BreastViewError:
        return ""


def _session(job: dict[str, Any], here: bundles.Here) -> Session:
    """Return this thread's session, which keeps its models loaded from unit to unit."""
    wanted = (job["bundles"], job["device"], job["analyser"])
    if getattr(_own, "wanted", None) != wanted:
        if getattr(_own, "session", None) is not None:
            _own.session.close()
        module, _, name = job["analyser"].partition(":")
        factory = getattr(importlib.import_module(module), name)
        settings = Settings(device=job["device"])
        _own.session = Session(settings, analyser_factory=factory, choose=here.choose)
        _own.wanted = wanted
    session: Session = _own.session
    return session


def _made_ready(patience: float) -> None:
    if _is_own_process():
        # Dask's workers are daemons, which may have no children; pictures are decoded in one.
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        # Each thread of a worker has a model of its own; more threads would only be in one another's way.
        os.environ.setdefault("BREASTVIEW_THREADS", "1")
        cv2.setNumThreads(1)
    _wait_at_most(patience)


def _wait_at_most(seconds: float) -> None:
    """End this process if it is not back here in time: what hangs it is then found like what kills it."""
    if _is_own_process() and sys.__stderr__ is not None:
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.__stderr__)


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)


def _is_own_process() -> bool:
    """Return whether a nanny started this process and will start another one."""
    return multiprocessing.parent_process() is not None


def _line(error: BaseException) -> str:
    """Return where in this program an error arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"

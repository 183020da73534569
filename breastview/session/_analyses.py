"""The way to an analysis: memory, then disk, then the AI; each frame is analysed once, whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from breastview import paths
from breastview.errors import AnalysisError, BreastViewError, BundleError, Cancelled
from breastview.inference.result_cache import ResultCache
from breastview.language import mark
from breastview.session import bundles
from breastview.session._flights import Flights
from breastview.session._memory import Memory
from breastview.session._turns import Turns
from breastview.session.endings import Endings, Key
from breastview.settings import Settings
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels
from breastview.task import Task, check

_MB = 2**20
_IN_MEMORY = 192 * _MB
_CLOSING_S = 2.0

LEFT_OUT = mark(
    "the AI leaves it out, because BreastView ended unexpectedly, or the AI gave no answer, when it was read"
)
TRY_AGAIN = mark("Ask for it again with “Try the AI again”.")


class FrameAnalyser(Protocol):
    """What the session needs of an analyser; `breastview.inference.analyser.Analyser` is the one."""

    @property
    def device(self) -> str:
        """``"CPU"`` or the GPU's name, empty until it has run."""
        ...

    @property
    def notice(self) -> str:
        """What the reader should know of the device, mostly empty."""
        ...

    def analyse_batch(
        self, frames: Sequence[tuple[Instance, int, FramePixels]], task: Task | None = None
    ) -> Sequence[Analysis]:
        """Analyse frames, in their order; raises AnalysisError."""
        ...

    def load(self) -> None:
        """Load the model, once; raises AnalysisError or BundleError."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


AnalyserFactory = Callable[[Path, str], FrameAnalyser]
"""Makes an analyser from the folder of a bundle and a device (``"auto"``, ``"cpu"``, ``"gpu"``)."""

BundleChooser = Callable[[str, str], bundles.Installed]
"""Chooses the bundle for the name in the settings and a modality, as `bundles.chosen` does."""


def open_analyser(folder: Path, device: str) -> FrameAnalyser:
    """Verify the bundle of a folder and return its analyser."""
    from breastview.inference.analyser import Analyser
    from breastview.inference.bundle import load_bundle

    return Analyser(load_bundle(folder, unpack=False), device)


class Analyses:
    """Analyses of frames, made at most once and kept on disk; safe from any thread."""

    def __init__(
        self, settings: Settings, factory: AnalyserFactory, disk: ResultCache | None = None,
        choose: BundleChooser = bundles.chosen, endings: Endings | None = None,
    ) -> None:  # fmt: skip
        self._factory, self._choose = factory, choose
        self._endings = endings or Endings(None)
        self._memory: Memory[Analysis] = Memory(_IN_MEMORY)
        self._flights: Flights[Analysis] = Flights()
        self._turns = Turns()
        self._analysers: dict[str, FrameAnalyser | BundleError] = {}
        self._choice: dict[str, bundles.Installed] = {}
        self._lock = threading.RLock()
        self._settings = settings
        self._disk = disk or ResultCache(paths.cache_folder() / "results", settings.result_cache_mb * _MB)

    def use(self, settings: Settings) -> None:
        """Take new settings; a changed bundle or device drops the models that are loaded."""
        with self._lock:
            old, self._settings = self._settings, settings
            self._choice.clear()
            if old.result_cache_mb != settings.result_cache_mb:
                self._disk = ResultCache(self._disk.folder, settings.result_cache_mb * _MB)
        if old.models != settings.models:
            self.drop()

    def drop(self, wait: bool = False) -> None:
        """Let the models go; they are closed once no frame is being analysed.

        Parameters
        ----------
        wait : bool
            Whether to give the present frame `_CLOSING_S` to end.
        """
        with self._lock:
            gone = self._loaded()
            self._analysers.clear()
            self._choice.clear()
        if not gone:
            return
        # No daemon: the end of the process in the midst of freeing a native library would be a crash.
        closing = threading.Thread(target=self._close, args=(gone,), name="close-models")
        closing.start()
        if wait:
            closing.join(_CLOSING_S)

    def start_over(self) -> None:
        """Leave a frame that gives no answer where it is, and go on with the models loaded anew.

        The thread that hangs in it keeps what it holds; what it holds the others up by is replaced.
        """
        self._endings.hung()
        self._turns, self._flights = Turns(), Flights()
        with self._lock:
            self._analysers.clear()

    def _close(self, analysers: list[FrameAnalyser]) -> None:
        with self._turns.turn(urgent=True):
            for analyser in analysers:
                analyser.close()

    @property
    def device(self) -> str:
        """Where the AI runs, empty until it has run."""
        return next((one.device for one in self._loaded() if one.device), "")

    @property
    def notice(self) -> str:
        """What the reader should know of the device, mostly empty."""
        return next((one.notice for one in self._loaded() if one.notice), "")

    def bundle(self, modality: str) -> bundles.Installed:
        """Return the bundle that reads pictures of a modality.

        Raises
        ------
        BundleError
            If there is none.
        """
        with self._lock:
            if modality not in self._choice:
                wanted = bundles.wanted(self._settings, modality)
                self._choice[modality] = self._choose(wanted, modality)
            return self._choice[modality]

    def prepare(self, modality: str, load: bool) -> None:
        """Verify the model for a modality and, if asked to, load it."""
        with self._turns.turn(urgent=True):
            analyser = self._analyser(self.bundle(modality))
            if load:
                analyser.load()

    def kept(self, key: Key) -> Analysis | None:
        """Return an analysis from memory or disk, None where the frame was not analysed by this bundle."""
        found = self._memory.get(key)
        if found is None:
            found = self._disk.get(*key)
            if found is not None:
                self._memory.put(key, found, _size(found))
        return found

    def one(
        self, key: Key, instance: Instance, pixels: Callable[[], FramePixels], task: Task, urgent: bool = True
    ) -> Analysis:
        """Return the analysis of a frame; an urgent one goes ahead of those in the background.

        Raises
        ------
        BreastViewError
            If the frame cannot be decoded or analysed, or is left out because work on it ended badly.
        Cancelled
            If the task was cancelled before the AI began.
        """

        def work() -> Analysis:
            found = self.kept(key)
            if found is None:
                if self._endings.leaves_out(key):
                    raise AnalysisError(LEFT_OUT, instance.path, TRY_AGAIN)
                frame = (instance, key[1], pixels())
                check(task)
                found = self._run([key], [frame], urgent, task)[0]
                self._keep(key, found)
            return found

        found = self._memory.get(key)
        return found if found is not None else self._flights.run(key, work, task)

    def many(
        self, wanted: Sequence[tuple[Key, Instance, FramePixels]], task: Task
    ) -> list[Analysis | BreastViewError]:
        """Return the analyses of frames, those that failed as their errors; only new ones go to the AI."""
        together = [one for one in wanted if self.kept(one[0]) is None and not self._endings.doubts(one[0])]
        mine = [one for one in together if self._flights.claim(one[0]) is None]
        done = self._batch(mine, task)
        return [done[one[0]] if one[0] in done else self._alone(*one, task) for one in wanted]

    def _alone(
        self, key: Key, instance: Instance, pixels: FramePixels, task: Task
    ) -> Analysis | BreastViewError:
        try:
            return self.one(key, instance, lambda: pixels, task, urgent=False)
        except BreastViewError as error:
            return error

    def _batch(
        self, mine: Sequence[tuple[Key, Instance, FramePixels]], task: Task
    ) -> dict[Key, Analysis | BreastViewError]:
        """Analyse claimed frames together; when several fail together each is left to be tried alone."""
        if not mine:
            return {}
        try:
            frames = [(instance, key[1], pixels) for key, instance, pixels in mine]
            done = self._run([key for key, _, _ in mine], frames, urgent=False, task=task)
        except BaseException as error:
            for key, _, _ in mine:
                # Who waits for one of several frames tries it alone: another one may be at fault.
                self._flights.fail(key, error if len(mine) == 1 else Cancelled())
            if not isinstance(error, BreastViewError):
                raise
            return {mine[0][0]: error} if len(mine) == 1 else {}
        for (key, _, _), analysis in zip(mine, done, strict=True):
            self._keep(key, analysis)
            self._flights.land(key, analysis)
        return dict(zip((key for key, _, _ in mine), done, strict=True))

    def _run(
        self, keys: Sequence[Key], frames: list[tuple[Instance, int, FramePixels]], urgent: bool, task: Task
    ) -> list[Analysis]:
        """Analyse frames together, those of different modalities by their own bundles."""
        with self._turns.turn(urgent), self._endings.working(keys):
            groups: dict[str, list[int]] = {}
            installed: dict[str, bundles.Installed] = {}
            for position, (instance, _, _) in enumerate(frames):
                one = self.bundle(instance.modality)
                installed[one.stamp.hash] = one
                groups.setdefault(one.stamp.hash, []).append(position)
            done: dict[int, Analysis] = {}
            for stamp, positions in groups.items():
                analyser = self._analyser(installed[stamp])
                found = _explained(analyser, [frames[p] for p in positions], task)
                done.update(zip(positions, found, strict=True))
            return [done[position] for position in range(len(frames))]

    def _analyser(self, installed: bundles.Installed) -> FrameAnalyser:
        with self._lock:
            found = self._analysers.get(installed.stamp.hash)
            if isinstance(found, BundleError):
                raise found
            if found is None:
                try:
                    found = self._factory(installed.folder, self._settings.device)
                except BundleError as error:
                    # Verifying a damaged bundle again for every frame would give the same sentence slowly.
                    self._analysers[installed.stamp.hash] = error
                    raise
                self._analysers[installed.stamp.hash] = found
            return found

    def _loaded(self) -> list[FrameAnalyser]:
        with self._lock:
            return [one for one in self._analysers.values() if not isinstance(one, BundleError)]

    def _keep(self, key: Key, analysis: Analysis) -> None:
        self._endings.forgive(key)
        # The settings may have changed since: a result is kept under the bundle that made it.
        key = (key[0], key[1], analysis.bundle.hash)
        self._memory.put(key, analysis, _size(analysis))
        self._disk.put(*key, analysis)


def _explained(
    analyser: FrameAnalyser, frames: list[tuple[Instance, int, FramePixels]], task: Task
) -> Sequence[Analysis]:
    """Analyse frames; whatever the runtime raises becomes a sentence about the file."""
    try:
        return analyser.analyse_batch(frames, task)
    except (BreastViewError, Cancelled):
        raise
    except Exception as error:
        raise AnalysisError(
            f"the AI could not read it ({type(error).__name__}: {error})",
            frames[0][0].path,
            "The picture can be read without it; try the device CPU in the settings.",
        ) from error


_POINT = 120
"""Bytes that a point of an outline takes: a pair of numbers."""


def _size(analysis: Analysis) -> int:
    heat = analysis.heat
    arrays = (analysis.mask, analysis.mask_probability, heat.classes, heat.segmenter)
    points = sum(len(finding.contour) for finding in analysis.findings)
    return sum(array.nbytes for array in arrays) + _POINT * points

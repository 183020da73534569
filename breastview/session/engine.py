"""From files to a reading and out again, for window and command line alike."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview import registry
from breastview.errors import BreastViewError, ExportError
from breastview.exporters._protocol import Exporter, ExportOptions, Record
from breastview.imaging.window import to_display
from breastview.inference.result_cache import ResultCache
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.readers.truth import read_truth
from breastview.session._analyses import AnalyserFactory, Analyses, Key, open_analyser
from breastview.session._flights import Flights
from breastview.session._identities import Identities, signature
from breastview.session._memory import Memory
from breastview.session._opened import Opened
from breastview.session.bundles import Installed, installed
from breastview.session.pipeline import Outcome, outcomes
from breastview.session.summary import CaseSummary, summaries
from breastview.settings import Settings
from breastview.store import AnalysisSummary, LastSession, Store
from breastview.study.analysis import Analysis, BundleStamp
from breastview.study.instance import Entry, Instance, Refusal, Window
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment, Reading, ReadState
from breastview.task import SilentTask, Task

_MB = 2**20
Frame = tuple[Instance, int]
"""An instance and one of its frames, counted from 0."""


class Session:
    """What is open, what the AI says about it and what the reader thinks; safe from any thread.

    Methods that decode or analyse take as long as that takes and belong in a worker; those that only look
    (`cached_analysis`, `summary`, `summaries`, `assessment`) read at most a small file.

    Parameters
    ----------
    settings : Settings
    store : Store or None
        The reader's record, closed with the session; None remembers nothing beyond it.
    analyser_factory : callable, optional
        Makes the analyser from a bundle's folder and a device, when the first frame is analysed.
    results : ResultCache or None, optional
        Where results are kept on disk; None takes the user's cache folder.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        analyser_factory: AnalyserFactory = open_analyser,
        results: ResultCache | None = None,
    ) -> None:
        self._settings = settings
        self.store = store or Store()
        self._identities = Identities(self.store)
        self._analyses = Analyses(settings, analyser_factory, results)
        self._pixels: Memory[FramePixels] = Memory(settings.picture_cache_mb * _MB)
        self._decoding: Flights[FramePixels] = Flights()
        self._opened = Opened()
        self._failures: dict[tuple[Path, int], str] = {}

    def close(self) -> None:
        """Free the models and close the store; may be called twice.

        A frame that is being analysed is not waited for beyond a moment.
        """
        self._analyses.drop(wait=True)
        self._pixels.clear()
        self.store.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Settings and models

    @property
    def settings(self) -> Settings:
        """The user's choices."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        self._pixels.resize(settings.picture_cache_mb * _MB)
        self._analyses.use(settings)
        self._failures.clear()

    @property
    def bundles(self) -> tuple[Installed, ...]:
        """The model bundles there are, the newest first."""
        return installed()

    def bundle_for(self, modality: str = "") -> Installed:
        """Return the bundle that reads pictures of a DICOM modality (empty: a loose picture).

        Raises
        ------
        BundleError
            If there is none, or not the one the settings name.
        """
        return self._analyses.bundle(modality)

    @property
    def bundle(self) -> BundleStamp | None:
        """The stamp of the bundle that reads loose pictures, None where there is none."""
        try:
            return self.bundle_for().stamp
        except BreastViewError:
            return None

    @property
    def device(self) -> str:
        """Where the AI runs (``"CPU"`` or the GPU's name), empty until it has run."""
        return self._analyses.device

    @property
    def notice(self) -> str:
        """What the reader should know of the device (the GPU ran out of memory), mostly empty."""
        return self._analyses.notice

    # Opening

    def open(
        self, sources: Sequence[Path], task: Task | None = None, *, add: bool = False, remember: bool = True
    ) -> Iterator[Entry]:
        """Open files, folders, DICOMDIRs and ZIP archives; entries come as they are found.

        Parameters
        ----------
        sources : sequence of Path
        task : Task, optional
        add : bool
            Whether what is open stays open.
        remember : bool
            Whether the sources go to the recent list and are opened again next time.

        Yields
        ------
        Instance or Refusal
            Each is among `entries` before it is yielded.
        """
        sources = tuple(Path(source).absolute() for source in sources)
        if not add:
            self.forget()
        self._opened.begin(sources)
        if remember:
            self.store.remember_opened(sources)
            last = self.store.last_session()
            if last is None or last.sources != self.sources:
                self.store.save_session(LastSession(self.sources))
        return self._opening(sources, task or SilentTask())

    def _opening(self, sources: Sequence[Path], task: Task) -> Iterator[Entry]:
        for entry in scan(sources, task):
            if self._opened.add(entry):
                yield entry

    def forget(self) -> None:
        """Close what is open; what was saved about it stays saved."""
        self._opened.clear()
        self._failures.clear()

    @property
    def sources(self) -> tuple[Path, ...]:
        """What was opened."""
        return self._opened.sources

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every file found so far, in the order of finding."""
        return self._opened.entries

    @property
    def cases(self) -> tuple[Instance, ...]:
        """The pictures found so far, in reading order."""
        return self._opened.cases

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The files that are no case, with their reasons."""
        return tuple(entry for entry in self.entries if isinstance(entry, Refusal))

    def origin(self, entry: Entry) -> Path:
        """Return where a file lies for the user: the member of a ZIP under the ZIP's own path."""
        return self._opened.origin(entry)

    # Pictures

    def pixels(self, instance: Instance, frame: int = 0) -> FramePixels:
        """Return the pixels of a frame, from memory where they are kept.

        Raises
        ------
        UnreadableFile
            If the file has gone or the frame cannot be decoded.
        """
        try:
            key = (instance.path, frame, signature(instance.path))
            kept = self._pixels.get(key)
            return kept or self._decoding.run(key, lambda: self._decoded(instance, frame, key), SilentTask())
        except BreastViewError as error:
            self._failures[instance.path, frame] = str(error)
            raise

    def _decoded(self, instance: Instance, frame: int, key: Hashable) -> FramePixels:
        pixels = read_frame(instance, frame)
        self._pixels.put(key, pixels, pixels.values.nbytes)
        self._failures.pop((instance.path, frame), None)
        return pixels

    def display(
        self, instance: Instance, frame: int = 0, window: Window | None = None, invert: bool = False
    ) -> NDArray[np.uint8]:
        """Return a frame as it is shown: uint8, ``(rows, columns)`` or ``(rows, columns, 3)`` RGB."""
        return to_display(self.pixels(instance, frame), window, invert)

    def truth(self, instance: Instance) -> NDArray[np.bool_] | None:
        """Return the ground truth beside a picture, ``(rows, columns)`` bool, None where there is none."""
        return read_truth(instance)

    # The AI

    def analysis(self, instance: Instance, frame: int = 0, task: Task | None = None) -> Analysis:
        """Return the AI's reading of a frame, ahead of whatever is analysed in the background.

        Raises
        ------
        BreastViewError
            If the frame cannot be decoded or analysed; `summary` then gives the sentence.
        Cancelled
            If the task was cancelled before the AI began.
        """
        try:
            key = self._key(instance, frame)
            found = self._analyses.one(
                key, instance, lambda: self.pixels(instance, frame), task or SilentTask()
            )
        except BreastViewError as error:
            self._failures[instance.path, frame] = str(error)
            raise
        self._noted([(key, found, instance)])
        return found

    def cached_analysis(self, instance: Instance, frame: int = 0) -> Analysis | None:
        """Return the AI's reading of a frame if it is known already; never waits for the AI."""
        try:
            return self._analyses.kept(self._key(instance, frame))
        except BreastViewError:
            return None

    def analyse_all(
        self, frames: Iterable[Frame], task: Task | None = None, batch: int = 4
    ) -> Generator[Outcome, None, None]:
        """Analyse frames in batches, decoding ahead; a failure is an outcome like any other.

        Parameters
        ----------
        frames : iterable of (Instance, int)
            Taken as they are needed.
        task : Task, optional
            Asked between batches; a cancelled one ends the iteration.
        batch : int
            Frames that go to the AI together. While one batch is analysed a frame on screen waits.

        Yields
        ------
        Outcome
            In the order of `frames`.
        """
        return outcomes(self, frames, task or SilentTask(), batch)

    def analyse_decoded(
        self, frames: Sequence[tuple[Instance, int, FramePixels]], task: Task
    ) -> list[Analysis | BreastViewError]:
        """Return the analyses of decoded frames in their order, an error where one failed."""
        results: list[Analysis | BreastViewError] = [BreastViewError("not analysed")] * len(frames)
        keys: dict[int, Key] = {}
        for position, (instance, frame, _) in enumerate(frames):
            try:
                keys[position] = self._key(instance, frame)
            except BreastViewError as error:
                results[position] = error
        wanted = [(key, frames[position][0], frames[position][2]) for position, key in keys.items()]
        for position, result in zip(keys, self._analyses.many(wanted, task), strict=True):
            results[position] = result
        for (instance, frame, _), result in zip(frames, results, strict=True):
            if isinstance(result, BreastViewError):
                self._failures[instance.path, frame] = str(result)
        done = ((position, results[position]) for position in keys)
        self._noted([(keys[p], one, frames[p][0]) for p, one in done if isinstance(one, Analysis)])
        return results

    def prepare(self, modality: str = "", *, load: bool = True) -> None:
        """Verify and load the model for a modality, so that the first frame need not wait for it.

        Parameters
        ----------
        modality : str
            DICOM modality, empty for loose pictures.
        load : bool
            Whether to load it too, which takes seconds; else its files are verified alone.

        Raises
        ------
        BundleError
            If there is none, or it is damaged.
        AnalysisError
            If the AI cannot be started on this machine.
        """
        self._analyses.prepare(modality, load)

    def prefetch(self, frames: Iterable[Frame], task: Task | None = None) -> None:
        """Make pictures and results ready for the next steps; what cannot be read is passed over."""
        task = task or SilentTask()
        for instance, frame in frames:
            if task.cancelled():
                return
            try:
                self.pixels(instance, frame)
            except BreastViewError:
                continue
            self.cached_analysis(instance, frame)

    def _key(self, instance: Instance, frame: int) -> Key:
        return self._identities.of(instance.path), frame, self.bundle_for(instance.modality).stamp.hash

    def _noted(self, found: Iterable[tuple[Key, Analysis, Instance]]) -> None:
        """Keep for the lists what is not kept there yet."""
        fresh: dict[str, list[tuple[str, AnalysisSummary]]] = {}
        for (sha, frame, bundle), analysis, instance in found:
            self._failures.pop((instance.path, frame), None)
            one = AnalysisSummary.of(analysis, frame)
            if one not in self.store.analyses([sha], bundle).get(sha, ()):
                fresh.setdefault(bundle, []).append((sha, one))
        for bundle, rows in fresh.items():
            self.store.remember_analyses(bundle, rows)

    # The reader

    def assessment(self, instance: Instance, frame: int = 0) -> Assessment:
        """Return the reader's opinion of a frame, an empty one where there is none."""
        try:
            sha = self._identities.of(instance.path)
        except BreastViewError:
            return Assessment()
        return self.store.assessment(sha, frame)

    def assess(self, instance: Instance, frame: int, assessment: Assessment) -> Assessment:
        """Save the reader's opinion; when this returns it is on the disk. Earlier ones stay in the history.

        Returns
        -------
        Assessment
            As saved: with the time, and the reader of the settings where none was given.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        StoreError
            If it cannot be saved.
        """
        named = replace(assessment, reader=assessment.reader or self._settings.reader)
        return self.store.assess(self._identities.of(instance.path), frame, named)

    def history(self, instance: Instance, frame: int = 0) -> tuple[Assessment, ...]:
        """Return every opinion that was ever saved of a frame, oldest first."""
        return self.store.history(self._identities.of(instance.path), frame)

    def mark(self, instance: Instance, frame: int, marked: bool) -> Assessment:
        """Mark a frame, or take its mark away."""
        return self.assess(instance, frame, replace(self.assessment(instance, frame), marked=marked))

    def seen(self, instance: Instance, frame: int = 0) -> Assessment:
        """Note that the reader has looked at a frame; a state further on stays."""
        now = self.assessment(instance, frame)
        if now.state is not ReadState.UNREAD:
            return now
        return self.assess(instance, frame, replace(now, state=ReadState.SEEN))

    def next_unread(
        self, after: Instance | None, cases: Sequence[Instance] | None = None
    ) -> Instance | None:
        """Return the next unread one of `cases` (by default all, in their order), going round at its end."""
        cases = self.cases if cases is None else cases
        start = next((n + 1 for n, case in enumerate(cases) if after and case.path == after.path), 0)
        turned = (*cases[start:], *cases[:start])
        states = self.summaries(turned)
        return next((case for case in turned if states[case.path].state is ReadState.UNREAD), None)

    def summary(self, instance: Instance) -> CaseSummary:
        """Return what the worklist says about one case."""
        return self.summaries([instance])[instance.path]

    def summaries(self, instances: Iterable[Instance] | None = None) -> dict[Path, CaseSummary]:
        """Return what the worklist says about cases (all by default), without reading their files.

        A file that was never read before counts as unread, even if its content is known under another name;
        that shows once it has been decoded or analysed.
        """
        instances = tuple(self.cases if instances is None else instances)
        failures = {path: text for (path, _), text in self._failures.copy().items()}
        return summaries(instances, self._identities, self.store, self._hash_of_bundle, failures)

    def _hash_of_bundle(self, modality: str) -> str:
        try:
            return self.bundle_for(modality).stamp.hash
        except BreastViewError:
            return ""

    # What was on screen

    def save_view(self, instance: Instance | None, frame: int, view: Mapping[str, Any]) -> None:
        """Keep what is on screen, so that the next start shows it again; `view` holds plain JSON values."""
        last = LastSession(self.sources, frame=frame, view=dict(view))
        if instance is not None:
            sha = self._identities.known([instance.path]).get(instance.path, "")
            last = replace(last, path=instance.path, label=instance.label, sha=sha)
        self.store.save_session(last)

    def last(self) -> LastSession | None:
        """Return what was on screen when the last session ended, None before the first one."""
        return self.store.last_session()

    def find(self, last: LastSession) -> Instance | None:
        """Return the case that was on screen among those found so far, None where it is not there (yet)."""
        cases = self.cases
        same = (case for case in cases if case.path == last.path or (last.label and case.label == last.label))
        found = next(same, None)
        if found is None and last.sha:
            hashes = self._identities.known(case.path for case in cases)
            found = next((case for case in cases if hashes.get(case.path) == last.sha), None)
        return found

    # Out

    def reading(
        self, instance: Instance, frame: int = 0, task: Task | None = None, *, analyse: bool = False
    ) -> Reading:
        """Return everything known about a frame, for an output.

        Parameters
        ----------
        analyse : bool
            Whether to ask the AI when its reading is not known yet.

        Raises
        ------
        UnreadableFile
            If the frame cannot be decoded.
        """
        pixels = self.pixels(instance, frame)
        failure = ""
        analysis = self.cached_analysis(instance, frame)
        if analysis is None and analyse:
            try:
                analysis = self.analysis(instance, frame, task)
            except BreastViewError as error:
                failure = str(error)
        return self.recorded(instance, frame, pixels, analysis, failure)

    def recorded(
        self, instance: Instance, frame: int, pixels: FramePixels, analysis: Analysis | None,
        failure: str = "", *, with_truth: bool = True,
    ) -> Reading:
        """Return the record of a frame that was decoded, with the reader's opinion and the ground truth.

        A ground truth that cannot be read leaves its sentence as the failure.
        """
        truth = None
        try:
            truth = self.truth(instance) if with_truth else None
        except BreastViewError as error:
            failure = failure or str(error)
        shown = replace(instance, path=self.origin(instance))
        return Reading(
            shown, frame, pixels, analysis, self.assessment(instance, frame), truth, failure=failure
        )

    def export(
        self, name: str, readings: Iterable[Record], destination: Path, task: Task | None = None,
        options: ExportOptions | None = None,
    ) -> tuple[Path, ...]:
        """Write readings with an exporter and return the files.

        Parameters
        ----------
        name : str
            A plug-in of ``breastview.exporters``: ``"pdf"``, ``"csv"``, ``"json"``, ``"masks"``, ``"png"``.
        options : ExportOptions, optional
            Those of the settings by default.

        Raises
        ------
        ExportError
            If an output could not be written; nothing incomplete is left under its name.
        """
        options = options or ExportOptions.from_settings(self._settings)
        return exporter(name).export(readings, destination, task or SilentTask(), options)


def exporter(name: str) -> Exporter:
    """Return an exporter by its name.

    Raises
    ------
    ExportError
        If there is none of this name.
    """
    try:
        found: Exporter = registry.load("breastview.exporters", name).EXPORTER
    except KeyError as error:
        raise ExportError(str(error.args[0])) from error
    return found

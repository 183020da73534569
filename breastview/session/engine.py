"""From files to a reading and out again, for window and command line alike."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview import registry
from breastview.errors import BreastViewError, ExportError, StoreError, UnreadableFile
from breastview.exporters._protocol import Exporter, ExportOptions, Record
from breastview.imaging.lesions import with_segmentation
from breastview.imaging.window import to_display
from breastview.inference.bundle import Thresholds
from breastview.inference.gate import kinds as kind_gate
from breastview.inference.result_cache import ResultCache
from breastview.language import tr
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.readers.truth import read_truth
from breastview.session._analyses import AnalyserFactory, Analyses, BundleChooser, Key, open_analyser
from breastview.session._blinding import Blinding
from breastview.session._flights import Flights
from breastview.session._foreign import Foreign
from breastview.session._identities import Identities
from breastview.session._kinds import Kinds, read_as
from breastview.session._memory import Memory
from breastview.session._opened import Opened
from breastview.session._pairing import Pairing
from breastview.session.archiving import Archiving
from breastview.session.bundles import Installed, chosen, installed, thresholds
from breastview.session.endings import Endings
from breastview.session.exams import Exams
from breastview.session.measuring import Measuring
from breastview.session.pipeline import Outcome, outcomes
from breastview.session.summary import CaseSummary, summaries
from breastview.settings import Settings
from breastview.store import AnalysisSummary, Event, LastSession, Store
from breastview.study.analysis import Analysis, BundleStamp
from breastview.study.calibration import Calibration, Ruler
from breastview.study.foreign import Companion
from breastview.study.instance import Entry, Instance, Refusal, Window
from breastview.study.kind import Kind, KindOf
from breastview.study.measurement import Measurement
from breastview.study.opinions import HIDDEN
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment, Reading, ReadState
from breastview.study.segmentation import Segmentation
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
    choose : callable, optional
        Chooses the bundle for the settings' name and a modality; by default among the installed ones.
    endings : Endings, optional
        Remembers beyond a crash what the AI was at work on; by default nothing does.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store | None = None,
        analyser_factory: AnalyserFactory = open_analyser,
        results: ResultCache | None = None,
        choose: BundleChooser = chosen,
        endings: Endings | None = None,
    ) -> None:
        self._settings = settings
        self.keep_in(store or Store())
        self.endings = endings or Endings(None)
        self._analyses = Analyses(settings, analyser_factory, results, choose, self.endings)
        self._pixels: Memory[FramePixels] = Memory(settings.picture_cache_mb * _MB)
        self._decoding: Flights[FramePixels] = Flights()
        self._opened = Opened()
        self._failures: dict[tuple[Path, int], str] = {}
        self.foreign = Foreign(self._opened)
        self.exams = Exams(lambda: self._opened.cases, self.summaries, self.analysis, self._experimental)

    def keep_in(self, store: Store, blind: bool = False) -> None:
        """Keep the reader's work in a store from now on; what is open should be closed before.

        Parameters
        ----------
        blind : bool
            Whether the AI's reading of a case is kept back until the reader has committed a category.
        """
        self.store = store
        self._identities = Identities(store)
        self.blinding = Blinding(store, self._identities, blind)
        self.pairing = Pairing(store, self._identities, self.case_of, self._glance)
        self.measuring = Measuring(store, self._identities, self.origin, lambda: self._settings.reader)
        self.archiving = Archiving(store, self._identities, lambda: self._settings.reader)
        self.kinds = Kinds(store, self._identities, self.pixels, lambda: self._settings.reader)

    def close(self) -> None:
        """Free the models and close the store; may be called twice.

        A frame that is being analysed is not waited for beyond a moment.
        """
        self._analyses.drop(wait=True)
        self._pixels.clear()
        self.endings.close()
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

    def is_current(self, instance: Instance, analysis: Analysis) -> bool:
        """Return whether an analysis is by the model that reads such pictures now."""
        try:
            key = self._key(instance, 0)
        except BreastViewError:
            return False
        return key is not None and key[2] == analysis.bundle.hash

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

        Raises
        ------
        Cancelled
            If the task was cancelled before it began; then what is open stays as it is.
        """
        sources, task = tuple(Path(source).absolute() for source in sources), task or SilentTask()
        number = self._opened.begin(sources, task, add)
        if not add:
            self._failures.clear()
        if remember:
            self.store.remember_opened(sources)
            last = self.store.last_session()
            if last is None or last.sources != self.sources:
                self.store.save_session(LastSession(self.sources))
        return self._opening(sources, task, number)

    def _opening(self, sources: Sequence[Path], task: Task, number: int) -> Iterator[Entry]:
        for entry in scan(sources, task):
            if isinstance(entry, Companion):
                self._opened.accompany(entry, number)
            elif self._opened.add(entry, number):
                yield entry
        for lonely in self.foreign.lonely():
            if self._opened.add(lonely, number):
                yield lonely

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
            key = (instance.path, frame, self._identities.look(instance.path))
            kept = self._pixels.get(key)
            return kept or self._decoding.run(key, lambda: self._decoded(instance, frame, key), SilentTask())
        except BreastViewError as error:
            self._failures[instance.path, frame] = str(error)
            raise

    def _decoded(self, instance: Instance, frame: int, key: Hashable) -> FramePixels:
        kept = self._pixels.get(key)  # another thread may have been ready since it was looked for
        if kept is not None:
            return kept
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
        with suppress(UnreadableFile):
            self._identities.look(instance.path)  # another content wants another analysis
        try:
            told = self.kinds.of(instance)
            key = self._key_as(instance, frame, told)
            if told.kind is None:
                found = kind_gate.refusal(instance, told)
            else:
                found = self._analyses.one(
                    key, read_as(instance, told), lambda: self.pixels(instance, frame), task or SilentTask()
                )
        except BreastViewError as error:
            self._failures[instance.path, frame] = str(error)
            raise
        self._noted([(key, found, instance)])
        return self.measuring.measured(instance, frame, found)

    def cached_analysis(self, instance: Instance, frame: int = 0) -> Analysis | None:
        """Return the AI's reading of a frame if it is known already and may be shown; never waits for it."""
        return None if self.blinding.hides(instance) else self._kept(instance, frame)

    def _kept(self, instance: Instance, frame: int) -> Analysis | None:
        try:
            told = self.kinds.known(instance)
            if told is None:
                return None
            if told.kind is None:
                return kind_gate.refusal(instance, told)
            kept = self._analyses.kept(self._key_as(instance, frame, told))
        except BreastViewError:
            return None
        return None if kept is None else self.measuring.measured(instance, frame, kept)

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
        wanted: dict[int, tuple[Key, Instance, FramePixels]] = {}
        for position, (instance, frame, pixels) in enumerate(frames):
            try:
                told = self.kinds.of(instance)
                key = keys[position] = self._key_as(instance, frame, told)
            except BreastViewError as error:
                results[position] = error
                continue
            if told.kind is None:
                results[position] = kind_gate.refusal(instance, told)
            else:
                wanted[position] = key, read_as(instance, told), pixels
        for position, result in zip(wanted, self._analyses.many(list(wanted.values()), task), strict=True):
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

    def start_over(self) -> None:
        """Give up a frame on which the AI gives no answer, and load the models anew for the next ones."""
        self._analyses.start_over()

    def try_again(self, instance: Instance, frame: int) -> None:
        """Let the AI read a frame that it leaves out since work on it ended badly."""
        with suppress(BreastViewError):
            key = self._key(instance, frame)
            if key is not None:
                self.endings.forgive(key)
        self._failures.pop((instance.path, frame), None)

    def ended_on(self) -> str:
        """Return the name of the file the AI was at work on when an earlier run ended, else empty."""
        found = (self.store.path_of(sha) for sha, _, _ in self.endings.worked_on)
        return next((path.name for path in found if path is not None), "")

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
            self._kept(instance, frame)

    def _key(self, instance: Instance, frame: int) -> Key | None:
        """Return what an analysis depends on, None where the kind of picture is not known yet."""
        told = self.kinds.known(instance)
        return None if told is None else self._key_as(instance, frame, told)

    def _key_as(self, instance: Instance, frame: int, told: KindOf) -> Key:
        return self._identities.of(instance.path), frame, self._hash_for(told.kind)

    def _hash_for(self, kind: Kind | None) -> str:
        """Return the hash that signs analyses of a kind of picture; without one the gate refuses itself."""
        return kind_gate.stamp().hash if kind is None else self.bundle_for(kind.value).stamp.hash

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
        who = self._settings.reader
        named = replace(assessment, reader=assessment.reader or who)
        saved = self.store.assess(self._identities.of(instance.path), frame, named, who)
        self.blinding.changed(instance, frame, saved.category, who)
        return saved

    def mask_thresholds(self, instance: Instance) -> Thresholds | None:
        """Return where the masks of the model begin that reads a picture, None where that is not known."""
        try:
            told = self.kinds.known(instance)
            kind = told.kind if told else None
            return thresholds(self.bundle_for(kind.value)) if kind else None
        except BreastViewError:
            return None

    def segmentation(self, instance: Instance, frame: int = 0) -> Segmentation | None:
        """Return the mask that the reader made or changed, None where the AI's stands as it is.

        Raises
        ------
        StoreError
            If the record cannot be read.
        """
        try:
            sha = self._identities.of(instance.path)
        except UnreadableFile:
            return None
        return self.store.segmentations.of(sha, frame)

    def segmentations(self, instance: Instance) -> dict[int, Segmentation]:
        """Return the reader's masks of all frames of a file, by frame.

        Raises
        ------
        StoreError
            If the record cannot be read.
        """
        try:
            return self.store.segmentations.frames(self._identities.of(instance.path))
        except UnreadableFile:
            return {}

    def segment(
        self, instance: Instance, frame: int, segmentation: Segmentation | None
    ) -> Segmentation | None:
        """Save the reader's mask of a frame (None: the AI's again); earlier ones stay in the history.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        StoreError
            If it cannot be saved.
        """
        sha = self._identities.of(instance.path)
        return self.store.segmentations.put(sha, frame, segmentation, self._settings.reader)

    def log(
        self, event: Event, instance: Instance | None = None, frame: int | None = None, detail: str = ""
    ) -> None:
        """Add to the audit log what was done to a case; `detail` is a category or the name of an output.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        sha = "" if instance is None else self._identities.of(instance.path)
        self.store.audit.add(event, self._settings.reader, sha, frame, detail)

    def measurements(self, instance: Instance, frame: int = 0) -> tuple[Measurement, ...]:
        """Return what the reader measured on a frame, in the order of drawing."""
        return self.measuring.of(instance, frame)

    def measure(self, instance: Instance, frame: int, measurements: tuple[Measurement, ...]) -> None:
        """Save what the reader measured on a frame; when this returns it is on the disk.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        StoreError
            If it cannot be saved.
        """
        self.measuring.put(instance, frame, measurements)

    def calibration(self, instance: Instance, frame: int = 0) -> Calibration:
        """Return where the millimetres of a frame come from: the reader's depth ruler, else the file."""
        return self.measuring.calibration(instance, frame)

    def ruler(self, instance: Instance) -> Ruler | None:
        """Return the depth ruler that holds for a file, its own or its folder's."""
        return self.measuring.ruler(instance)

    def set_ruler(self, instance: Instance, ruler: Ruler | None, folder: bool = False) -> None:
        """Save a depth ruler for a file or for its folder's pictures of its size; None takes it away.

        Raises
        ------
        StoreError
            If it cannot be saved.
        """
        self.measuring.set_rulers(instance, self.measuring.with_ruler(instance, ruler, folder))

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

    def next_unread(self, after: Instance | None, cases: Sequence[Instance] | None = None) -> Instance | None:
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
        return summaries(
            instances,
            self._identities,
            self.store,
            self.kinds.known_all,
            self._hash_of_bundle,
            failures,
            self.blinding.on,
        )

    def _experimental(self, kind: Kind) -> bool:
        try:
            return self.bundle_for(kind.value).experimental
        except BreastViewError:
            return False

    def _hash_of_bundle(self, kind: Kind | None) -> str:
        try:
            return self._hash_for(kind)
        except BreastViewError:
            return ""

    # What was on screen

    def save_view(
        self,
        instance: Instance | None,
        frame: int,
        view: Mapping[str, Any],
        sources: tuple[Path, ...] | None = None,
    ) -> None:
        """Keep what is on screen, so that the next start shows it again; `view` holds plain JSON values.

        Parameters
        ----------
        sources : tuple of Path, optional
            What was open when the picture was on screen; by default what is open now.
        """
        last = LastSession(self.sources if sources is None else sources, frame=frame, view=dict(view))
        if instance is not None:
            sha = self._identities.known([instance.path]).get(instance.path, "")
            last = replace(last, path=instance.path, label=instance.label, sha=sha)
        self.store.save_session(last)

    def last(self) -> LastSession | None:
        """Return what was on screen when the last session ended, None before the first one."""
        return self.store.last_session()

    def case_of(self, sha: str) -> Instance | None:
        """Return the case that has this content among those found so far, as far as files were read."""
        cases = self.cases
        found = next((case for case in cases if self._identities.remembered(case.path) == sha), None)
        if found is not None:
            return found
        hashes = self._identities.known(case.path for case in cases)
        return next((case for case in cases if hashes.get(case.path) == sha), None)

    def find(self, last: LastSession) -> Instance | None:
        """Return the case that was on screen among those found so far, None where it is not there (yet)."""
        cases = self.cases
        same = (case for case in cases if case.path == last.path or (last.label and case.label == last.label))
        found = next(same, None)
        return self.case_of(last.sha) if found is None and last.sha else found

    # Out

    def reading(
        self, instance: Instance, frame: int = 0, task: Task | None = None, *, analyse: bool = False
    ) -> Reading:
        """Return everything known about a frame, for an output; what the AI says only if it may be shown.

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
        if self.blinding.hides(instance):
            return self.recorded(instance, frame, pixels, None, tr(HIDDEN))
        failure = ""
        analysis = self.cached_analysis(instance, frame)
        if analysis is None and analyse:
            try:
                analysis = self.analysis(instance, frame, task)
            except BreastViewError as error:
                failure = str(error)
        if analyse:
            self.exams.complete(instance, task)
        return self.recorded(instance, frame, pixels, analysis, failure)

    def recorded(
        self,
        instance: Instance,
        frame: int,
        pixels: FramePixels,
        analysis: Analysis | None,
        failure: str = "",
        *,
        with_truth: bool = True,
    ) -> Reading:
        """Return the record of a frame that was decoded, with the reader's opinion and the ground truth.

        A ground truth that cannot be read leaves its sentence as the failure.
        """
        truth = None
        try:
            truth = self.truth(instance) if with_truth else None
        except BreastViewError as error:
            failure = failure or str(error)
        read = replace(self.record_alone(instance, frame, pixels, analysis), truth=truth, failure=failure)
        return replace(
            read,
            opinions=self.blinding.opinions(instance),
            pairs=self.pairing.of(instance, frame, read),
            exam=self.exams.of(instance),
        )

    def record_alone(
        self, instance: Instance, frame: int, pixels: FramePixels, analysis: Analysis | None
    ) -> Reading:
        """Return a frame with what AI and reader say of it alone."""
        shown = replace(instance, path=self.origin(instance))
        measured = None if analysis is None else self.measuring.measured(instance, frame, analysis)
        read = Reading(
            shown,
            frame,
            pixels,
            measured,
            self.assessment(instance, frame),
            measurements=self.measuring.of(instance, frame),
            ruler=self.measuring.by_ruler(instance),
            told=self._kind_known(instance),
        )
        return with_segmentation(read, self.segmentation(instance, frame))

    def _kind_known(self, instance: Instance) -> Kind | None:
        """Return the kind of a file as far as it is known without looking at its pixels."""
        try:
            told = self.kinds.known(instance)
        except BreastViewError:
            return None
        return told.kind if told is not None else None

    def _glance(self, instance: Instance, frame: int) -> Reading | None:
        """Return what is known of a frame for a comparison, without running the AI."""
        try:
            pixels = self.pixels(instance, frame)
        except BreastViewError:
            return None
        return self.record_alone(instance, frame, pixels, self.cached_analysis(instance, frame))

    def export(
        self,
        name: str,
        readings: Iterable[Record],
        destination: Path,
        task: Task | None = None,
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
        given: list[Frame] = []

        def noted() -> Iterator[Record]:
            for record in readings:
                if isinstance(record, Reading):
                    given.append((record.instance, record.frame))
                yield record

        written = exporter(name).export(noted(), destination, task or SilentTask(), options)
        self._log_export(name, given)
        return written

    def _log_export(self, name: str, given: Sequence[Frame]) -> None:
        """Log what was exported: each case once; a log that cannot be written stops no output."""
        known = {case.label: case for case in self.cases} if given else {}
        files = dict.fromkeys(known.get(instance.label, instance) for instance, _ in given)
        hashes = self._identities.known(one.path for one in files)
        with suppress(StoreError):
            self.store.audit.add_all(
                Event.EXPORTED, self._settings.reader, [hashes.get(one.path, "") for one in files], name
            )


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

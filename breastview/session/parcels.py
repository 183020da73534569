"""What leaves for an archive: the DICOM objects of cases, made from the record and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from breastview.errors import BreastViewError
from breastview.exporters._dicom_objects import KINDS as MADE
from breastview.exporters._dicom_objects import OF_A_STUDY, objects
from breastview.exporters._protocol import ExportOptions
from breastview.language import mark
from breastview.study.instance import Instance
from breastview.study.reading import Reading
from breastview.task import Task, check

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from breastview.deidentify import Deidentifier
    from breastview.session.engine import Session

KINDS = {
    "sr": mark("Measurement report (SR)"),
    "seg": mark("Lesion masks (SEG)"),
    "gsps": mark("Window, outlines and measurements (GSPS)"),
    "ko": mark("Key images: the marked ones (KO)"),
    "sc": mark("Pictures with overlays (SC)"),
    "epdf": mark("Report (PDF)"),
}
"""Kinds of objects with their titles, in the order in which they are offered."""
KEY_IMAGES = "ko"

Read = tuple[Instance, Reading]


@dataclass(frozen=True)
class Wanted:
    """What is to be sent.

    Attributes
    ----------
    cases : tuple of (Instance, int or None)
        With the frame that is sent where the reader has worked on none.
    kinds : tuple of str
        Of `KINDS`.
    deidentified : bool
        Whether it leaves under pseudonyms.
    """

    cases: tuple[tuple[Instance, int | None], ...]
    kinds: tuple[str, ...]
    deidentified: bool = False


@dataclass(frozen=True)
class Parcel:
    """An object that is ready to leave; `sha` is the SHA-256 of its case's file, empty: of several."""

    dataset: Dataset
    kind: str
    sha: str


@dataclass
class Packing:
    """Makes parcels; what cannot be made is a sentence, and the rest goes on.

    Attributes
    ----------
    failures : list of str
    """

    session: Session
    wanted: Wanted
    options: ExportOptions
    failures: list[str] = field(default_factory=list)

    def parcels(self, task: Task) -> Iterator[Parcel]:
        """Yield what is to be sent, study by study; a case whose AI is kept back says nothing of the AI.

        Raises
        ------
        ExportError
            If there is no key for pseudonyms.
        Cancelled
        """
        cleaner = _cleaner(self.session) if self.wanted.deidentified else None
        options = replace(self.options, reader="", institution="") if cleaner else self.options
        done = 0
        known: set[str] = set()  # the picture made for a file that is no DICOM comes with every kind
        for _study, cases in groupby(self.wanted.cases, lambda one: one[0].study.uid):
            read: list[Read] = []
            for case, shown in cases:
                task.progress(done, len(self.wanted.cases))
                done += 1
                read += self._read(case, shown, cleaner, task)
            for kind in (kind for kind in self.wanted.kinds if kind in MADE):
                for group in together(kind, read):
                    for parcel in self._made(kind, group, options, cleaner):
                        uid = str(parcel.dataset.SOPInstanceUID)
                        if uid not in known:
                            known.add(uid)
                            yield parcel

    def _read(
        self, case: Instance, shown: int | None, cleaner: Deidentifier | None, task: Task
    ) -> Iterator[Read]:
        try:
            for frame in frames(self.session, case, shown):
                check(task)
                reading = self.session.reading(case, frame, task, analyse=True)
                yield case, cleaner.reading(reading, case) if cleaner else reading
        except BreastViewError as error:
            self.failures.append(str(error))

    def _made(
        self, kind: str, read: Sequence[Read], options: ExportOptions, cleaner: Deidentifier | None
    ) -> Iterator[Parcel]:
        case = read[0][0]
        try:
            made = objects([reading for _, reading in read], [kind], options)
            if cleaner is not None:
                made = [cleaner.dataset(one, cleaner.label(case), case, made_clean=True) for one in made]
        except BreastViewError as error:
            self.failures.append(str(error))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Made by libraries that raise many kinds for headers they do not expect.
            self.failures.append(f"{case.label}: the object cannot be made ({kind}, {type(error).__name__}).")
        else:
            alone = {one.path for one, _ in read} == {case.path}
            yield from (Parcel(one, kind, self._sha(case) if alone else "") for one in made)

    def _sha(self, case: Instance) -> str:
        with suppress(BreastViewError):
            return self.session.archiving.sha(case)
        return ""


def together(kind: str, read: Sequence[Read]) -> Iterator[list[Read]]:
    """Yield the readings that one object speaks of: a whole study's, or each its own."""
    if kind not in OF_A_STUDY:
        yield from ([one] for one in read)
        return
    marked = [one for one in read if one[1].assessment.marked] if kind == KEY_IMAGES else []
    if found := marked or list(read):
        yield found


def frames(session: Session, case: Instance, shown: int | None = None) -> tuple[int, ...]:
    """Return the frames of a case that the reader has worked on, the one shown where there is none."""
    edited = session.segmentations(case)

    def worked_on(frame: int) -> bool:
        given = session.assessment(case, frame)
        said = given.category or given.marked or given.notes
        return bool(said or frame in edited or session.measurements(case, frame))

    found = tuple(frame for frame in range(case.frames) if worked_on(frame))
    return found or (() if shown is None else (shown,))


def _cleaner(session: Session) -> Deidentifier:
    from breastview.deidentify import Deidentifier, Options
    from breastview.deidentify.key import own_key

    return Deidentifier(own_key(), Options(), session.pixels)

"""One line of the worklist's data: a case with what is known of it, or a file with the reason it is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from breastview.language import mark, said, tr
from breastview.session.summary import CaseSummary
from breastview.study import tree
from breastview.study.analysis import Analysis
from breastview.study.exam import Told, ViewScore
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.reading import ReadState

ABSTAINED = mark("The model does not commit itself.")


@dataclass(frozen=True)
class Score:
    """What the list shows of an analysis.

    Attributes
    ----------
    suspicion : float or None
        Calibrated probability (0..1) of the suspicious class; None where the input gate allows no score.
    suspicious : bool
        The suspicious class is the most probable one, or the model does not commit itself.
    note : str
        Why there is no score, or that the model abstains; empty otherwise.
    uncertainty : float or None
        Entropy of the calibrated probabilities, 0 (certain) to 1 (all classes alike); 1 where the model does
        not commit itself; None where the input gate allows no score.
    abstained : bool
        Whether the model does not commit itself.
    name : str
        Of the suspicious class.
    """

    suspicion: float | None = None
    suspicious: bool = False
    note: str = ""
    uncertainty: float | None = None
    abstained: bool = False
    name: str = "malignant"


@dataclass(frozen=True)
class Row:
    """A case or a refused file as the worklist knows it.

    Attributes
    ----------
    key : tuple
        Where the row stands in reading order; refused files come last.
    words : str
        What a search looks through, in lower case.
    study : str
        UID of its study; empty for a refused file.
    category : str
        Key of `CATEGORIES` of the frame assessed last, empty where none is.
    edited : bool
        Whether the reader drew or changed a mask.
    veiled : bool
        Whether what the AI says of it must not be seen yet, nor be guessed from the list's order.
    """

    entry: Entry
    state: ReadState = ReadState.UNREAD
    marked: bool = False
    score: Score | None = None
    key: tuple[object, ...] = field(default=(), compare=False, repr=False)
    words: str = field(default="", compare=False, repr=False)
    study: str = field(default="", compare=False, repr=False)
    category: str = ""
    edited: bool = False
    veiled: bool = False

    def __post_init__(self) -> None:
        # Made once a file, on the thread that finds it: a long list is sorted and searched while it grows.
        if not self.key:
            object.__setattr__(self, "key", _place(self.entry))
            object.__setattr__(self, "words", _words(self.entry))
            uid = self.entry.study.uid if isinstance(self.entry, Instance) else ""
            object.__setattr__(self, "study", uid)

    def veil(self, veiled: bool) -> Row:
        """Return the row with its score kept back or shown; all rows at once are, and `replace` is slow."""
        if veiled == self.veiled:
            return self
        other = object.__new__(Row)
        for name, value in vars(self).items():
            object.__setattr__(other, name, value)
        object.__setattr__(other, "veiled", veiled)
        return other

    @property
    def instance(self) -> Instance | None:
        """The case, or None for a refused file."""
        return self.entry if isinstance(self.entry, Instance) else None

    @property
    def seen_score(self) -> Score | None:
        """The score as far as the reader may see it; every list, order and filter goes by this one."""
        return None if self.veiled else self.score


def score(analysis: Analysis) -> Score:
    """Return what the list shows of an analysis."""
    if analysis.probabilities is None:
        reason = next((said(flag.text) for flag in analysis.flags if flag.refuses), tr("No score."))
        return Score(note=reason)
    numbers = dict(zip(analysis.classes, analysis.probabilities, strict=True))
    return _scored(numbers, analysis.abstained, analysis.suspicious)


def _summarised(summary: CaseSummary) -> Score | None:
    if not summary.analysed:
        return None
    if summary.suspicion is None or summary.probabilities is None:
        return Score(note=tr("The input gate allows no score."))
    return _scored(summary.probabilities, summary.abstained, summary.suspicious)


def _scored(probabilities: Mapping[str, float], abstained: bool, suspicious: str) -> Score:
    leads = max(probabilities, key=probabilities.__getitem__) == suspicious
    return Score(
        suspicion=probabilities.get(suspicious),
        suspicious=leads or abstained,
        note=tr(ABSTAINED) if abstained else "",
        uncertainty=1.0 if abstained else entropy(tuple(probabilities.values())),
        abstained=abstained,
        name=suspicious,
    )


def view_score(row: Row) -> ViewScore:
    """Return what the list knows of a mammogram as a view of its examination."""
    assert row.instance is not None, "a refused file is no view"
    side, view = row.instance.laterality, row.instance.view
    if row.veiled:
        return ViewScore(side, view, Told.KEPT_BACK)
    if row.score is None:
        return ViewScore(side, view, Told.WAITING)
    if row.score.suspicion is None:
        return ViewScore(side, view, Told.REFUSED)
    return ViewScore(side, view, Told.ABSTAINED if row.score.abstained else Told.SCORED, row.score.suspicion)


def entropy(probabilities: Sequence[float]) -> float:
    """Return Shannon's entropy of probabilities over its greatest value: 0 (certain) to 1 (all alike)."""
    if len(probabilities) < 2:
        return 0.0
    bits = -sum(one * math.log2(one) for one in probabilities if one > 0)
    return bits / math.log2(len(probabilities))


def listed(entry: Entry, summary: CaseSummary | None) -> Row:
    """Return the row of a file with what is known of it from earlier days."""
    if summary is None:
        return Row(entry)
    return Row(
        entry, summary.state, summary.marked, _summarised(summary), category=summary.category,
        edited=summary.edited, veiled=not summary.revealed,
    )  # fmt: skip


def day(date: str) -> str:
    """Return a DICOM date as written in lists: "20240131" becomes "2024-01-31"; anything else stays."""
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdecimal() else date


def _place(entry: Entry) -> tuple[object, ...]:
    if isinstance(entry, Refusal):
        return (1, tree.natural(entry.label))
    return (0, *tree.order(entry))


def _words(entry: Entry) -> str:
    if isinstance(entry, Refusal):
        return f"{entry.label} {said(entry.reason)}".casefold()
    patient, study = entry.patient, entry.study
    words = (
        entry.label, patient.name, patient.identifier, study.description, study.date, day(study.date),
        study.accession, entry.series.description, entry.modality,
    )  # fmt: skip
    return " ".join(words).casefold()

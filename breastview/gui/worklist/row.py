"""One line of the worklist's data: a case with what is known of it, or a file with the reason it is none."""

from __future__ import annotations

from dataclasses import dataclass, field

from breastview.session.summary import MALIGNANT, CaseSummary
from breastview.study import tree
from breastview.study.analysis import Analysis
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.reading import ReadState

ABSTAINED = "The model does not commit itself."


@dataclass(frozen=True)
class Score:
    """What the list shows of an analysis.

    Attributes
    ----------
    suspicion : float or None
        Calibrated probability (0..1) of malignancy; None where the input gate allows no score.
    suspicious : bool
        Malignant is the most probable class, or the model does not commit itself.
    note : str
        Why there is no score, or that the model abstains; empty otherwise.
    """

    suspicion: float | None = None
    suspicious: bool = False
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A case or a refused file as the worklist knows it.

    Attributes
    ----------
    key : tuple
        Where the row stands in reading order; refused files come last.
    words : str
        What a search looks through, in lower case.
    """

    entry: Entry
    state: ReadState = ReadState.UNREAD
    marked: bool = False
    score: Score | None = None
    key: tuple[object, ...] = field(default=(), compare=False, repr=False)
    words: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        # Made once a file, on the thread that finds it: a long list is sorted and searched while it grows.
        if not self.key:
            object.__setattr__(self, "key", _place(self.entry))
            object.__setattr__(self, "words", _words(self.entry))

    @property
    def instance(self) -> Instance | None:
        """The case, or None for a refused file."""
        return self.entry if isinstance(self.entry, Instance) else None


def score(analysis: Analysis) -> Score:
    """Return what the list shows of an analysis."""
    if analysis.probabilities is None:
        reason = next((flag.text for flag in analysis.flags if flag.refuses), "No score.")
        return Score(note=reason)
    top = analysis.top
    leads = top is not None and analysis.classes[top] == MALIGNANT
    note = ABSTAINED if analysis.abstained else ""
    return Score(analysis.probability(MALIGNANT), leads or analysis.abstained, note)


def _summarised(summary: CaseSummary) -> Score | None:
    if not summary.analysed:
        return None
    if summary.suspicion is None or summary.probabilities is None:
        return Score(note="The input gate allows no score.")
    leads = max(summary.probabilities, key=summary.probabilities.__getitem__) == MALIGNANT
    note = ABSTAINED if summary.abstained else ""
    return Score(summary.suspicion, leads or summary.abstained, note)


def listed(entry: Entry, summary: CaseSummary | None) -> Row:
    """Return the row of a file with what is known of it from earlier days."""
    if summary is None:
        return Row(entry)
    return Row(entry, summary.state, summary.marked, _summarised(summary))


def day(date: str) -> str:
    """Return a DICOM date as written in lists: "20240131" becomes "2024-01-31"; anything else stays."""
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 and date.isdecimal() else date


def _place(entry: Entry) -> tuple[object, ...]:
    if isinstance(entry, Refusal):
        return (1, tree.natural(entry.label))
    return (0, *tree.order(entry))


def _words(entry: Entry) -> str:
    if isinstance(entry, Refusal):
        return f"{entry.label} {entry.reason}".casefold()
    patient, study = entry.patient, entry.study
    words = (
        entry.label, patient.name, patient.identifier, study.description, study.date, day(study.date),
        study.accession, entry.series.description, entry.modality,
    )  # fmt: skip
    return " ".join(words).casefold()

"""What one row of the worklist says about a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from breastview.session._identities import Identities
from breastview.store import AnalysisSummary, Store
from breastview.study.instance import Instance
from breastview.study.reading import Assessment, ReadState

_ORDER = tuple(ReadState)
MALIGNANT = "malignant"


@dataclass(frozen=True)
class CaseSummary:
    """The state of a case over all of its frames.

    Attributes
    ----------
    state : ReadState
        The furthest state of any frame.
    marked : bool
        Whether a frame is marked.
    category : str
        Key of `CATEGORIES` of the frame assessed last, empty where none is.
    analysed : int
        Number of frames that the present bundle has analysed.
    frame : int
        The most suspicious of them, counted from 0; the figures below are this frame's.
    suspicion : float or None
        Calibrated probability of malignancy, None where no analysed frame has one.
    probabilities : mapping of str to float or None
        Of each class.
    abstained : bool
        Whether the model does not commit itself.
    refused : bool
        Whether the input gate refused every analysed frame.
    flags : tuple of str
        Codes of what weakens the reading.
    failure : str
        Why the last attempt at a frame failed, empty where none did.
    """

    state: ReadState = ReadState.UNREAD
    marked: bool = False
    category: str = ""
    analysed: int = 0
    frame: int = 0
    suspicion: float | None = None
    probabilities: dict[str, float] | None = None
    abstained: bool = False
    refused: bool = False
    flags: tuple[str, ...] = ()
    failure: str = ""


def summaries(
    instances: Sequence[Instance], identities: Identities, store: Store, bundle_for: Callable[[str], str],
    failures: Mapping[Path, str],
) -> dict[Path, CaseSummary]:
    """Return the summaries of cases by path, from what is known without reading a file.

    Parameters
    ----------
    bundle_for : callable
        The hash of the bundle that reads a modality, empty where there is none.
    failures : mapping of Path to str
        Why files could not be read or analysed.
    """
    hashes = identities.known(one.path for one in instances)
    opinions = store.assessments(hashes.values())
    readings: dict[tuple[str, str], tuple[AnalysisSummary, ...]] = {}
    for modality in {one.modality for one in instances}:
        wanted = [hashes[one.path] for one in instances if one.modality == modality and one.path in hashes]
        for sha, found in store.analyses(wanted, bundle_for(modality)).items():
            readings[sha, modality] = found
    return {
        one.path: _summarised(
            opinions.get(hashes.get(one.path, ""), {}).values(),
            readings.get((hashes.get(one.path, ""), one.modality), ()),
            failures.get(one.path, ""),
        )
        for one in instances
    }


def _summarised(
    assessments: Iterable[Assessment], analyses: Iterable[AnalysisSummary], failure: str
) -> CaseSummary:
    """Return the summary of a case from the assessments and analyses of its frames."""
    opinions, readings = list(assessments), list(analyses)
    assessed = [one for one in opinions if one.category]
    top = max(readings, key=_suspicion, default=None)
    return CaseSummary(
        state=max((one.state for one in opinions), key=_ORDER.index, default=ReadState.UNREAD),
        marked=any(one.marked for one in opinions),
        category=max(assessed, key=lambda one: one.changed_at).category if assessed else "",
        analysed=len(readings),
        frame=top.frame if top else 0,
        suspicion=(top.probabilities or {}).get(MALIGNANT) if top else None,
        probabilities=top.probabilities if top else None,
        abstained=bool(top and top.abstained),
        refused=bool(top and top.refused),
        flags=top.flags if top else (),
        failure=failure,
    )


def _suspicion(reading: AnalysisSummary) -> float:
    return -1.0 if reading.probabilities is None else reading.probabilities.get(MALIGNANT, 0.0)

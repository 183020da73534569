"""What one row of the worklist says about a case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from breastview.session._identities import Identities
from breastview.store import AnalysisSummary, Store
from breastview.study.instance import Instance
from breastview.study.kind import Kind, KindOf
from breastview.study.reading import Assessment, ReadState

_ORDER = tuple(ReadState)


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
        Calibrated probability of the suspicious class, None where no analysed frame has one.
    suspicious : str
        Name of that class, empty where no frame was analysed.
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
    revealed : bool
        Whether what the AI says may be shown: everything above but `state`, `marked` and `category`.
    edited : bool
        Whether the reader drew or changed a mask of any frame.
    told : KindOf or None
        What kind of picture it is, None where that is not known yet.
    """

    state: ReadState = ReadState.UNREAD
    marked: bool = False
    category: str = ""
    analysed: int = 0
    frame: int = 0
    suspicion: float | None = None
    suspicious: str = ""
    probabilities: dict[str, float] | None = None
    abstained: bool = False
    refused: bool = False
    flags: tuple[str, ...] = ()
    failure: str = ""
    revealed: bool = True
    edited: bool = False
    told: KindOf | None = None


def summaries(
    instances: Sequence[Instance],
    identities: Identities,
    store: Store,
    kinds_of: Callable[[Iterable[Instance], Mapping[Path, str]], dict[Path, KindOf]],
    bundle_for: Callable[[Kind | None], str],
    failures: Mapping[Path, str],
    blind: bool = False,
) -> dict[Path, CaseSummary]:
    """Return the summaries of cases by path, from what is known without reading a file.

    Parameters
    ----------
    kinds_of : callable
        The kinds that are known without reading a file, by path, of instances and the hashes of their files.
    bundle_for : callable
        The hash of the bundle that reads a kind, empty where there is none; of None that of its refusals.
    failures : mapping of Path to str
        Why files could not be read or analysed.
    blind : bool
        Whether the AI is kept back from cases without a commitment.
    """
    hashes = identities.known(one.path for one in instances)
    opinions = store.assessments(hashes.values())
    edited = store.segmentations.edited(hashes.values())
    revealed = store.reveals.revealed(hashes.values()) if blind else frozenset(hashes.values())
    told = kinds_of(instances, hashes)
    readings: dict[tuple[str, Kind | None], tuple[AnalysisSummary, ...]] = {}
    for kind in {one.kind for one in told.values()}:
        wanted = [hashes[path] for path, one in told.items() if one.kind is kind and path in hashes]
        for sha, found in store.analyses(wanted, bundle_for(kind)).items():
            readings[sha, kind] = found
    return {
        one.path: _summarised(
            opinions.get(hashes.get(one.path, ""), {}).values(),
            _read(readings, hashes.get(one.path, ""), told.get(one.path)),
            failures.get(one.path, ""),
            told.get(one.path),
            revealed=not blind or hashes.get(one.path, "") in revealed,
            edited=hashes.get(one.path, "") in edited,
        )
        for one in instances
    }


def _read(
    readings: Mapping[tuple[str, Kind | None], tuple[AnalysisSummary, ...]], sha: str, told: KindOf | None
) -> tuple[AnalysisSummary, ...]:
    return () if told is None else readings.get((sha, told.kind), ())


def _summarised(
    assessments: Iterable[Assessment],
    analyses: Iterable[AnalysisSummary],
    failure: str,
    told: KindOf | None,
    revealed: bool,
    edited: bool,
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
        suspicion=(top.probabilities or {}).get(top.suspicious) if top else None,
        suspicious=top.suspicious if top else "",
        probabilities=top.probabilities if top else None,
        abstained=bool(top and top.abstained),
        refused=bool(top and top.refused),
        flags=top.flags if top else (),
        failure=failure,
        revealed=revealed,
        edited=edited,
        told=told,
    )


def _suspicion(reading: AnalysisSummary) -> float:
    return -1.0 if reading.probabilities is None else reading.probabilities.get(reading.suspicious, 0.0)

"""One lesion in two pictures: pairs by the reader, and what is known of either end."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from breastview.errors import BreastViewError
from breastview.session._identities import Identities
from breastview.store import Store
from breastview.study.analysis import Finding, numbered
from breastview.study.instance import Instance
from breastview.study.pair import LesionPlace, LesionView, Pair, PairedLesion, compared
from breastview.study.reading import Reading


class Pairing:
    """Makes pairs and looks at both of their ends; safe from any thread.

    Parameters
    ----------
    find : callable
        (SHA-256) -> the open case of this content, or None.
    look : callable
        (instance, frame) -> what is known of a frame without running the AI; None where it cannot be read.
    """

    def __init__(
        self,
        store: Store,
        identities: Identities,
        find: Callable[[str], Instance | None],
        look: Callable[[Instance, int], Reading | None],
    ) -> None:
        self._store, self._identities, self._find, self._look = store, identities, find, look

    def place(self, instance: Instance, frame: int, lesion: int = 1) -> LesionPlace:
        """Return a lesion of a picture as pairs name it."""
        return LesionPlace(self._identities.of(instance.path), frame, lesion)

    def made(self, one: LesionPlace, other: LesionPlace) -> Pair:
        """Return a new pair, not kept yet."""
        return Pair(uuid.uuid4().hex, one, other)

    def put(self, pair: Pair, reader: str) -> Pair:
        """Keep a pair."""
        return self._store.pairs.put(pair, reader)

    def remove(self, pair: Pair, reader: str) -> Pair:
        """Take a pair apart."""
        return self._store.pairs.remove(pair, reader)

    def of(self, instance: Instance, frame: int, reading: Reading | None = None) -> tuple[PairedLesion, ...]:
        """Return the pairs with one end at a frame, with what is known of both ends.

        Parameters
        ----------
        reading : Reading, optional
            The record of this frame, where it was made already.
        """
        pairs = self.pairs(instance, frame)
        if not pairs:
            return ()
        sha = self._identities.of(instance.path)
        here = reading or self._look(instance, frame)
        return tuple(self._seen(pair, sha, instance, frame, here) for pair in pairs)

    def other(self, pair: Pair, instance: Instance, frame: int) -> tuple[Instance, int] | None:
        """Return the picture at the other end of a pair, None where it is not open now."""
        _, there = pair.opposite((self._identities.of(instance.path), frame))
        found = self._find(there.sha)
        return None if found is None else (found, there.frame)

    def pairs(self, instance: Instance, frame: int) -> tuple[Pair, ...]:
        """Return the pairs of a frame."""
        try:
            return self._store.pairs.of(self._identities.of(instance.path), frame)
        except BreastViewError:
            return ()

    def _seen(
        self, pair: Pair, sha: str, instance: Instance, frame: int, reading: Reading | None
    ) -> PairedLesion:
        here, there = pair.opposite((sha, frame))
        found = self._find(there.sha)
        other = self._look(found, there.frame) if found is not None else None
        views = _view(reading, instance, here), _view(other, found, there)
        return PairedLesion(pair, *views, compared(*views))


def _view(reading: Reading | None, instance: Instance | None, place: LesionPlace) -> LesionView:
    label = instance.label if instance is not None else ""
    if reading is None:
        return LesionView(label, place.frame)
    analysis = reading.analysis
    return LesionView(
        label=label, frame=place.frame, finding=_finding(reading, place.lesion),
        source=reading.mask_source.value if reading.mask is not None else "",
        probabilities=None if analysis is None or analysis.probabilities is None else {
            name: float(value)
            for name, value in zip(analysis.classes, analysis.probabilities, strict=True)
        },
        abstained=analysis is not None and analysis.abstained,
    )  # fmt: skip


def _finding(reading: Reading, lesion: int) -> Finding | None:
    return dict(numbered(reading.findings)).get(lesion)

"""What kind of picture each file is: the reader's word, else the header's, else its look, found once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from breastview.imaging.window import to_display
from breastview.inference.gate import kinds
from breastview.session._identities import Identities
from breastview.session._memory import Memory
from breastview.store import Store
from breastview.study.instance import Instance
from breastview.study.kind import Kind, KindOf, Said
from breastview.study.pixels import FramePixels

_LOOKS = 20_000
"""Files of which is kept in memory what they are; the record knows the others."""


class Kinds:
    """Kinds of files; safe from any thread.

    Parameters
    ----------
    pixels : callable
        Decodes the first frame of a file, where only its look tells what it is.
    reader : callable
        Name of the reader.

    Attributes
    ----------
    forced : Kind or None
        What every file is read as while this session lasts, whatever is known of it; None: each by itself.
    """

    def __init__(
        self,
        store: Store,
        identities: Identities,
        pixels: Callable[[Instance], FramePixels],
        reader: Callable[[], str],
    ) -> None:
        self._store, self._identities = store, identities
        self._pixels, self._reader = pixels, reader
        self._looks: Memory[KindOf] = Memory(_LOOKS)
        self._words: Memory[tuple[Kind | None]] = Memory(_LOOKS)
        self.forced: Kind | None = None

    def of(self, instance: Instance) -> KindOf:
        """Return what kind a file is, decoding its first frame where nothing else tells and it is new.

        Raises
        ------
        UnreadableFile
            If the file has gone or cannot be decoded.
        """
        found = self.known(instance)
        if found is None:
            sha = self._identities.of(instance.path)
            found = kinds.by_look(to_display(self._pixels(instance)))
            self._looks.put(sha, found, 1)
            self._store.kinds.remember_look(sha, found, kinds.revision())
        return found

    def known(self, instance: Instance) -> KindOf | None:
        """Return what kind a file is, None where its pixels would have to be looked at for it.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        """
        sha = self._identities.of(instance.path)
        chosen = self.forced or self._word(sha)
        if chosen is not None:
            return KindOf(chosen, Said.READER)
        return kinds.by_header(instance) or self._look(sha)

    def header(self, instance: Instance) -> Kind | None:
        """Return the kind that the header tells, or that is forced; None where neither does."""
        told = None if self.forced else kinds.by_header(instance)
        return told.kind if told else self.forced

    def known_all(self, instances: Iterable[Instance], hashes: Mapping[Path, str]) -> dict[Path, KindOf]:
        """Return the kinds that are known without reading a file, by path.

        Parameters
        ----------
        hashes : mapping of Path to str
            SHA-256 of those files whose content is known.
        """
        instances = tuple(instances)
        shas = [hashes[one.path] for one in instances if one.path in hashes]
        chosen = self._store.kinds.chosen(shas)
        looks = self._store.kinds.looks(shas, kinds.revision(), kinds.LIKE_NONE)
        found: dict[Path, KindOf] = {}
        for one in instances:
            sha = hashes.get(one.path, "")
            word = self.forced or chosen.get(sha)
            mine = KindOf(word, Said.READER) if word else None
            told = mine or kinds.by_header(one) or looks.get(sha)
            if told is not None:
                found[one.path] = told
        return found

    def chosen(self, instance: Instance) -> Kind | None:
        """Return what the reader has a file read as, None where that is left to the application."""
        return self._word(self._identities.of(instance.path))

    def choose(self, instance: Instance, kind: Kind | None) -> None:
        """Have a file read as a kind; None leaves it to the application again.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        StoreError
            If it cannot be saved.
        """
        sha = self._identities.of(instance.path)
        self._store.kinds.choose(sha, kind, self._reader())
        self._words.put(sha, (kind,), 1)

    def _word(self, sha: str) -> Kind | None:
        """Return what the reader chose, asked of the record once: this is asked for every frame of a cine."""
        known = self._words.get(sha)
        if known is None:
            known = (self._store.kinds.chosen([sha]).get(sha),)
            self._words.put(sha, known, 1)
        return known[0]

    def _look(self, sha: str) -> KindOf | None:
        found = self._looks.get(sha)
        if found is None:
            kept = self._store.kinds.looks([sha], kinds.revision(), kinds.LIKE_NONE)
            found = kept.get(sha)
            if found is not None:
                self._looks.put(sha, found, 1)
        return found


def read_as(instance: Instance, found: KindOf) -> Instance:
    """Return a file as the models are to see it: of the modality of its kind, whoever said so.

    What the header states against the reader's word, or leaves open, is no longer of interest then.
    """
    if found.kind is None or (
        found.said in (Said.HEADER, Said.FORMAT) and instance.modality == found.kind.value
    ):
        return instance
    return replace(instance, modality=found.kind.value, sop_class="")

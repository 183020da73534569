"""Reading before the AI: what it says of a case is kept back until the reader has committed a category."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breastview.errors import BreastViewError
from breastview.session._identities import Identities
from breastview.store import Store
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.opinions import AiOpinion, Opinions


class Blinding:
    """Who may see what, by the content of the file; safe from any thread.

    Attributes
    ----------
    on : bool
        Whether the AI is kept back at all.
    """

    def __init__(self, store: Store, identities: Identities, on: bool = False) -> None:
        self._store, self._identities, self.on = store, identities, on

    def hides(self, instance: Instance) -> bool:
        """Return whether the AI's reading of a case must not be shown yet; in doubt it must not."""
        if not self.on:
            return False
        try:
            return not self._store.reveals.revealed([self._identities.of(instance.path)])
        except BreastViewError:
            return True

    def revealed(self, instances: Iterable[Instance]) -> frozenset[Path]:
        """Return the files of those cases whose AI reading may be shown; each file is looked at."""
        hashes = self._identities.known(one.path for one in instances)
        shown = self._store.reveals.revealed(hashes.values())
        return frozenset(path for path, sha in hashes.items() if sha in shown)

    def commit(self, instance: Instance, frame: int, category: str, reader: str) -> None:
        """Note the category that the reader gave before the AI was shown; the case is open from then on.

        Raises
        ------
        StoreError
            If it cannot be saved: the AI then stays hidden.
        """
        self._store.reveals.commit(self._identities.of(instance.path), frame, category, reader)

    def shown(self, instance: Instance, frame: int, analysis: Analysis, reader: str) -> None:
        """Note what the AI said when it was shown after a commitment; later ones are not noted."""
        numbers = analysis.probabilities
        opinion = AiOpinion(
            probabilities=None if numbers is None else tuple(
                (name, float(value)) for name, value in zip(analysis.classes, numbers, strict=True)
            ),
            abstained=analysis.abstained, bundle=str(analysis.bundle),
        )  # fmt: skip
        self._store.reveals.show(self._identities.of(instance.path), frame, opinion, reader)

    def changed(self, instance: Instance, frame: int, category: str, reader: str) -> None:
        """Note the reader's category after the AI was shown."""
        self._store.reveals.change(self._identities.of(instance.path), frame, category, reader)

    def opinions(self, instance: Instance) -> Opinions | None:
        """Return the opinions of a case, None where the reader committed to nothing before the AI."""
        try:
            return self._store.reveals.of(self._identities.of(instance.path))
        except BreastViewError:
            return None

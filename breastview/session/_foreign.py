"""What other systems said of the pictures that are open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from breastview.errors import BreastViewError
from breastview.language import tr
from breastview.readers import foreign, temporary
from breastview.session._opened import Opened
from breastview.study.foreign import TITLES, Companion, Overlay, Page
from breastview.study.instance import Instance, Refusal


class Foreign:
    """Finds the companions of a picture among what is open and reads them; reading belongs in a worker."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def of(self, instance: Instance) -> tuple[Companion, ...]:
        """Return what belongs to a picture, the newest first; nothing is read for it."""
        if not instance.uid:
            return ()
        found = [one for one in self._opened.companions if one.belongs(instance.uid, instance.study.uid)]
        return tuple(sorted(found, key=lambda one: (one.date, one.label), reverse=True))

    def overlays(self, instance: Instance, frame: int) -> tuple[Overlay, ...]:
        """Return what all companions say of a frame; one that cannot be read says so in a note."""
        return tuple(self._overlay(one, instance, frame) for one in self.of(instance))

    def page(self, companion: Companion) -> Page | None:
        """Return the document that a companion is, None where it is none.

        Raises
        ------
        UnreadableFile
            If it cannot be read.
        """
        return foreign.page(companion)

    def lay_out(self, page: Page) -> Path:
        """Write a document into a private file for another program; it goes when the application ends.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        path = temporary.private_folder() / f"document{page.suffix}"
        path.write_bytes(page.content)
        path.chmod(0o600)
        return path

    def lonely(self) -> Iterator[Refusal]:
        """Yield what belongs to pictures that are not open, each with a sentence."""
        cases = self._opened.cases
        uids, studies = {case.uid for case in cases} - {""}, {case.study.uid for case in cases}
        text = tr("{kind} of another system: its pictures are not here. Open it together with them.")
        for one in self._opened.companions:
            alone = not one.refers & uids if one.refers else one.study not in studies
            if alone:
                yield Refusal(one.path, one.label, text.format(kind=tr(TITLES[one.kind])))

    def _overlay(self, companion: Companion, instance: Instance, frame: int) -> Overlay:
        size = instance.rows, instance.columns
        try:
            return foreign.overlay(companion, instance.uid, frame, size)
        except BreastViewError as error:
            return Overlay(companion, notes=(str(error),))

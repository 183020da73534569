"""Joins the reader's form with what stands behind it: assessments, the AI kept back, lesions seen twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from breastview.gui.message_bar import Kind

if TYPE_CHECKING:
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.pairing import Pairing
    from breastview.gui.controllers.revealing import Revealing
    from breastview.gui.main_window import MainWindow
    from breastview.gui.workers.lane import Lane
    from breastview.study.instance import Instance
    from breastview.study.reading import Assessment


class AssessmentBinding:
    """Shows the controllers' state in the form, and tells them what the reader does there."""

    def __init__(
        self,
        window: MainWindow,
        assessing: Assessing,
        revealing: Revealing,
        pairing: Pairing,
        writing: Lane,
        facts: Callable[[], None],
    ) -> None:
        self._form, self._facts, self._over = window.panel.form, facts, False
        self._assessing, self._revealing, self._pairing = assessing, revealing, pairing
        form = self._form
        form.edited.connect(assessing.edit)
        form.reveal.wanted.connect(self._commit)
        form.pairs.pin_wanted.connect(pairing.pin)
        form.pairs.pair_wanted.connect(pairing.pair)
        form.pairs.shown_wanted.connect(pairing.show)
        form.pairs.removed.connect(pairing.remove)
        assessing.changed.connect(self._opinions)
        assessing.kept.connect(self._sign)
        revealing.changed.connect(self._opinions)
        pairing.changed.connect(self._pairs)
        for told in (assessing.refused, revealing.trouble, pairing.trouble):
            told.connect(lambda sentence: window.messages.say(sentence, Kind.NOTE))
        writing.trouble.connect(lambda sentence: window.messages.say(sentence, Kind.ERROR))
        self._opinions()
        self._pairs()

    def stop(self) -> None:
        """Show nothing any more: the window is closing, and answers may still be on their way."""
        self._over = True

    def facts(self) -> dict[str, Any]:
        """Return what the actions of this part depend on."""
        return {
            "blind": self._revealing.on, "hidden": self._revealing.hidden,
            "can_commit": self._revealing.can_commit,
            "pinned_here": self._pairing.pinned_here, "can_pair": self._pairing.can_pair,
        }  # fmt: skip

    def _commit(self) -> None:
        self._form.flush()
        self._revealing.commit()

    def _sign(self, instance: Instance, frame: int, saved: Assessment) -> None:
        """Show when the shown assessment was saved; the fields may hold newer text by now and stay."""
        if not self._over and self._assessing.shows(instance, frame):
            self._form.signing.sign(saved)

    def _opinions(self) -> None:
        if self._over:
            return
        revealing = self._revealing
        self._form.reveal.set_state(revealing.hidden, revealing.can_commit, revealing.opinions)
        self._facts()

    def _pairs(self) -> None:
        if self._over:
            return
        pairing, fields = self._pairing, self._form.pairs
        fields.set_pinned(pairing.pinned[0].label if pairing.pinned else "", pairing.pinned_here)
        fields.set_pairs(pairing.pairs)
        count = len(pairing.pairs)
        self._form.pairs_part.set_summary(str(count) if count else "")
        self._facts()

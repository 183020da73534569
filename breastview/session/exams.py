"""Which open pictures make up a mammography examination, and what the AI says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from breastview.errors import BreastViewError
from breastview.session.summary import CaseSummary
from breastview.study.exam import Exam, Told, ViewScore, assembled, exam_key
from breastview.study.instance import Instance
from breastview.study.kind import Kind
from breastview.task import SilentTask, Task


class Exams:
    """Finds the views of a picture's examination and reads their figures; safe from any thread.

    Parameters
    ----------
    cases : callable
        () -> the open cases in reading order; the same tuple as long as they are the same.
    summaries : callable
        (cases) -> what is known of each, without reading a file.
    analyse : callable
        (case, frame, task) -> whatever; has the AI read a frame.
    experimental : callable
        (kind) -> whether the model that reads it is.
    """

    def __init__(
        self,
        cases: Callable[[], tuple[Instance, ...]],
        summaries: Callable[[Iterable[Instance]], dict[Path, CaseSummary]],
        analyse: Callable[[Instance, int, Task], object],
        experimental: Callable[[Kind], bool],
    ) -> None:
        self._cases, self._summaries, self._analyse = cases, summaries, analyse
        self._experimental = experimental
        self._found: tuple[tuple[Instance, ...], dict[str, tuple[Instance, ...]]] = ((), {})

    def views(self, instance: Instance) -> tuple[Instance, ...]:
        """Return the open pictures of an examination in reading order; none where the picture is no view."""
        key = exam_key(instance)
        return self._by_key().get(key, (instance,)) if key else ()

    def _by_key(self) -> dict[str, tuple[Instance, ...]]:
        cases = self._cases()
        if self._found[0] is not cases:
            found: dict[str, list[Instance]] = {}
            for one in cases:
                if key := exam_key(one):
                    found.setdefault(key, []).append(one)
            self._found = cases, {key: tuple(views) for key, views in found.items()}
        return self._found[1]

    def of(self, instance: Instance) -> Exam | None:
        """Return what is known of a picture's examination; None where it is no view of one."""
        known = self._known(instance)
        if all(one.path != instance.path for one, _ in known):
            return None
        scores = [view_score(one, summary) for one, summary in known]
        name = next((summary.suspicious for _, summary in known if summary.suspicious), "")
        return assembled(scores, self._experimental(Kind.MAMMOGRAM), name)

    def _known(self, instance: Instance) -> list[tuple[Instance, CaseSummary]]:
        """Return the views with what is known of each, without those that are no mammograms after all."""
        views = self.views(instance)
        known = self._summaries(views) if views else {}
        return [
            (one, known[one.path])
            for one in views
            if (told := known[one.path].told) is None or told.kind in (None, Kind.MAMMOGRAM)
        ]

    def unread(self, instance: Instance) -> tuple[Instance, ...]:
        """Return the views of a picture's examination that the AI has not been asked about."""
        known = self._known(instance)
        return tuple(one for one, summary in known if view_score(one, summary).told is Told.WAITING)

    def complete(self, instance: Instance, task: Task | None = None) -> None:
        """Have the AI read what it has not read of an examination; a view that fails is told as such later.

        Raises
        ------
        Cancelled
            If the task was cancelled.
        """
        for one in self.unread(instance):
            with suppress(BreastViewError):
                self._analyse(one, 0, task or SilentTask())


def view_score(instance: Instance, summary: CaseSummary) -> ViewScore:
    """Return what is known of one view; of several frames the most suspicious one counts."""
    told = _told(summary)
    seen = told in (Told.SCORED, Told.ABSTAINED)
    return ViewScore(instance.laterality, instance.view, told, summary.suspicion if seen else None)


def _told(summary: CaseSummary) -> Told:
    if not summary.revealed:
        return Told.KEPT_BACK
    if not summary.analysed:
        return Told.FAILED if summary.failure else Told.WAITING
    if summary.refused:
        return Told.REFUSED
    if summary.suspicion is None:
        return Told.NO_SCORE
    return Told.ABSTAINED if summary.abstained else Told.SCORED

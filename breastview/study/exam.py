"""What the AI says of a mammography examination: of each view, of each breast, of all of it.

The figure of a breast, and of the examination, is the highest of its views, named with the view it is of.
Each view's probability is calibrated on single views; how the views of a breast go together is not. A mean of
them (or of their log odds) would be a new number that nobody has calibrated, and would hide a lesion that one
projection alone shows. The highest stays what it is: the calibrated figure of one named picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from breastview.language import mark, tr
from breastview.study.ai_words import class_name
from breastview.study.instance import Instance
from breastview.study.kind import Kind
from breastview.study.shares import percent

STANDARD = ("CC", "MLO")
"""The views of a screening examination, of each breast."""

RULE = mark("Highest of the views: the calibrated figure of that one view, not a probability for the breast.")

_SIDES = {"R": mark("Right breast"), "L": mark("Left breast")}


class Told(StrEnum):
    """What came of asking the AI about a view."""

    SCORED = "scored"
    ABSTAINED = "abstained"
    REFUSED = "refused"
    NO_SCORE = "no score"
    FAILED = "failed"
    KEPT_BACK = "kept back"
    WAITING = "waiting"


_WORDS = {
    Told.REFUSED: mark("no score: refused by the input gate"),
    Told.NO_SCORE: mark("no score: the model gives none"),
    Told.FAILED: mark("could not be read"),
    Told.KEPT_BACK: mark("kept back until you have committed a category"),
    Told.WAITING: mark("not read yet"),
}


@dataclass(frozen=True)
class ViewScore:
    """One picture of an examination.

    Attributes
    ----------
    laterality, view : str
        ``"R"`` or ``"L"``; ``"CC"``, ``"MLO"``, ...
    told : Told
    suspicion : float or None
        Calibrated probability (0..1) of the suspicious class; None where there is none.
    number : int
        Counted from 1 among pictures of the same side and view.
    """

    laterality: str
    view: str
    told: Told
    suspicion: float | None = None
    number: int = 1

    @property
    def name(self) -> str:
        """The view as it is called: ``"R CC"``; a repeated one ``"R CC (2)"``."""
        again = f" ({self.number})" if self.number > 1 else ""
        return f"{self.laterality} {self.view}{again}"

    @property
    def share(self) -> str:
        """The figure alone, empty where there is none."""
        return "" if self.suspicion is None else percent(self.suspicion)

    @property
    def words(self) -> str:
        """What the AI says of it, in a few words."""
        if self.suspicion is None:
            return tr(_WORDS.get(self.told, _WORDS[Told.NO_SCORE]))
        return (
            tr("{share}, does not commit itself").format(share=self.share) if self.abstained else self.share
        )

    @property
    def abstained(self) -> bool:
        """Whether the model does not commit itself."""
        return self.told is Told.ABSTAINED


def highest(views: Iterable[ViewScore]) -> ViewScore | None:
    """Return the view with the highest calibrated figure, the first of equals; None where none has one."""
    scored = [one for one in views if one.suspicion is not None]
    return max(scored, key=lambda one: one.suspicion or 0.0, default=None)


@dataclass(frozen=True)
class Breast:
    """The views of one side; may be empty."""

    laterality: str
    views: tuple[ViewScore, ...] = ()

    @property
    def title(self) -> str:
        """Which breast."""
        return tr(_SIDES[self.laterality])

    @property
    def highest(self) -> ViewScore | None:
        """The view whose figure stands for the breast."""
        return highest(self.views)

    @property
    def missing(self) -> tuple[str, ...]:
        """Standard views of which there is no picture."""
        there = {one.view for one in self.views}
        return tuple(f"{self.laterality} {view}" for view in STANDARD if view not in there)

    @property
    def scored(self) -> frozenset[str]:
        """Names of the views that have a figure."""
        return frozenset(one.view for one in self.views if one.suspicion is not None)


@dataclass(frozen=True)
class Exam:
    """The views of an examination and what follows from them.

    Attributes
    ----------
    right, left : Breast
    experimental : bool
        Whether the model that read them is.
    suspicious : str
        Name of the class whose probability the figures are; empty where no view has one.
    """

    right: Breast
    left: Breast
    experimental: bool = False
    suspicious: str = ""

    @property
    def breasts(self) -> tuple[Breast, Breast]:
        """Right and left, as they hang."""
        return self.right, self.left

    @property
    def views(self) -> tuple[ViewScore, ...]:
        """All views, the right breast's first."""
        return (*self.right.views, *self.left.views)

    @property
    def missing(self) -> tuple[str, ...]:
        """Standard views of which there is no picture."""
        return (*self.right.missing, *self.left.missing)

    @property
    def read(self) -> int:
        """Number of views that the AI is done with."""
        return sum(one.told is not Told.WAITING for one in self.views)

    @property
    def complete(self) -> bool:
        """Whether the AI is done with every view there is."""
        return self.read == len(self.views)

    @property
    def highest(self) -> ViewScore | None:
        """The view whose figure stands for the examination."""
        return highest(self.views)

    @property
    def difference(self) -> float | None:
        """How much higher the right breast's figure is than the left one's, -1..1.

        None unless both breasts have figures of the same views and nothing is waited for: the highest of two
        views is higher than that of one, without any difference between the breasts.
        """
        right, left = self.right.highest, self.left.highest
        if right is None or left is None or not self.complete or self.right.scored != self.left.scored:
            return None
        return (right.suspicion or 0.0) - (left.suspicion or 0.0)

    @property
    def counted(self) -> str:
        """How many views were read."""
        return tr("views read: {read} of {count}").format(read=self.read, count=len(self.views))

    @property
    def progress(self) -> str:
        """How many views were read, and which are missing."""
        said = self.counted
        missing = ", ".join(self.missing)
        return f"{said}; {tr('missing: {views}').format(views=missing)}" if missing else said

    @property
    def figure(self) -> str:
        """The examination's figure, as short as a heading needs it: ``"62% (R MLO)"``; empty without one."""
        top = self.highest
        return "" if top is None else f"{top.share} ({top.name})"

    @property
    def basis(self) -> str:
        """What the figures are, and what the highest of them is not; empty where there is none."""
        if self.highest is None:
            return ""
        what = tr("Each view: calibrated probability of “{name}”.") if self.suspicious else ""
        return f"{what.format(name=class_name(self.suspicious))} {tr(RULE)}".strip()

    @property
    def summary(self) -> str:
        """The examination's figure in words: ``"highest of the views 62% (R MLO)"``."""
        top = self.highest
        if top is None:
            return tr("no view has a score")
        said = tr("highest of the views {figure} ({view})").format(figure=top.words, view=top.name)
        return said if self.complete else f"{said}; {self.progress}"

    @property
    def asymmetry(self) -> str:
        """What the two sides' figures say beside each other, or why they are not compared."""
        if self.difference is None:
            if not self.complete:
                return ""
            return tr("The sides are not compared: they do not have figures of the same views.")
        points = round(100 * abs(self.difference))
        if not points:
            return tr("Right and left have the same figure.")
        higher = self.right if self.difference > 0 else self.left
        text = tr("{breast}: higher by {points} points than the other side.")
        return text.format(breast=higher.title, points=points)


def named_views(breast: Breast) -> tuple[tuple[str, ViewScore | None], ...]:
    """Return the views of a breast by name, the standard ones that are missing as None."""
    there: list[tuple[str, ViewScore | None]] = [(one.name, one) for one in breast.views]
    return (*there, *((name, None) for name in breast.missing))


def exam_key(instance: Instance) -> str:
    """Return what the views of one examination share, empty where side or view is not known.

    The study of a DICOM mammogram; of a loose picture the examination that its name or a manifest tells.
    """
    if instance.laterality not in ("R", "L") or not instance.view:
        return ""
    if instance.exam:
        return instance.exam
    return instance.study.uid if instance.modality == Kind.MAMMOGRAM.value else ""


def assembled(views: Sequence[ViewScore], experimental: bool = False, suspicious: str = "") -> Exam:
    """Return the examination that views make up; standard views come first, repeated ones are numbered."""
    ordered = sorted(views, key=lambda one: (one.view not in STANDARD, one.view))
    counts: dict[tuple[str, str], int] = {}
    sides: dict[str, list[ViewScore]] = {"R": [], "L": []}
    for one in ordered:
        place = one.laterality, one.view
        counts[place] = number = counts.get(place, 0) + 1
        sides[one.laterality].append(ViewScore(*place, one.told, one.suspicion, number))
    return Exam(Breast("R", tuple(sides["R"])), Breast("L", tuple(sides["L"])), experimental, suspicious)

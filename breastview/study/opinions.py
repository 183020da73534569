"""What the reader thought before and after the AI was shown, and what the AI said."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.language import mark, tr
from breastview.study.ai_words import class_name
from breastview.study.shares import percent

HIDDEN = mark("The AI’s reading is kept back until you have committed a category.")
"""Why there is none while the reader reads before the AI."""


@dataclass(frozen=True)
class Opinion:
    """The reader's category at a moment: key of `CATEGORIES`, reader's name, ISO 8601 in UTC."""

    category: str
    reader: str = ""
    at: str = ""


@dataclass(frozen=True)
class AiOpinion:
    """What was shown to the reader.

    Attributes
    ----------
    probabilities : tuple of (str, float) or None
        Calibrated, class by class; None where the input gate refused.
    bundle : str
        Which model, with version and hash.
    at : str
        When it was first shown, ISO 8601 in UTC.
    """

    probabilities: tuple[tuple[str, float], ...] | None
    abstained: bool
    bundle: str
    at: str = ""

    @property
    def words(self) -> str:
        """The opinion in a few words."""
        if self.probabilities is None:
            return tr("no score")
        name, value = max(self.probabilities, key=lambda one: one[1])
        text = f"{class_name(name)} {percent(value)}"
        return tr("{opinion} (does not commit itself)").format(opinion=text) if self.abstained else text


@dataclass(frozen=True)
class Opinions:
    """Both opinions of a case that was read before the AI was shown.

    Attributes
    ----------
    before : Opinion
        What the reader committed to.
    ai : AiOpinion or None
        None where the AI had not read the picture yet.
    after : Opinion or None
        The reader's last category since; None where it was not changed.
    frame : int
        The frame that was assessed, counted from 0.
    """

    before: Opinion
    ai: AiOpinion | None = None
    after: Opinion | None = None
    frame: int = 0

    @property
    def sentence(self) -> str:
        """Both opinions on one line, for exports and the panel."""
        parts = [tr("before AI: {category}").format(category=self.before.category)]
        if self.ai is not None:
            parts.append(tr("AI: {opinion}").format(opinion=self.ai.words))
        if self.after is not None:
            parts.append(tr("after AI: {category}").format(category=self.after.category or "–"))
        else:
            parts.append(tr("after AI: not changed"))
        return ", ".join(parts)

"""What was changed, element by element, never what stood there before."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from breastview import __version__, atomic
from breastview.language import mark, tr


class Action(StrEnum):
    """What became of an element."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    SHIFTED = "shifted"
    CLEANED = "cleaned"
    BLANKED = "blanked"
    ADDED = "added"


_WORDS: dict[Action, str] = {
    Action.REMOVED: mark("removed"), Action.EMPTIED: mark("emptied"), Action.REPLACED: mark("replaced"),
    Action.SHIFTED: mark("dates moved"), Action.CLEANED: mark("names cut out"),
    Action.BLANKED: mark("pixels blanked"), Action.ADDED: mark("added"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One element: where it stands ("(0008,1140) SourceImageSequence[1] > (0008,1155) ...") and its fate."""

    element: str
    action: Action


@dataclass
class FileReport:
    """What was changed in one file.

    Attributes
    ----------
    file : str
        The new name; the old one may name the patient.
    text_boxes : list of tuple
        Text that was found in the pixels and stays there: column, row, width, height in px.
    """

    file: str = ""
    changes: list[Change] = field(default_factory=list)
    text_boxes: list[tuple[int, int, int, int]] = field(default_factory=list)
    blanked: list[str] = field(default_factory=list)

    def add(self, element: str, action: Action) -> None:
        """Note a change."""
        self.changes.append(Change(element, action))

    @property
    def counts(self) -> dict[Action, int]:
        """How many elements met each fate."""
        return dict(Counter(change.action for change in self.changes))


def write(reports: Sequence[FileReport], folder: Path) -> tuple[Path, ...]:
    """Write the reports as text, CSV and JSON into a folder; return the files.

    Raises
    ------
    OSError
        If a file cannot be written; nothing incomplete is left.
    """
    contents = {
        "deidentification.txt": as_text(reports),
        "deidentification.csv": as_csv(reports),
        "deidentification.json": as_json(reports),
    }
    for name, content in contents.items():
        with atomic.written(folder / name) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="")
    return tuple(folder / name for name in contents)


def as_text(reports: Sequence[FileReport]) -> str:
    """Return the reports for people."""
    lines = [tr("{count} files were de-identified.").format(count=len(reports)), ""]
    for one in reports:
        lines.append(one.file)
        counts = ", ".join(f"{tr(_WORDS[action])}: {number}" for action, number in one.counts.items())
        lines.append(f"  {counts}")
        lines.extend(f"  {tr(_WORDS[Action.BLANKED])}: {what}" for what in one.blanked)
        if one.text_boxes:
            text = tr("Text that may name the patient stays in the pixels ({count} lines).")
            lines.append("  " + text.format(count=len(one.text_boxes)))
        lines.extend(f"    {change.element}: {tr(_WORDS[change.action])}" for change in one.changes)
        lines.append("")
    return "\n".join(lines)


def as_csv(reports: Sequence[FileReport]) -> str:
    """Return a row for every changed element."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("file", "element", "action"))
    for one in reports:
        rows.writerows((one.file, change.element, change.action.value) for change in one.changes)
    return text.getvalue()


def as_json(reports: Sequence[FileReport]) -> str:
    """Return the reports for programs."""
    made = {"made_by": f"BreastView {__version__}", "files": [asdict(one) for one in reports]}
    return json.dumps(made, indent=1, ensure_ascii=False)

"""Measure as what pictures without a header are taken, on the half that nothing was learnt from."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import kinds

from breastview.errors import BreastViewError
from breastview.imaging.window import to_display
from breastview.inference.gate.kinds import by_header, by_look
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.study.instance import Instance
from breastview.study.kind import KindOf
from breastview.task import SilentTask

HEAD = "| {what} | is | n | US | MG | SM | refused | right |\n|---|---|---|---|---|---|---|---|"


def looks(data: Path) -> Iterator[str]:
    """Return the table of pictures without a header."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in kinds.examples(data, False, random.Random(0)):
        found[one.what, one.kind][_name(by_look(one.picture))] += 1
    yield HEAD.format(what="pictures of the other half, without a header")
    yield from (_row(what, kind, counts) for (what, kind), counts in found.items())


def headers(data: Path) -> Iterator[str]:
    """Return the table of DICOM files: by their headers, and by their looks as if there were none."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in scan([data / "dicom"], SilentTask()):
        if not isinstance(entry, Instance):
            continue
        modality = entry.modality or "none"
        told = by_header(entry)
        said[modality]["by look" if told is None else _name(told)] += 1
        try:
            seen[modality][_name(by_look(to_display(read_frame(entry, 0))))] += 1
        except BreastViewError:
            seen[modality]["unreadable"] += 1
    yield "| DICOM files, modality | by the header | as if there were no header |\n|---|---|---|"
    for modality in said:
        yield f"| {modality} | {_words(said[modality])} | {_words(seen[modality])} |"


def _name(found: KindOf) -> str:
    return found.kind.value if found.kind else "refused"


def _words(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


def _row(what: str, kind: str, counts: Counter[str]) -> str:
    total = counts.total()
    part = kind.startswith("part of ")
    right = counts[kind.removeprefix("part of ") or "refused"] + (counts["refused"] if part else 0)
    columns = " | ".join(f"{counts[name]:,}" for name in ("US", "MG", "SM", "refused"))
    return f"| {what} | {kind or 'none'} | {total:,} | {columns} | {right / total:.1%} |"

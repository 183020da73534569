"""Where a file lies for the user, who knows nothing of the folder an archive was unpacked to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from breastview.study.instance import Entry


def of(entry: Entry, sources: Sequence[Path]) -> Path:
    """Return the path of an entry, that of a ZIP's member under the ZIP's own path.

    Parameters
    ----------
    entry : Instance or Refusal
    sources : sequence of Path
        What was opened, absolute.
    """
    if any(entry.path.is_relative_to(source) for source in sources):
        return entry.path
    archive, _, member = entry.label.partition("/")
    archives = (source for source in sources if member and source.name == archive and source.is_file())
    source = next(archives, None)
    # Files that a DICOMDIR lists lie beside it and need no other name.
    if source is None or entry.path.is_relative_to(source.parent):
        return entry.path
    return source / member

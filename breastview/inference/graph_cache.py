"""Graphs for OpenVINO kept on disk, and what was compiled of them; bounded, safe to lose.

Every entry is a folder: a graph, or what was compiled of one for a use. Its time of change is that of its
last use. What no installed bundle uses goes after a week without use, for it may be of another version of
BreastView, or of a bundle named by its folder; beyond the limit the entry used longest ago goes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from breastview import paths
from breastview.inference.bundle import MANIFEST, SHORT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FOLDER = "graphs"
LIMIT_BYTES = 1 << 30
"""Of all entries together: the bundles that come along take half of it with all that is compiled of them."""
UNUSED_S = 7 * 24 * 3600.0
_OF = "_"
"""Between the name of a graph and the use that it was compiled for."""


@dataclass(frozen=True)
class _Entry:
    path: Path
    size: int
    used: float

    @property
    def graph(self) -> str:
        return self.path.name.partition(_OF)[0]


def folder() -> Path:
    """Return where graphs are kept."""
    return paths.cache_folder() / FOLDER


def compiled(graph: Path, use: str) -> Path:
    """Return the folder for what is compiled of the graph in a folder, by what it is for."""
    return graph.with_name(f"{graph.name}{_OF}{use}")


def used(entry: Path) -> bool:
    """Make the folder of an entry where there is none, note that it is in use, return whether it is there."""
    with suppress(OSError):
        entry.mkdir(parents=True, exist_ok=True)
        os.utime(entry)
    return entry.is_dir()


def holds(bundle_hash: str) -> bool:
    """Return whether a graph of a bundle is kept, of whatever version."""
    return any(True for _ in folder().glob(f"{bundle_hash}-*"))


def installed() -> set[str]:
    """Return the hashes of the bundles in the folders of models, as `Bundle.hash` gives them."""
    manifests = (found for place in paths.model_folders() for found in place.glob(f"*/{MANIFEST}"))
    return {hashlib.sha256(manifest.read_bytes()).hexdigest()[:SHORT] for manifest in manifests}


def tidy(wanted: Collection[str], in_use: str, limit: int = LIMIT_BYTES) -> None:
    """Remove what nobody uses any more, and beyond the limit what was used longest ago.

    Parameters
    ----------
    wanted : collection of str
        Names of the graphs that installed bundles use: they go for want of room alone.
    in_use : str
        Name of the graph that is open: it stays with what was compiled of it.
    limit : int
        Bytes of all that is kept.
    """
    entries = sorted(_entries(), key=lambda entry: entry.used)
    total = sum(entry.size for entry in entries)
    for entry in entries:
        forgotten = entry.graph not in wanted and time.time() - entry.used > UNUSED_S
        if entry.graph != in_use and (forgotten or total > limit):
            _remove(entry.path)
            total -= entry.size


def _entries() -> Iterator[_Entry]:
    """Yield what is kept, with what an earlier version or a process that was killed has left."""
    for path in folder().iterdir():
        with suppress(OSError):
            files = path.rglob("*") if path.is_dir() else (path,)
            yield _Entry(path, sum(file.stat().st_size for file in files), path.stat().st_mtime)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()

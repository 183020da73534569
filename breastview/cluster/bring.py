"""The pictures of a unit as files on the worker: where they lie, or in a private folder until it is done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from breastview.errors import ArchiveUnreachable, BreastViewError, ClusterError
from breastview.readers import temporary
from breastview.readers.scan import sentence


@dataclass(frozen=True)
class Brought:
    """A file that is here, or the reason why it is not.

    Attributes
    ----------
    item : str
        The item it belongs to.
    path : Path
        Where it lies now.
    name, label : str
        How results name it, and its name within its source.
    failure : str
        Empty where it is here.
    """

    item: str
    path: Path
    name: str
    label: str
    failure: str = ""


@contextmanager
def brought(
    source: dict[str, Any], items: Sequence[dict[str, str]]
) -> Iterator[tuple[list[Brought], list[Path]]]:
    """Give the files of items, and what to open; what was fetched goes when the block is left.

    Raises
    ------
    ClusterError
        If this worker does not see the folders.
    ArchiveUnreachable
        If the archive does not answer.
    """
    if source["kind"] == "files":
        for root in source["roots"]:
            if not Path(root).exists():
                raise ClusterError("a worker does not see it", root, "Mount it there under the same path.")
        files = [Brought(one["path"], Path(one["path"]), one["path"], one["label"]) for one in items]
        yield files, [one.path for one in files]
        return
    folder = temporary.private_folder()
    try:
        fetch = _objects if source["kind"] == "objects" else _studies
        yield list(fetch(source, items, folder)), [folder]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _objects(source: dict[str, Any], items: Sequence[dict[str, str]], folder: Path) -> Iterator[Brought]:
    from breastview.cluster.sources import opened

    file_system, _ = opened(source["url"])
    for one in items:
        name, label = one["path"], one["label"]
        path = folder.joinpath(*(part for part in PurePosixPath(label).parts if part not in ("/", "..")))
        path.parent.mkdir(parents=True, exist_ok=True)
        failure = ""
        try:
            file_system.get_file(name, str(path))
        except FileNotFoundError:
            failure = "It is not there any more."
        except OSError as error:
            failure = f"It could not be fetched ({type(error).__name__})."
        yield Brought(name, path, name, label, failure)


def _studies(source: dict[str, Any], items: Sequence[dict[str, str]], folder: Path) -> Iterator[Brought]:
    from breastview.pacs import configuration, connect
    from breastview.pacs._protocol import Address

    archive = connect.archive(configuration.from_dict({"known": [source["archive"]]}).known[0])
    for one in items:
        try:
            found = archive.retrieve(Address(one["label"]), folder)
        except ArchiveUnreachable:
            raise
        except BreastViewError as error:
            yield Brought(one["path"], folder, one["path"], one["label"], sentence(error))
            continue
        for file in sorted(found.files):
            yield Brought(one["path"], file, f"{one['path']}/instances/{file.stem}", file.stem)

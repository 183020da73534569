"""Where objects from an archive come down: out of sight until whole, then in their study's folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from breastview.errors import ArchiveRefused
from breastview.pacs._protocol import Retrieved

_UID = re.compile(r"[0-9][0-9.]{0,63}")
_FETCHING = ".fetching-"
_STALE_S = 2 * 24 * 3600


def plain(uid: str) -> str:
    """Return a UID as the name of a file or folder; what is no UID by its hash: it comes from outside."""
    if _UID.fullmatch(uid):
        return uid
    return "x" + hashlib.sha256(uid.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def written(folder: Path, instance: str, content: bytes, *, lasting: bool = True) -> Path:
    """Write a file of an object so that it is whole, and `lasting`, on the disk, when its name appears."""
    final = folder / f"{plain(instance)}.dcm"
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    return final


def made_lasting(files: Iterable[Path]) -> None:
    """Have files written to the disk itself; many together take little longer than one."""
    for path in files:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def published(files: list[Path], study: str, root: Path) -> Retrieved:
    """Move whole files into their study's folder, each at once; those of the same object are replaced."""
    folder = root / plain(study)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    finals = [folder / file.name for file in files]
    for file, final in zip(files, finals, strict=True):
        file.replace(final)
    return Retrieved(folder, tuple(finals))


class Landing:
    """A fetched study on its way in; nothing of it is seen before `publish`."""

    def __init__(self, root: Path, study: str) -> None:
        self._root, self._study = root, study
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(root)
        self._folder = Path(tempfile.mkdtemp(prefix=_FETCHING, dir=root))
        self._files: dict[str, Path] = {}

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, instance: str) -> bool:
        return instance in self._files

    def take(self, instance: str, content: bytes) -> None:
        """Keep one object, a whole DICOM file; one that comes again replaces the first."""
        self._files[instance] = written(self._folder, instance, content, lasting=False)

    def publish(self) -> Retrieved:
        """Let the study appear: all at once where it is new, object by object where it lies there already."""
        folder = self._root / plain(self._study)
        files = list(self._files.values())
        made_lasting(files)
        if not folder.exists():
            with suppress(OSError):  # another one was quicker: the files are moved one by one
                self._folder.rename(folder)
                return Retrieved(folder, tuple(folder / file.name for file in files))
        return published(files, self._study, self._root)

    def drop(self) -> None:
        """Remove what was not published."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def landing(root: Path, study: str, archive: str) -> Iterator[Landing]:
    """Give a landing for a block; what the block does not publish is gone after it.

    Raises
    ------
    ArchiveRefused
        If what the archive sends cannot be stored.
    """
    one = None
    try:
        one = Landing(root, study)
        yield one
    except OSError as error:
        raise ArchiveRefused(
            f"what it sends cannot be stored here ({(error.strerror or 'disk error').lower()})", archive,
            "Free some disk space, or choose another folder for studies.",
        ) from error  # fmt: skip
    finally:
        if one is not None:
            one.drop()


def _sweep(root: Path) -> None:
    """Remove what a process that was killed has left."""
    for folder in root.glob(f"{_FETCHING}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)

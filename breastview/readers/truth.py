"""Ground-truth masks beside pictures: BUSI's ``x_mask.png``, or a ``masks`` folder beside ``images``."""

from __future__ import annotations

import os
import re
import time
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breastview.errors import UnreadableFile
from breastview.readers import raster
from breastview.study.instance import Instance
from breastview.study.tree import natural

_MASK_NAME = re.compile(r"^(?P<picture>.+)_mask(_\d+)?$", re.IGNORECASE)
_MASK_SUFFIXES = (".png", ".bmp", ".tif", ".tiff", ".jpg", ".jpeg", ".gif")
_IMAGES, _MASKS = "images", "masks"
_SETTLED_NS = 3_000_000_000


class Folder:
    """The file names of a folder by their stem, read from disk once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def stems(self) -> dict[str, list[str]]:
        """File names by stem, without regard to case."""
        found: dict[str, list[str]] = {}
        try:
            with os.scandir(self.path) as entries:
                for entry in entries:
                    stem = (entry.name.rpartition(".")[0] or entry.name).casefold()
                    found.setdefault(stem, []).append(entry.name)
        except OSError:
            return {}
        return found

    @cached_property
    def masks(self) -> dict[str, list[str]]:
        """Names of BUSI-style masks by the stem of their picture."""
        found: dict[str, list[str]] = {}
        for stem, names in self.stems.items():
            picture = mask_of(stem)
            if picture:
                found.setdefault(picture, []).extend(n for n in names if n.lower().endswith(_MASK_SUFFIXES))
        return found


class Truths:
    """Which masks belong to which picture; remembers the folders it has looked at."""

    def __init__(self) -> None:
        self._folders: dict[Path, Folder] = {}
        self._parallel: dict[Path, Path | None] = {}

    def of(self, picture: Path) -> tuple[Path, ...]:
        """Return the masks of a picture, in natural order; empty where it has none."""
        stem = picture.stem.casefold()
        names = self._folder(picture.parent).masks.get(stem, ())
        found = [picture.parent / name for name in names]
        if picture.parent not in self._parallel:
            self._parallel[picture.parent] = _counterpart(picture.parent, _IMAGES, _MASKS)
        parallel = self._parallel[picture.parent]
        if parallel is not None:
            folder = self._folder(parallel)
            names = [*folder.stems.get(stem, ()), *folder.masks.get(stem, ())]
            found += [parallel / name for name in names if name.lower().endswith(_MASK_SUFFIXES)]
        return tuple(sorted(found, key=lambda path: natural(path.name)))

    def is_mask(self, path: Path) -> bool:
        """Return whether the file is the mask of a picture that is there, or is named like one."""
        if path.suffix.lower() not in _MASK_SUFFIXES:
            return False
        return mask_of(path.stem) != "" or _counterpart(path.parent, _MASKS, _IMAGES) is not None

    def has_picture(self, mask: Path) -> bool:
        """Return whether the picture that a mask belongs to is there."""
        stem = (mask_of(mask.stem) or mask.stem).casefold()
        if stem in self._folder(mask.parent).stems and mask_of(mask.stem):
            return True
        parallel = _counterpart(mask.parent, _MASKS, _IMAGES)
        return parallel is not None and stem in self._folder(parallel).stems

    def _folder(self, path: Path) -> Folder:
        if path not in self._folders:
            self._folders[path] = _folder(path)
        return self._folders[path]


def _folder(path: Path) -> Folder:
    """Return a folder; a large one is not listed again for every few files of it, while it stays as it is."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return Folder(path)
    # Of two changes in one tick of the file system's clock the second one shows in nothing.
    settled = time.time_ns() - changed > _SETTLED_NS
    return _kept(path, changed) if settled else Folder(path)


@lru_cache(maxsize=2)
def _kept(path: Path, changed: int) -> Folder:
    del changed
    return Folder(path)


def mask_of(stem: str) -> str:
    """Return the stem of the picture that a BUSI-style mask name belongs to, else an empty string."""
    match = _MASK_NAME.match(stem)
    return match["picture"] if match else ""


def _counterpart(folder: Path, here: str, there: str) -> Path | None:
    """Return the same folder under the sibling `there` of the nearest parent called `here`, if it exists."""
    for parent in (folder, *folder.parents):
        if parent.name.casefold() == here:
            other = parent.parent / there / folder.relative_to(parent)
            try:
                return other if other.is_dir() else None
            except OSError:  # a folder that may not be looked into
                return None
    return None


def read_truth(instance: Instance) -> NDArray[np.bool_] | None:
    """Return the ground truth of an instance, its masks united.

    Returns
    -------
    ndarray or None
        ``(rows, columns)`` bool; None where no mask lies beside the picture.

    Raises
    ------
    UnreadableFile
        If a mask cannot be read or has another size than the picture.
    """
    if not instance.truth:
        return None
    united = np.zeros((instance.rows, instance.columns), bool)
    for path in instance.truth:
        united |= _read_mask(path, instance.rows, instance.columns)
    united.setflags(write=False)
    return united


def _read_mask(path: Path, rows: int, columns: int) -> NDArray[np.bool_]:
    header = raster.read_header(path)
    if (header.rows, header.columns) != (rows, columns):
        found = f"{header.columns} × {header.rows}"
        raise UnreadableFile(f"the mask is {found} pixels, its picture {columns} × {rows}", path)
    values = raster.decode_apart(path, 0, rows * columns)
    if values.ndim == 3:
        values = values.max(axis=2)
    top = float(values.max())
    # Masks are stored as 0/1 or 0/255; lossy ones have soft edges.
    return values > top / 2 if top > 0 else np.zeros((rows, columns), bool)

"""Where the files of a frame go: the place that its picture has in what was opened, under the destination."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath

from breastview.study.instance import Instance

_FORBIDDEN = '<>:"|?*'
"""Characters that Windows refuses in names."""


class Names:
    """Gives every frame its own file under a folder; no two frames share a name.

    Parameters
    ----------
    folder : Path
        The destination.
    ending : str
        What follows the picture's own name, for instance ``"_mask.png"``.
    """

    def __init__(self, folder: Path, ending: str) -> None:
        self._folder = folder
        self._ending = ending
        self._given: dict[str, tuple[Path, int]] = {}

    def path(self, instance: Instance, frame: int) -> Path:
        """Return the file of a frame; ``b/c.dcm`` becomes ``b/c_mask.png`` or ``b/c_frame003_mask.png``."""
        relative = _inside(instance.label) or PurePosixPath(_safe(instance.path.name))
        number = f"_frame{frame + 1:03d}" if instance.frames > 1 else ""
        for base in self._bases(relative):
            name = f"{base}{number}{self._ending}"
            # Case is folded because "A.png" and "a.png" are one file on many systems.
            if self._given.setdefault(name.casefold(), (instance.path, frame)) == (instance.path, frame):
                return self._folder / name
        raise AssertionError("the numbered names never end")

    @staticmethod
    def _bases(relative: PurePosixPath) -> Iterator[PurePosixPath]:
        yield relative.with_suffix("")
        yield relative
        yield from (relative.with_name(f"{relative.name}_{n}") for n in count(2))


def _inside(label: str) -> PurePosixPath | None:
    """Return the label as a path that cannot leave the destination, None where nothing is left of it."""
    parts = [_safe(part) for part in label.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    return PurePosixPath(*parts) if parts else None


def _safe(part: str) -> str:
    return "".join("_" if c in _FORBIDDEN or ord(c) < 32 else c for c in part)

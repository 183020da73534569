"""Workspaces: named records of the reader's work, apart from one another and from the patients' files.

Each is one SQLite file in the user's own data folder. The one without a name is the usual one.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from breastview import atomic, paths
from breastview.errors import StoreError
from breastview.language import tr

FILE = "record.sqlite3"
FOLDER = "workspaces"
CHOICE = "workspace.json"
LONGEST = 60
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


@dataclass(frozen=True)
class Workspace:
    """A named place for the reader's work; the empty name is the usual one."""

    name: str = ""

    @property
    def path(self) -> Path:
        """Its file."""
        folder = paths.data_folder()
        return folder / FOLDER / f"{self.name}.sqlite3" if self.name else folder / FILE

    @property
    def title(self) -> str:
        """How it is called on screen."""
        return self.name or tr("Usual workspace")


def known() -> tuple[Workspace, ...]:
    """Return the workspaces there are, the usual one first, the others by name."""
    found = (file.stem for file in (paths.data_folder() / FOLDER).glob("*.sqlite3") if file.is_file())
    names = (name for name in found if not re.search(r"\.damaged-\d", name))
    return (Workspace(), *(Workspace(name) for name in sorted(names, key=str.casefold)))


def new(name: str) -> Workspace:
    """Return a workspace of a new name; its file is made when it is opened.

    Raises
    ------
    StoreError
        If the name cannot be that of a file, or is taken.
    """
    name = " ".join(name.split())
    if not name:
        raise StoreError("a workspace needs a name", remedy="Type one.")
    if len(name) > LONGEST or _FORBIDDEN.search(name) or name[0] == "." or name[-1] == ".":
        raise StoreError(
            f"“{name[:LONGEST]}” cannot be the name of a workspace",
            remedy=f"Take up to {LONGEST} letters, digits and spaces.",
        )
    if name.casefold() in {one.name.casefold() for one in known()}:
        raise StoreError(f"there is a workspace “{name}” already", remedy="Open it, or take another name.")
    return Workspace(name)


def chosen() -> Workspace:
    """Return the workspace that was open last, the usual one where it is gone."""
    with suppress(OSError, ValueError):
        values = json.loads((paths.config_folder() / CHOICE).read_text(encoding="utf-8"))
        name = values.get("name") if isinstance(values, dict) else None
        if isinstance(name, str) and Workspace(name) in known():
            return Workspace(name)
    return Workspace()


def choose(workspace: Workspace) -> None:
    """Open this workspace at the next start.

    Raises
    ------
    OSError
        If the choice cannot be kept.
    """
    with atomic.written(paths.config_folder() / CHOICE) as temporary:
        temporary.write_text(json.dumps({"name": workspace.name}), encoding="utf-8")

"""Side and view of loose mammograms: what a manifest says, else what their names tell; never a guess.

A manifest is a file ``manifest.csv`` in the picture's folder or in one of the two above it. It names pictures
by their path from its own folder (column ``image`` or ``file``) and says ``side`` (or ``laterality``) and
``view`` (or ``view_position``); pictures with the same ``exam`` (or ``study``, ``study_id``, ``group``,
``patient``, ``patient_id``) belong together.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from breastview.study.instance import Instance
from breastview.study.view_names import SIDES, VIEWS, NamedView, named_view

MANIFEST = "manifest.csv"
LARGEST = 32 * 2**20
"""Bytes of a manifest beyond which it is not read."""

_ABOVE = 2
_IMAGE = ("image", "file")
_SIDE = ("side", "laterality")
_VIEW = ("view", "view_position")
_EXAM = ("exam", "study", "study_id", "group", "patient", "patient_id")

_Rows = Mapping[str, NamedView]


class Views:
    """Which side and view loose pictures show; remembers the manifests it has read."""

    def __init__(self) -> None:
        self._manifests: dict[Path, _Rows] = {}

    def told(self, instance: Instance) -> Instance:
        """Return a loose picture with what is told of its side, view and examination."""
        if instance.uid or instance.modality or instance.laterality or instance.view:
            return instance
        folder, named = self._listed(instance.path)
        if named is None:
            named = named_view(PurePosixPath(instance.label).stem)
        if named is None:
            return instance
        return replace(instance, laterality=named.laterality, view=named.view, exam=f"{folder}\n{named.rest}")

    def _listed(self, path: Path) -> tuple[Path, NamedView | None]:
        """Return the folder whose manifest lists a picture, and what it says; else its own, and None."""
        for folder in path.parents[: _ABOVE + 1]:
            found = self._manifest(folder).get(path.relative_to(folder).as_posix())
            if found is not None:
                return folder, found
        return path.parent, None

    def _manifest(self, folder: Path) -> _Rows:
        if folder not in self._manifests:
            self._manifests[folder] = _read(folder / MANIFEST)
        return self._manifests[folder]


def _read(path: Path) -> _Rows:
    """Return what a manifest says by picture; one that is none, or is damaged, says nothing."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            told = ((_value(row, _IMAGE), _view(row)) for row in csv.DictReader(file))
            return {name: view for name, view in told if name and view is not None}
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}


def _view(row: Mapping[str, str | None]) -> NamedView | None:
    side, view = SIDES.get(_value(row, _SIDE).upper()), _value(row, _VIEW).upper()
    if side is None or view not in VIEWS:
        return None
    # Without a word on what belongs together each picture is an examination of its own.
    return NamedView(side, view, _value(row, _EXAM) or _value(row, _IMAGE))


def _value(row: Mapping[str, str | None], names: tuple[str, ...]) -> str:
    return next((value.strip() for name in names if (value := row.get(name))), "")

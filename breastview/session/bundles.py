"""Which model bundles there are and which one reads a picture, from their manifests alone.

A bundle is verified when it is loaded; listing only names what lies in the folders.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from breastview import paths
from breastview.errors import BundleError
from breastview.inference.bundle import MANIFEST, Thresholds
from breastview.language import mark
from breastview.settings import Settings
from breastview.study import shipped
from breastview.study.analysis import BundleStamp
from breastview.study.kind import Kind, of_modality
from breastview.study.tree import natural

_NO_MANIFEST = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a manifest raises that is none, whatever it holds."""


@dataclass(frozen=True)
class Installed:
    """A bundle in a folder, not yet verified.

    Attributes
    ----------
    folder : Path
    stamp : BundleStamp
        Name, version and hash as the verified bundle will carry them.
    title : str
        What the reader calls it.
    modality : str
        DICOM modality of the pictures it reads.
    tasks : tuple of str
        What it does: classification, segmentation.
    experimental : bool
        Whether too little is known of it to be more than a demonstration.
    shipped : bool
        Whether its manifest is that of a bundle that came with this version of the program.
    """

    folder: Path
    stamp: BundleStamp
    title: str
    modality: str
    tasks: tuple[str, ...] = ()
    experimental: bool = False
    shipped: bool = False


def installed() -> tuple[Installed, ...]:
    """Return the bundles of all folders, the newest version of each name first."""
    folders = paths.model_folders()
    manifests = (manifest for folder in folders for manifest in sorted(folder.glob(f"*/{MANIFEST}")))
    found = [one for manifest in manifests if (one := described(manifest.parent))]
    return tuple(sorted(found, key=lambda one: natural(one.stamp.version), reverse=True))


def wanted(settings: Settings, modality: str) -> str:
    """Return the name or folder of the bundle that the user chose for a modality, empty where none is.

    The bundle chosen by name (on the command line, or by an older version) holds for its own kind of picture
    alone; one that is not there is returned for any, so that it is missed.
    """
    other = {Kind.MAMMOGRAM.value: settings.mammogram_bundle, Kind.HISTOLOGY.value: settings.histology_bundle}
    if not settings.bundle:
        return other.get(modality, "")
    try:
        named = _wanted(settings.bundle)
    except BundleError:
        return settings.bundle
    return settings.bundle if named.modality == (modality or "US") else other.get(modality, "")


def chosen(wanted: str, modality: str) -> Installed:
    """Return the bundle to read a picture with.

    Parameters
    ----------
    wanted : str
        Name of a bundle or path of its folder; empty, or one for another kind of picture: the one for the
        modality that does most and is not experimental, the newest of several.
    modality : str
        DICOM modality of the kind of picture; empty counts as ultrasound.

    Raises
    ------
    BundleError
        If there is no such bundle, or none for the modality.
    """
    modality = modality or Kind.ULTRASOUND.value
    if wanted:
        one = _wanted(wanted)
        if one.modality == modality:
            return one
    there = installed()
    if not there:
        raise BundleError(
            "no model bundle is installed",
            paths.model_folders()[0],
            "Pictures can be read without the AI; see `breastview models`.",
        )
    fitting = [one for one in there if one.modality == modality]
    if not fitting:
        kind = of_modality(modality)
        what = _MISSING[kind] if kind else mark("no model for pictures of this modality is installed")
        raise BundleError(what, remedy="Pictures can be read without the AI; see `breastview models`.")
    return max(fitting, key=lambda one: (not one.experimental, len(one.tasks)))


_MISSING = {
    Kind.ULTRASOUND: mark("no model for ultrasound is installed"),
    Kind.MAMMOGRAM: mark("no model for mammograms is installed"),
    Kind.HISTOLOGY: mark("no model for histology is installed"),
}


def _wanted(wanted: str) -> Installed:
    """Return the bundle of a name or a folder."""
    if (Path(wanted) / MANIFEST).is_file():
        one = described(Path(wanted).absolute())
        if one is None:
            raise BundleError("its manifest cannot be read", wanted, "Install it again from its source.")
        return one
    there = installed()
    for one in there:
        if one.stamp.name == wanted:
            return one
    names = ", ".join(sorted({one.stamp.name for one in there}))
    raise BundleError("there is no model bundle of this name", wanted, f"There are: {names}.")


def thresholds(one: Installed) -> Thresholds | None:
    """Return where a bundle's masks begin, None where its manifest does not say so."""
    try:
        levels = json.loads((one.folder / MANIFEST).read_bytes())["thresholds"]
        return Thresholds(float(levels["mask"]), float(levels["min_area_fraction"]))
    except _NO_MANIFEST:
        return None


def described(folder: Path) -> Installed | None:
    """Read the manifest; a folder whose manifest is none is passed over here and refused when loaded."""
    try:
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
        sha = hashlib.sha256(raw).hexdigest()
        stamp = BundleStamp(str(manifest["name"]), str(manifest["version"]), sha[:12])
        kind = manifest["kind"]
        tasks = tuple(str(task) for task in kind.get("tasks", ()))
        stated = str(kind["modality"])
        known = of_modality(stated)
        return Installed(
            folder,
            stamp,
            str(manifest["title"]),
            known.value if known else stated,
            tasks,
            bool(kind.get("experimental", False)),
            shipped.came_along(sha),
        )
    except _NO_MANIFEST:
        return None

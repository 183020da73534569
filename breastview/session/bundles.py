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
from breastview.inference.bundle import MANIFEST
from breastview.study.analysis import BundleStamp
from breastview.study.tree import natural


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
    """

    folder: Path
    stamp: BundleStamp
    title: str
    modality: str


def folders() -> tuple[Path, ...]:
    """Return the folders that hold bundles: those that came with the application, and the user's own."""
    return paths.models(), paths.data_folder() / "models"


def installed() -> tuple[Installed, ...]:
    """Return the bundles of all folders, the newest version of each name first."""
    manifests = (manifest for folder in folders() for manifest in sorted(folder.glob(f"*/{MANIFEST}")))
    found = [one for manifest in manifests if (one := _described(manifest.parent))]
    return tuple(sorted(found, key=lambda one: natural(one.stamp.version), reverse=True))


def chosen(wanted: str, modality: str) -> Installed:
    """Return the bundle to read a picture with.

    Parameters
    ----------
    wanted : str
        Name of a bundle or path of its folder; empty: the newest one for the modality.
    modality : str
        DICOM modality of the picture, empty for a loose one, which counts as ultrasound. A picture of a
        modality that no bundle reads goes to the newest one, whose input gate says so.

    Raises
    ------
    BundleError
        If there is no such bundle, or none at all.
    """
    if wanted and (Path(wanted) / MANIFEST).is_file():
        one = _described(Path(wanted).absolute())
        if one is None:
            raise BundleError("its manifest cannot be read", wanted, "Install it again from its source.")
        return one
    there = installed()
    if not there:
        raise BundleError(
            "no model bundle is installed", folders()[0],
            "Pictures can be read without the AI; see `breastview models`.",
        )
    if wanted:
        return _named(wanted, there)
    return next((one for one in there if one.modality == (modality or "US")), there[0])


def _named(wanted: str, there: tuple[Installed, ...]) -> Installed:
    for one in there:
        if one.stamp.name == wanted:
            return one
    names = ", ".join(sorted({one.stamp.name for one in there}))
    raise BundleError("there is no model bundle of this name", wanted, f"There are: {names}.")


def _described(folder: Path) -> Installed | None:
    """Read the manifest; a folder whose manifest is none is passed over here and refused when loaded."""
    try:
        raw = (folder / MANIFEST).read_bytes()
        manifest = json.loads(raw)
        stamp = BundleStamp(
            str(manifest["name"]), str(manifest["version"]), hashlib.sha256(raw).hexdigest()[:12]
        )
        return Installed(folder, stamp, str(manifest["title"]), str(manifest["kind"]["modality"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None

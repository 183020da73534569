"""Make the Debian package from the packaged program: dist/breastview_VERSION_ARCHITECTURE.deb.

python packaging/deb/build.py [FOLDER]; dpkg-deb, dpkg and readelf do the work: on Debian or Ubuntu.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from email.utils import formatdate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LINUX = ROOT / "packaging/linux"
BUNDLE = ROOT / "build/bundle/breastview"
STAGE = ROOT / "build/deb"

MAINTAINER = "The BreastView authors <breastview@localhost>"
LOADED_LATER = {"libEGL.so.1", "libGL.so.1", "libcups.so.2", "libdbus-1.so.3", "libfontconfig.so.1"}
"""System libraries that parts of Qt load when they are needed, beside those that the files name."""

ELSEWHERE = {"libwayland-cursor.so.0": "libwayland-cursor0", "libwayland-egl.so.1": "libwayland-egl1"}
"""Libraries that a machine without a desktop lacks -> their packages: building needs none of them."""

CONTROL = """\
Package: breastview
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: xdg-utils, desktop-file-utils, shared-mime-info
Suggests: gnome-keyring | kwalletmanager, cups
Section: science
Priority: optional
Description: workstation for breast imaging with AI that shows its reasons
 Opens breast ultrasound, mammograms and histology (DICOM and pictures), has an
 AI read them and shows where it looked, measures, describes and reports.
 .
 Research and education only. Not a medical device; not for diagnosis.
 .
 The AI runs on the processor, on OpenVINO. For an NVIDIA GPU and for training
 install BreastView by pip instead.
"""


def version() -> str:
    """Return the application's version."""
    text = (ROOT / "breastview/__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def needed(folder: Path) -> set[str]:
    """Return the shared libraries that the files of `folder` ask for and that are not among them."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.open("rb").read(4) == b"\x7fELF"]
    there = {path.name for path in folder.rglob("*.so*")}
    said = subprocess.run(
        ["readelf", "--dynamic", *map(str, files)], capture_output=True, text=True, check=False
    )
    asked = set(re.findall(r"\(NEEDED\).*\[(.+)\]", said.stdout))
    return asked - there


def packages(libraries: Iterable[str]) -> list[str]:
    """Return the Debian packages that hold shared libraries, sorted, the C library with its version.

    Raises
    ------
    SystemExit
        If one is in no installed package: it is then not known what to depend on.
    """
    places: dict[str, str] = {}
    for name, place in re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", _said("/sbin/ldconfig", "-p"), re.MULTILINE):
        places.setdefault(name, place)  # the machine's own architecture comes first
    found = set()
    for library in sorted(libraries):
        place = places.get(library, "")
        owner = _owner(place) if place else ELSEWHERE.get(library, "")
        if not owner:
            sys.exit(f"No installed Debian package holds {library}; install it and build again.")
        found.add(owner)
    built_with = _said("dpkg-query", "-W", "-f", "${Version}", "libc6").split("-")[0]
    return sorted(f"libc6 (>= {built_with})" if one == "libc6" else one for one in found)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _owner(place: str) -> str:
    for name in (place, str(Path(place).resolve()), place.replace("/lib/", "/usr/lib/", 1)):
        said = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if said.returncode == 0:
            return said.stdout.split(":", 1)[0]
    return ""


def lay_out(bundle: Path, stage: Path) -> None:
    """Put every file where it will lie on the machine."""
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(bundle, stage / "usr/lib/breastview", symlinks=True)
    (stage / "usr/bin").mkdir(parents=True)
    (stage / "usr/bin/breastview").symlink_to("../lib/breastview/breastview")
    put(LINUX / "breastview.desktop", stage / "usr/share/applications")
    put(LINUX / "org.breastview.BreastView.metainfo.xml", stage / "usr/share/metainfo")
    icons = stage / "usr/share/icons/hicolor"
    put(ROOT / "resources/icons/breastview.svg", icons / "scalable/apps")
    for icon in sorted((ROOT / "resources/icons").glob("breastview-*.png")):
        side = icon.stem.rsplit("-", 1)[1]
        put(icon, icons / f"{side}x{side}/apps", "breastview.png")
    packed(LINUX / "breastview.1", stage / "usr/share/man/man1/breastview.1.gz")
    papers = stage / "usr/share/doc/breastview"
    put(HERE / "copyright", papers)
    put(ROOT / "NOTICE", papers)
    packed_text(changelog(), papers / "changelog.gz")
    put(HERE / "lintian-overrides", stage / "usr/share/lintian/overrides", "breastview")


def put(file: Path, folder: Path, name: str = "") -> None:
    """Copy a file into a folder that is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / (name or file.name))


def packed(file: Path, target: Path) -> None:
    """Write a text file compressed, as Debian keeps manuals."""
    packed_text(file.read_text("utf-8"), target)


def packed_text(text: str, target: Path) -> None:
    """Write text compressed, without a time in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def changelog() -> str:
    """Return the changelog in Debian's form."""
    return (
        f"breastview ({version()}) unstable; urgency=medium\n\n"
        "  * What changed is told in /usr/lib/breastview/_internal/CHANGELOG.md.\n\n"
        f" -- {MAINTAINER}  {formatdate()}\n"
    )


def sums(stage: Path) -> str:
    """Return the sums by which dpkg tells whether a file of the package was changed."""
    files = sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    return "".join(f"{_md5(path)}  {path.relative_to(stage)}\n" for path in files)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def settle(stage: Path) -> None:
    """Give everything the rights that files of a package have: nobody but root writes."""
    for path in stage.rglob("*"):
        if path.is_symlink():
            continue
        program = path.is_dir() or path == stage / "usr/lib/breastview/breastview"
        path.chmod(0o755 if program else 0o644)


def main() -> None:
    """Lay out, describe, pack."""
    bundle = Path(sys.argv[1]) if len(sys.argv) > 1 else BUNDLE
    if not (bundle / "breastview").is_file():
        sys.exit(f"{bundle} holds no packaged program; run: make bundle")
    lay_out(bundle, STAGE)
    settle(STAGE)
    files = (path for path in STAGE.rglob("*") if path.is_file() and not path.is_symlink())
    size = sum(path.stat().st_size for path in files)
    architecture = _said("dpkg", "--print-architecture")
    fields = {
        "version": version(), "architecture": architecture, "maintainer": MAINTAINER,
        "size": -(-size // 1024), "depends": ", ".join(packages(needed(bundle) | LOADED_LATER)),
    }  # fmt: skip
    checked = sums(STAGE)
    (STAGE / "DEBIAN").mkdir()
    (STAGE / "DEBIAN/md5sums").write_text(checked, encoding="utf-8")
    (STAGE / "DEBIAN/control").write_text(CONTROL.format(**fields), encoding="utf-8")
    target = ROOT / "dist" / f"breastview_{version()}_{architecture}.deb"
    target.parent.mkdir(exist_ok=True)
    # Debian's archive takes no zstd; the usual -z6 makes the package 9% smaller in three times the time.
    pack = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z1", "--build", str(STAGE), str(target)]
    subprocess.run(pack, check=True)
    print(f"{target.stat().st_size / 1e6:.1f} MB  {target.relative_to(ROOT)}, {size / 1e6:.0f} MB installed")


if __name__ == "__main__":
    main()

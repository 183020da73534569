"""Say which system libraries and programs are missing, and install them where that is allowed.

Standard library only: it runs before anything else works. Qt's wheels bring Qt but not the X11 and font
libraries of the system; the loader's own answer (ldd) says which of those are missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libcups.so.2": "libcups2",
    "libzstd.so.1": "libzstd1",
}
"""Shared library -> the package that holds it on Debian and Ubuntu."""

TOOLS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "pdftoppm": "poppler-utils",
    "import": "imagemagick",
    "Orthanc": "orthanc",
    "storescp": "dcmtk",
    "dciodvfy": "dicom3tools",
    "ip": "iproute2",
}
"""Programs the tests use -> their Debian packages; a test without its program is skipped with the reason."""

PLUGINS = {"/usr/share/orthanc/plugins/libOrthancDicomWeb.so": "orthanc-dicomweb"}
"""Files the tests use that are no programs -> their Debian packages."""

QT_PARTS = (
    "lib/libQt6Widgets.so.6",
    "lib/libQt6PrintSupport.so.6",
    "lib/libQt6Network.so.6",
    "plugins/platforms/libqxcb.so",
    "plugins/platforms/libqoffscreen.so",
    "plugins/printsupport/libcupsprintersupport.so",
)


def qt_folder() -> Path | None:
    """Return PySide6's Qt folder in this interpreter's environment, None where PySide6 is not installed."""
    found = [Path(entry) / "PySide6" / "Qt" for entry in sys.path]
    return next((folder for folder in found if folder.is_dir()), None)


def missing_libraries(binaries: Iterable[Path]) -> set[str]:
    """Return the shared libraries that the loader cannot find for `binaries`.

    Parameters
    ----------
    binaries : iterable of Path
        Shared objects; those that do not exist are passed over.

    Returns
    -------
    set of str
        Names like ``"libxcb-cursor.so.0"``.
    """
    lacking: set[str] = set()
    for binary in binaries:
        if binary.exists():
            answer = subprocess.run(["ldd", str(binary)], capture_output=True, text=True, check=False).stdout
            lacking |= {line.split()[0] for line in answer.splitlines() if "not found" in line}
    return lacking


def packages_for(libraries: Iterable[str], tools: Iterable[str]) -> list[str]:
    """Return the Debian packages of missing libraries and programs, sorted; unknown ones are left out."""
    known = TOOLS | PLUGINS
    return sorted({DEBIAN[name] for name in libraries if name in DEBIAN} | {known[name] for name in tools})


def missing_tools() -> list[str]:
    """Return the programs and plug-ins of the tests that are not there."""
    programs = [name for name in TOOLS if shutil.which(name) is None]
    return programs + [name for name in PLUGINS if not Path(name).exists()]


def administrator() -> list[str] | None:
    """Return the prefix that makes a command run as root without asking, None where there is no such way."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(packages: list[str], prefix: list[str]) -> bool:
    """Install Debian packages; the package lists are refreshed only when they turn out to be stale."""
    command = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "-q",
        "--no-install-recommends",
        *packages,
    ]
    if subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return True
    subprocess.run([*prefix, "apt-get", "update", "-q"], capture_output=True, check=False)
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def main(arguments: list[str] | None = None) -> int:
    """Check, install what is missing where that is allowed, say the rest; never stops the set-up."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tests", action="store_true", help="also the programs that the tests use")
    options = parser.parse_args(arguments)
    qt = qt_folder()
    libraries = missing_libraries(qt / part for part in QT_PARTS) if qt else set()
    tools = missing_tools() if options.tests else []
    # Qt's own parts miss nothing that counts here when they sit in the wheel beside the asking one.
    libraries = {name for name in libraries if not name.startswith("libQt6")}
    if not libraries and not tools:
        return 0
    print("== the system lacks: " + ", ".join([*sorted(libraries), *tools]), flush=True)
    packages = packages_for(libraries, tools)
    prefix = administrator() if shutil.which("apt-get") else None
    if packages and prefix is not None and install(packages, prefix):
        print("   installed: " + " ".join(packages))
        return 0
    if packages:
        print("   to install them:  sudo apt install " + " ".join(packages))
    unknown = sorted(name for name in libraries if name not in DEBIAN)
    if unknown:
        print("   no package is known here for: " + ", ".join(unknown))
    print("   going on without them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

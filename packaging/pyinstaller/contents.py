"""What goes into the packaged program and what is cut out of it, for the specification and its tests.

Plug-ins are found by their files and named nowhere, so PyInstaller is given every module of the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "breastview"

FOLDERS = {"resources": "breastview/_bundled/resources", "models": "breastview/_bundled/models"}
"""Folders of the checkout and where `breastview.paths` finds them in an installation."""

PAPERS = ("LICENSE", "NOTICE", "CHANGELOG.md", "README.md")

DYNAMIC = ("keyring.backends", "PIL", "keras.src.backend.openvino", "pydicom.pixels")
"""Libraries that import parts of themselves by name."""

WITH_DATA = ("highdicom", "pydicom", "pynetdicom", "qtawesome", "dicognito")
"""Libraries that read files of their own."""

CODECS = (
    "_ccitt", "_deflate", "_htj2k", "_imcd", "_jpeg2k", "_jpeg8", "_jpegls", "_jpegsof3", "_jpegxl",
    "_jpegxr", "_lerc", "_ljpeg", "_lzma", "_png", "_shared", "_shared_cython", "_webp", "_zlib", "_zstd",
)  # fmt: skip
"""Parts of imagecodecs that DICOM and TIFF pictures can ask for."""

_FORMAT = "networks come in OpenVINO's own format"
_BARE = "for screens without a desktop"
_OFFERED = "an extra of pip's installation"
_OTHER = "Keras on OpenVINO runs the models"

EXCLUDED = {
    "tensorflow": "a processor runs the models on OpenVINO; for a GPU and for training there is pip",
    "torch": _OTHER, "jax": _OTHER, "keras.src.backend.torch": _OTHER, "keras.src.backend.jax": _OTHER,
    "keras.src.backend.tensorflow": _OTHER,
    "openvino.frontend.tensorflow": _FORMAT, "openvino.frontend.pytorch": _FORMAT,
    "openvino.frontend.jax": _FORMAT, "openvino.frontend.onnx": _FORMAT, "openvino.frontend.paddle": _FORMAT,
    "openvino.tools": _FORMAT, "openvino.torch": _FORMAT,
    "distributed": _OFFERED, "dask": _OFFERED, "pyarrow": _OFFERED, "fsspec": _OFFERED, "sklearn": _OFFERED,
    "tkinter": "another window library", "IPython": "for notebooks", "pytest": "for developers",
    "setuptools": "for developers", "readline": "there is no prompt", "curses": "there is no prompt",
    "PySide6.QtQml": "no QML", "PySide6.QtQuick": "no QML", "PySide6.QtOpenGL": "drawn without OpenGL",
    "PySide6.QtOpenGLWidgets": "drawn without OpenGL", "PySide6.QtTest": "for developers",
}  # fmt: skip
"""Modules that are left out, each with the reason."""

CUT = {
    "*/libopenvino_intel_gpu_plugin*": "the AI runs on the processor",
    "*/libopenvino_intel_npu_plugin*": "the AI runs on the processor",
    "*/openvino/libs/cache.json": "the AI runs on the processor",
    "*/libopenvino_onnx_frontend*": _FORMAT, "*/libopenvino_pytorch_frontend*": _FORMAT,
    "*/libopenvino_tensorflow*_frontend*": _FORMAT, "*/libopenvino_paddle_frontend*": _FORMAT,
    "*/libopenvino_jax_frontend*": _FORMAT, "*/libopenvino_gguf_frontend*": _FORMAT,
    "*/openvino/frontend/*/py_*": _FORMAT, "*/libopenvino_c.so*": "nothing is written in C here",
    "*/libQt6Qml*": "no QML", "*/libQt6Quick*": "no QML", "*/libQt6VirtualKeyboard*": "no QML",
    "*/libQt6Test.*": "for developers", "*/platforminputcontexts/*virtualkeyboard*": "no QML",
    "*/platforms/libqeglfs*": _BARE, "*/platforms/libqlinuxfb*": _BARE,
    "*/platforms/libqvkkhrdisplay*": _BARE,
    "*/platforms/libqvnc*": "opens a port", "*/platforms/libqminimal*": "has no fonts",
    "*/egldeviceintegrations/*": _BARE, "*/libQt6EglF[Ss]*": _BARE, "*/plugins/generic/*": _BARE,
    "*/platformthemes/libqgtk3*": "its library and the system's would be mixed; Qt's own dialogs are used",
    "*/matplotlib/mpl-data/sample_data/*": "examples",
}  # fmt: skip
"""Files that are left out, by their place in the package, each with the reason."""

KEPT_OF_SYSTEM = (
    "libxcb-cursor.*", "libxcb-icccm.*", "libxcb-image.*", "libxcb-keysyms.*", "libxcb-render-util.*",
    "libxcb-util.*", "libxkbcommon-x11.*", "libffi.*", "libssl.*", "libcrypto.*", "libsqlite3.*", "libbz2.*",
)  # fmt: skip
"""System libraries that come along on Linux: desktops lack them, or their versions differ among systems.

All others are the system's own: they must fit its drivers, fonts and settings.
"""


def modules(package: Path = PACKAGE) -> list[str]:
    """Return the dotted name of every module of the application, plug-ins and parts alike, sorted."""
    files = [path for path in package.rglob("*.py") if "_bundled" not in path.parts]
    names = (".".join(path.relative_to(package.parent).with_suffix("").parts) for path in files)
    return sorted(name.removesuffix(".__init__") for name in names)


def data() -> list[tuple[str, str]]:
    """Return the application's own files that are no modules, as (file or folder, folder in the package)."""
    whole = [(str(ROOT / name), place) for name, place in FOLDERS.items()]
    beside = [
        (str(path), str(path.parent.relative_to(ROOT)))
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and path.suffix not in (".py", ".pyc") and "_bundled" not in path.parts
    ]
    return whole + beside + [(str(ROOT / name), ".") for name in PAPERS]


def cut(place: str, languages: Iterable[str] = ()) -> str:
    """Return why a file is left out of the package, an empty string where it stays.

    Parameters
    ----------
    place : str
        Its path inside the package.
    languages : iterable of str
        Those the application speaks: Qt's own texts are kept for them alone.
    """
    slashed = "/" + place.replace("\\", "/")
    if "/translations/q" in slashed and slashed.endswith(".qm"):
        kept = {f"qtbase_{language}.qm" for language in languages}
        return "" if slashed.rsplit("/", 1)[1] in kept else "a language BreastView does not speak"
    return next((why for pattern, why in CUT.items() if fnmatch(slashed, pattern)), "")


def of_system(source: str, homes: Iterable[str]) -> bool:
    """Return whether a shared library is the system's own and is left to it.

    Parameters
    ----------
    source : str
        Where it was found.
    homes : iterable of str
        Folders of Python and its packages: what lies in none of them is the system's.
    """
    path = Path(source)
    ours = any(path.is_relative_to(home) for home in homes)
    return not ours and not any(fnmatch(path.name, pattern) for pattern in KEPT_OF_SYSTEM)


def languages() -> list[str]:
    """Return the codes of the languages that the application is translated into."""
    return sorted(path.name for path in (ROOT / "resources/translations").iterdir() if path.is_dir())

"""What somebody who helps must know of an installation, and nothing of patients, readers or places.

Every line is made from a list of what may be said, not by striking out what may not: settings that hold free
text are only said to be set, folders by what they are for, archives by their number, and of the log the time,
the place in the program and the kind of each error, but never its words.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import MISSING, fields
from importlib import metadata
from pathlib import Path

from breastview import __version__, language, paths
from breastview.errors import BundleError
from breastview.settings import Settings

LIBRARIES = (
    "PySide6-Essentials", "openvino", "tensorflow", "keras", "numpy", "opencv-python-headless", "pillow",
    "pydicom", "pynetdicom", "highdicom", "imagecodecs", "dicomweb-client", "keyring", "scikit-learn",
    "distributed",
)  # fmt: skip
ERRORS, PLACES = 10, 12
"""How many of the last errors are told, and places of a crash."""
_GIB, _MIB = 1 << 30, 1 << 20
_ENTRY = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\S* (WARNING|ERROR|CRITICAL) (breastview[\w.]*): ")
_FRAME = re.compile(r"  (\S.*):(\d+) in ([\w<>]+)")
_KIND = re.compile(r"  ([A-Za-z_]\w*)")
_TAIL = 256 << 10


def report(settings: Settings) -> str:
    """Return the report as text, a fact a line.

    Parameters
    ----------
    settings : Settings
        Those of the user.
    """
    parts = {
        "Program": _program(), "Machine": _machine(), "Libraries": _libraries(), "AI": _ai(settings),
        "Models": _models(), "Folders": _folders(), "Settings": _settings(settings), "Archives": _archives(),
        "Last warnings and errors (without their words)": _errors(), "Crashes of native code": _crashes(),
    }  # fmt: skip
    lines = ["BreastView: report for support. It holds no patient, no name, no path and no address.", ""]
    for title, facts in parts.items():
        lines += [title, *(f"  {fact}" for fact in facts), ""]
    return "\n".join(lines)


def _program() -> Iterator[str]:
    yield f"BreastView {__version__}, language {language.code()}"
    packed = "packed with it" if getattr(sys, "frozen", False) else "of this machine"
    yield f"Python {platform.python_version()}, {packed}"
    for name in ("BREASTVIEW_HOME", "BREASTVIEW_MODELS"):
        if os.environ.get(name):
            yield f"{name} is set"
    platform_of_qt = os.environ.get("QT_QPA_PLATFORM", "")
    if re.fullmatch(r"[a-z]+", platform_of_qt):
        yield f"QT_QPA_PLATFORM is {platform_of_qt}"


def _machine() -> Iterator[str]:
    yield f"{platform.system()} {platform.release()}, {platform.machine()}"
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield f"{usable} of {os.cpu_count()} processor cores may be used{_processor()}"
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        yield f"{total / _GIB:.1f} GiB of memory"
    kinds = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    yield f"display: {', '.join(kinds) or 'none named'}"


def _processor() -> str:
    """Return the processor's name and what of its vector units the AI can use, where the system tells."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    said = dict(re.findall(r"^(model name|flags)\s*:\s*(.*)$", text, re.MULTILINE))
    vectors = [name for name in ("avx", "avx2", "avx512f") if name in said.get("flags", "").split()]
    return f": {said.get('model name', 'unnamed')}, {' '.join(vectors) or 'no AVX'}"


def _libraries() -> Iterator[str]:
    for name in LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name}: not installed"
    yield f"SQLite {sqlite3.sqlite_version}"


def _ai(settings: Settings) -> Iterator[str]:
    """Yield what the AI would run on; nothing is loaded for it."""
    from breastview.inference import runtime

    yield f"asked for: {settings.device}; would try: {', '.join(runtime.chosen(settings.device))}"
    yield f"NVIDIA GPU with its libraries: {'yes' if runtime.gpu_usable() else 'no'}"


def _models() -> Iterator[str]:
    """Yield every bundle, verified to the last byte; those of the user without their names."""
    from breastview.inference.bundle import MANIFEST, load_bundle

    shipped, *own = paths.model_folders()
    found = [(path.parent, True) for path in sorted(shipped.glob(f"*/{MANIFEST}"))]
    found += [(path.parent, False) for folder in own for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    for number, (folder, came_along) in enumerate(found, 1):
        name = folder.name if came_along and "BREASTVIEW_MODELS" not in os.environ else f"own model {number}"
        try:
            bundle = load_bundle(folder)
        except BundleError:
            yield f"{name}: REFUSED (see `breastview models` for the reason)"
            continue
        mark = ", came along" if bundle.shipped else ", own"
        mark += ", experimental" if bundle.experimental else ""
        yield f"{name}: verified, hash {bundle.hash}, {bundle.modality}, {bundle.size} px{mark}"
    if not found:
        yield "none"


def _folders() -> Iterator[str]:
    from breastview.pacs import configuration

    places = {
        "settings": paths.config_folder(), "record and studies": paths.data_folder(),
        "results that can be made again": paths.cache_folder(), "logs": paths.log_folder(),
    }  # fmt: skip
    if configuration.load().folder:
        places["studies, elsewhere"] = configuration.load().studies()
    for what, folder in places.items():
        try:
            free = f"{shutil.disk_usage(folder).free / _GIB:.1f} GiB free"
        except OSError:
            free = "not there"
        yield f"{what}: {free}, {'can' if os.access(folder, os.W_OK) else 'CANNOT'} be written to"
    record = paths.data_folder() / "record.sqlite3"
    if record.is_file():
        yield f"record: {record.stat().st_size / _MIB:.1f} MiB"
    damaged = len(list(paths.data_folder().glob("*.damaged-*.sqlite3")))
    if damaged:
        yield f"records that were damaged and set aside: {damaged}"


def _settings(settings: Settings) -> Iterator[str]:
    """Yield each setting: numbers, switches and choices as they are, texts and tables only as set or not."""
    for item in fields(Settings):
        value = getattr(settings, item.name)
        default = item.default if item.default_factory is MISSING else item.default_factory()
        if isinstance(value, dict):
            yield f"{item.name}: {len(value)} of the user's own"
        elif isinstance(value, str) and not isinstance(item.metadata.get("choices"), tuple):
            yield f"{item.name}: {'as it came' if value == default else 'set'}"
        else:
            shown = "automatic" if value == "" else value
            yield f"{item.name}: {shown}{'' if value == default else ' (changed)'}"


def _archives() -> Iterator[str]:
    from breastview.pacs import configuration

    archives = configuration.load()
    for kind, count in sorted(Counter(map(configuration.kind_of, archives.known)).items()):
        yield f"{kind}: {count}"
    listener = archives.listener
    if not listener.enabled:
        yield "listener: off"
        return
    encrypted = "encrypted" if listener.tls.enabled else "not encrypted"
    sound = "cannot start as it is set" if configuration.listener_problems(listener) else "set soundly"
    yield f"listener: on, {encrypted}, {len(listener.peers)} senders named, {sound}"


def _errors() -> Iterator[str]:
    try:
        with paths.log_file().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    last: deque[list[str]] = deque(maxlen=ERRORS)
    for line in lines:
        entry = _ENTRY.match(line)
        if entry:
            last.append([" ".join(entry.groups())])
        elif last and (place := _place(line)):
            last[-1].append(place)
    for entry_lines in last:
        yield from entry_lines
    if not last:
        yield "none"


def _crashes() -> Iterator[str]:
    """Yield where in the program native code broke down: the thread it happened in, the innermost first."""
    from breastview.session import endings

    found = endings.traces(paths.runs_folder())
    for text in found:
        kind = re.search(r"^Fatal Python error: ([A-Za-z ]+)$", text, re.MULTILINE)
        yield kind[1] if kind else "of an unnamed kind"
        _, _, current = text.partition("Current thread")
        for frame in re.findall(r'^  File "(.*)", line (\d+) in ([\w<>]+)$', current, re.MULTILINE)[:PLACES]:
            yield _place("  {}:{} in {}".format(*frame))
    if not found:
        yield "none"


def _place(line: str) -> str:
    """Return a line of a traceback, its file only from the program's or a library's folder on; else empty."""
    if frame := _FRAME.fullmatch(line):
        parts = Path(frame[1]).parts
        known = [number for number, part in enumerate(parts) if part in ("breastview", "site-packages")]
        where = "/".join(parts[known[-1] :]) if known else "elsewhere"
        return f"  {where}:{frame[2]} in {frame[3]}"
    kind = _KIND.fullmatch(line)
    return f"  {kind[1]}" if kind else ""

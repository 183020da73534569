"""What the packages are built from agrees with the program: plug-ins, data, versions, desktop entry, papers.

The builds themselves are commands (docs/packages.md) and no tests: they take minutes.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib.util
import re
import shutil
import subprocess
import time
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import breastview
from breastview import registry
from breastview.session.diagnosis import LIBRARIES
from tests.packaging._scripts import ROOT, script

PACKAGING = ROOT / "packaging"
PLUGIN_FOLDERS = (
    "breastview.cli", "breastview.exporters", "breastview.inference", "breastview.networks.architectures",
    "breastview.networks.backbones", "breastview.pacs", "breastview.readers.foreign",
    "breastview.readers.formats", "breastview.training.recipes",
)  # fmt: skip
SCRIPTS = [
    *PACKAGING.glob("*.sh"), *PACKAGING.glob("*/build.sh"), PACKAGING / "tarball/install.sh",
]  # fmt: skip

contents = script("pyinstaller/contents")
deb = script("deb/build")
start = script("pyinstaller/start")


# What goes in


@pytest.mark.parametrize("package", PLUGIN_FOLDERS)
def test_every_plug_in_is_named_to_pyinstaller(package: str) -> None:
    named = set(contents.modules())
    assert registry.names(package)
    assert {f"{package}.{name.replace('-', '_')}" for name in registry.names(package)} <= named


def test_every_named_module_is_there() -> None:
    for name in contents.modules():
        path = ROOT.joinpath(*name.split("."))
        assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), name


def test_files_that_modules_read_beside_themselves_go_beside_them() -> None:
    placed = {Path(place) / Path(file).name for file, place in contents.data()}
    beside = {path for path in contents.PACKAGE.rglob("*.json") if "_bundled" not in path.parts}
    assert beside
    assert {path.relative_to(ROOT) for path in beside} <= placed
    assert all(Path(file).exists() for file, _ in contents.data())


def test_resources_and_models_lie_where_an_installation_looks_for_them() -> None:
    wheel = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, place in contents.FOLDERS.items():
        assert f'{name} = "{place}"' in wheel


def test_codecs_that_readers_decode_with_are_kept() -> None:
    folder = Path(importlib.util.find_spec("imagecodecs").origin).parent  # type: ignore[union-attr, arg-type]
    there = {path.name.split(".")[0] for path in folder.glob("_*.*so")} | {"_imagecodecs"}
    assert set(contents.CODECS) <= there
    source = "".join(path.read_text("utf-8") for path in (ROOT / "breastview/readers").rglob("*.py"))
    asked = set(re.findall(r"imagecodecs\.([a-z0-9]+)_decode", source))
    assert asked
    assert {f"_{name}" for name in asked - {"packbits"}} <= set(contents.CODECS)


# What is cut


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", True),
        ("openvino/libs/libopenvino_ir_frontend.so.2641", True),
        ("openvino/libs/libopenvino_intel_gpu_plugin.so", False),
        ("libopenvino_tensorflow_frontend.so.2641", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("PySide6\\translations\\qtbase_fr.qm", False),
        ("breastview/_bundled/models/us-attentive-3/manifest.json", True),
    ],
)
def test_only_what_is_not_needed_is_cut(place: str, stays: bool) -> None:
    assert (contents.cut(place, contents.languages()) == "") is stays


def test_no_library_that_is_asked_for_is_left_out_but_tensorflow() -> None:
    asked = {"highdicom", "keras", "keyring", "numpy", "openvino", "pydicom", "pynetdicom", "scipy"}
    assert not asked & set(contents.EXCLUDED)
    assert "tensorflow" in contents.EXCLUDED


def test_the_systems_libraries_are_left_to_it_but_those_that_desktops_lack() -> None:
    homes = ["/venv", "/usr/local/python"]
    assert contents.of_system("/usr/lib/x86_64-linux-gnu/libfontconfig.so.1", homes)
    assert not contents.of_system("/usr/lib/x86_64-linux-gnu/libxcb-cursor.so.0", homes)
    assert not contents.of_system("/venv/lib/python3.11/site-packages/PySide6/Qt/lib/libQt6Gui.so.6", homes)


# How it starts


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["-m", "breastview.bench.worker", "folder", "0"], "breastview.bench.worker"),
        (["-m", "breastview", "view"], "breastview"),
        (["-m", "http.server"], ""),
        (["-m", "breastviewer"], ""),
        (["-m"], ""),
        (["scans"], ""),
        ([], ""),
    ],
)
def test_the_program_runs_its_own_parts_and_no_other_module(arguments: list[str], module: str) -> None:
    assert start.own_module(arguments) == module


def test_other_programs_do_not_inherit_the_packaged_libraries() -> None:
    plain = {"LD_LIBRARY_PATH": "/packaged"}
    start.clean(plain)
    assert plain == {}
    before = {"LD_LIBRARY_PATH": "/packaged", "LD_LIBRARY_PATH_ORIG": "/of/the/user"}
    start.clean(before)
    assert before == {"LD_LIBRARY_PATH": "/of/the/user"}


# What the smoke test asks for


def smoke() -> str:
    return (PACKAGING / "smoke.sh").read_text(encoding="utf-8")


def test_the_smoke_test_asks_for_every_command_output_and_model() -> None:
    commands = re.search(r"for command in (.*); do", smoke())
    outputs = re.search(r"--to (\S+)", smoke().partition("every output")[2])
    models = re.search(r"for bundle in (.*); do", smoke())
    assert commands and outputs and models
    assert set(commands[1].split()) == set(registry.names("breastview.cli"))
    assert set(outputs[1].split(",")) == {"dicom", *registry.names("breastview.exporters")}
    assert set(models[1].split()) == {path.parent.name for path in (ROOT / "models").glob("*/manifest.json")}


def test_the_smoke_test_fails_loudly(tmp_path: Path) -> None:
    program = tmp_path / "breastview"
    program.write_text('#!/bin/sh\necho "BreastView 0.0"\n', encoding="utf-8")
    program.chmod(0o755)
    command = ["sh", str(PACKAGING / "smoke.sh"), str(program), breastview.__version__]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SMOKE TEST FAILED" in done.stderr and breastview.__version__ in done.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(PACKAGING)))
def test_scripts_are_whole(path: Path) -> None:
    assert subprocess.run(["sh", "-n", str(path)], check=False).returncode == 0


# Versions


def test_every_package_takes_the_version_from_the_program() -> None:
    assert deb.version() == breastview.__version__
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{breastview.__version__}"' in project
    for path in (PACKAGING / "tarball/build.sh", PACKAGING / "macos/build.sh", PACKAGING / "clean_room.sh"):
        pattern = re.search(r"version=\$\(sed -n '(.*)' breastview/__init__\.py\)", path.read_text("utf-8"))
        assert pattern, path
        command = ["sed", "-n", pattern[1], str(ROOT / "breastview/__init__.py")]
        assert subprocess.check_output(command, text=True).strip() == breastview.__version__


def test_what_builds_the_packages_is_pinned_with_hashes() -> None:
    text = (PACKAGING / "pyinstaller/requirements.txt").read_text(encoding="utf-8")
    pins = re.split(r"(?m)^(?=[a-z])", re.sub(r"(?m)^#.*\n", "", text))[1:]
    assert {pin.split("==")[0] for pin in pins} >= {"pyinstaller", "pyinstaller-hooks-contrib"}
    assert all("==" in pin.splitlines()[0] and "--hash=sha256:" in pin for pin in pins)


def test_what_support_asks_for_is_written_into_the_package() -> None:
    specification = (PACKAGING / "pyinstaller/breastview.spec").read_text(encoding="utf-8")
    assert "for library in LIBRARIES" in specification and "openvino" in LIBRARIES


def test_the_source_package_holds_all_that_its_makefile_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    held = set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
    assert {"Makefile", "uv.lock", "packaging", "tests", "breastview", "models", "resources"} <= held


# What the desktop is told


@pytest.fixture
def entry() -> configparser.SectionProxy:
    """Return the desktop entry."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(PACKAGING / "linux/breastview.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_desktop_entry_starts_the_program_with_the_files_it_is_given(
    entry: configparser.SectionProxy,
) -> None:
    assert entry["Exec"] == "breastview %F"
    assert entry["Icon"] == "breastview" and (ROOT / "resources/icons/breastview.svg").is_file()
    assert {"application/dicom", "image/png", "image/jpeg"} <= set(entry["MimeType"].rstrip(";").split(";"))
    if shutil.which("desktop-file-validate"):
        command = ["desktop-file-validate", str(PACKAGING / "linux/breastview.desktop")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def awaited(path: Path) -> str:
    """Return what a program that was only started writes."""
    end = time.monotonic() + 60
    while not (path.exists() and path.stat().st_size):
        assert time.monotonic() < end, "it wrote nothing"
        time.sleep(0.02)
    return path.read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("sh"), reason="for Linux")
def test_the_archive_puts_itself_into_one_users_menu_wherever_it_was_unpacked(tmp_path: Path) -> None:
    unpacked = tmp_path / r'my "programs" & $PLUS \ one|two'
    shutil.copytree(ROOT / "resources/icons", unpacked / "share/icons")
    for path in (PACKAGING / "tarball/install.sh", *(PACKAGING / "linux").glob("breastview.*")):
        shutil.copy(path, unpacked if path.suffix == ".sh" else unpacked / "share")
    program, prefix = unpacked / "breastview", tmp_path / "local"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" >"{tmp_path}/said"\n', encoding="utf-8")
    program.chmod(0o755)
    install = ["sh", str(unpacked / "install.sh")]
    subprocess.run([*install, str(prefix)], check=True, capture_output=True)
    assert (prefix / "bin/breastview").resolve() == program
    entry = prefix / "share/applications/breastview.desktop"
    exec_line = rf'Exec="{tmp_path}/my \\"programs\\" & \\$PLUS \\\\ one|two/breastview" %F'
    assert exec_line in entry.read_text(encoding="utf-8").splitlines()
    assert (prefix / "share/icons/hicolor/256x256/apps/breastview.png").is_file()
    if shutil.which("gio"):
        subprocess.run(["gio", "launch", str(entry), str(tmp_path)], check=True, capture_output=True)
        assert awaited(tmp_path / "said") == str(tmp_path)
    subprocess.run([*install, "--remove", str(prefix)], check=True, capture_output=True)
    assert not list(prefix.rglob("*breastview*"))
    unpacked = unpacked.rename(tmp_path / "100%")
    done = subprocess.run(["sh", str(unpacked / "install.sh"), str(prefix)], capture_output=True, text=True)
    assert done.returncode == 1 and "elsewhere" in done.stderr and not list(prefix.rglob("*breastview*"))


def test_the_store_entry_names_the_same_program() -> None:
    root = ET.parse(PACKAGING / "linux/org.breastview.BreastView.metainfo.xml").getroot()
    assert root.findtext("launchable") == "breastview.desktop"
    assert root.findtext("project_license") == "Apache-2.0"
    assert "Not a medical device" in "".join(root.itertext())


# The Debian package


def test_the_debian_package_lies_where_debian_looks(tmp_path: Path) -> None:
    bundle, stage = tmp_path / "bundle", tmp_path / "stage"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / "breastview").write_bytes(b"#!/bin/sh\n")
    deb.lay_out(bundle, stage)
    deb.settle(stage)
    assert (stage / "usr/bin/breastview").resolve() == stage / "usr/lib/breastview/breastview"
    for name in (
        "applications/breastview.desktop", "icons/hicolor/256x256/apps/breastview.png",
        "man/man1/breastview.1.gz", "doc/breastview/copyright", "doc/breastview/NOTICE",
        "lintian/overrides/breastview",
    ):  # fmt: skip
        assert (stage / "usr/share" / name).is_file()
    assert (stage / "usr/lib/breastview/breastview").stat().st_mode & 0o777 == 0o755
    assert (stage / "usr/share/doc/breastview/copyright").stat().st_mode & 0o777 == 0o644
    sums = dict(line.split("  ")[::-1] for line in deb.sums(stage).splitlines())
    files = {str(path.relative_to(stage)) for path in stage.rglob("*") if path.is_file()}
    assert set(sums) == files - {"usr/bin/breastview"}
    assert sums["usr/lib/breastview/breastview"] == hashlib.md5(b"#!/bin/sh\n").hexdigest()


def test_the_control_file_says_what_it_is_not_for() -> None:
    assert "Not a medical device" in deb.CONTROL
    assert deb.CONTROL.count("{") == 5


# Those that were never tried


@pytest.mark.parametrize("name", ["windows/breastview.iss", "macos/build.sh"])
def test_what_was_never_run_says_so(name: str) -> None:
    head = "".join((PACKAGING / name).read_text(encoding="utf-8").splitlines(keepends=True)[:5])
    assert "UNTRIED" in head

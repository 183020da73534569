"""What is asked of the locked libraries, what they are made of, and under which licences."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from types import ModuleType

import pytest

from tests.packaging._scripts import ROOT
from tests.packaging.test_lock import PROJECT, _needed, _normal

RUNTIME = _needed([_normal(requirement) for requirement in PROJECT["dependencies"]])
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")


def _command(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"_{name}", ROOT / "packaging" / name / "__main__.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_audit_is_clean_only_where_everything_was_asked_about() -> None:
    audit = _command("audit")
    clean = {"name": "a", "version": "1", "vulns": []}
    weak = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
    unknown = {"name": "c", "skip_reason": "not found"}
    assert audit.judged({"dependencies": [clean]})[0] == audit.CLEAN
    code, lines = audit.judged({"dependencies": [clean, weak]})
    assert code == audit.WEAK and lines[0] == "b 2: PYSEC-1, mended in 2.1"
    assert audit.judged({"dependencies": [clean, unknown]})[0] == audit.NOT_ASKED
    for nothing in ({"dependencies": [unknown]}, {"dependencies": []}, {}):
        code, lines = audit.judged(nothing)
        assert code == audit.NOT_ASKED and "could not be reached" in lines[0]


def test_the_list_of_parts_names_every_library_its_licence_and_the_models() -> None:
    uv = next((found for found in (ROOT / "build/uv/bin/uv", shutil.which("uv")) if found), None)
    if uv is None or shutil.which(str(uv)) is None:
        pytest.skip("uv is not here; `make sbom` brings it")
    sbom = _command("sbom")
    exported = sbom.exported(str(uv))
    made = sbom.completed(json.loads(json.dumps(exported)), ROOT / "models")
    parts = {part["name"]: part for part in made["components"]}
    assert set(parts) >= RUNTIME - {"openvino-telemetry"}
    assert all(part["hashes"] for part in parts.values())
    assert parts["pydicom"]["licenses"] == [{"license": {"name": "MIT License"}}]
    assert {name for name, part in parts.items() if part["type"] == "machine-learning-model"} == {
        path.parent.name for path in (ROOT / "models").glob("*/manifest.json")
    }
    assert made == sbom.completed(exported, ROOT / "models")  # the same bytes another time


def test_the_notice_names_every_library_that_comes_along_with_those_asked_for() -> None:
    named = set(re.findall(r"[a-z0-9][a-z0-9.-]*", NOTICE.lower()))
    asked = {name.removesuffix("-essentials") for name in RUNTIME - {"openvino-telemetry"}}
    missing = sorted(asked - named)
    assert not missing, f"name them in NOTICE with their licences: {', '.join(missing)}"


def test_no_library_that_comes_along_is_under_the_gpl_alone() -> None:
    sbom = _command("sbom")
    gpl = re.compile(r"(?<!L)GPL|General Public", re.IGNORECASE)
    for name in sorted(RUNTIME):
        licence = sbom.licence(name)
        if gpl.search(licence):
            assert "LGPL" in licence or "Lesser" in licence, f"{name} is under {licence}"

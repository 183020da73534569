"""Nothing that is read can become code: no pickle, no eval, no XML or YAML parser, no shell, in all of it."""

from __future__ import annotations

import ast
import re

from tests.packaging._scripts import ROOT

FILES = sorted((ROOT / "breastview").rglob("*.py"))
MODULES = {
    "pickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "yaml", "xml", "lxml",
    "xmlrpc", "code", "codeop", "pty",
}  # fmt: skip
CALLS = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {
    ("os", "system"), ("os", "popen"), ("tempfile", "mktemp"), ("keras", "enable_unsafe_deserialization"),
}  # fmt: skip


WORDS = re.compile(
    rf"\b(import|from)\b.*\b({'|'.join(MODULES)})\b|(?<![.\w])({'|'.join(CALLS)})\(|np\.load|shell=|safe_mode"
    rf"|allow_pickle|\b({'|'.join(word for _, word in ATTRIBUTES)})\b"
)
"""A file without any of these need not be taken apart."""


def sins(source: str) -> list[str]:
    """Return what a source does that would let data become code, or a name be guessed."""
    if not WORDS.search(source):
        return []
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.partition(".")[0] in MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [node.module] if (node.module or "").partition(".")[0] in MODULES and node.module else []
        elif isinstance(node, ast.Call):
            found += _called(node)
    return found


def _called(node: ast.Call) -> list[str]:
    name = node.func
    given = {one.arg: one.value for one in node.keywords}
    if isinstance(name, ast.Name):
        return [name.id] if name.id in CALLS else []
    if not isinstance(name, ast.Attribute):
        return []
    whose = name.value.id if isinstance(name.value, ast.Name) else ""
    if (whose, name.attr) in ATTRIBUTES:
        return [f"{whose}.{name.attr}"]
    if (whose, name.attr) == ("np", "load") and not _is(given.get("allow_pickle"), False):
        return ["np.load without allow_pickle=False"]
    unsafe = {"shell": True, "allow_pickle": True, "safe_mode": False}
    return [f"{key}={value}" for key, value in unsafe.items() if _is(given.get(key), value)]


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def test_no_module_of_the_program_turns_data_into_code() -> None:
    assert len(FILES) > 400
    found = {str(path.relative_to(ROOT)): sins(path.read_text(encoding="utf-8")) for path in FILES}
    assert not {path: what for path, what in found.items() if what}


def test_the_search_finds_each_of_them() -> None:
    bad = (
        "import pickle", "import json, pickle", "from xml.etree import ElementTree", "import yaml",
        "eval(x)", "exec(x)", "__import__(x)", "np.load(x)", "np.load(x, allow_pickle=True)",
        "os.system(x)", "tempfile.mktemp()",
        "subprocess.run(x, shell=True)", "keras.models.load_model(x, safe_mode=False)",
    )  # fmt: skip
    assert all(sins(source) for source in bad)
    good = ("model.eval()", "application.exec()", "np.load(x, allow_pickle=False)", "re.compile(x)")
    assert not any(sins(source) for source in good)

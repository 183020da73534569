"""The program knows the models that came with it, and says of any other that it is somebody's own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from breastview import cli
from breastview.inference.bundle import load_bundle
from breastview.session.bundles import described
from breastview.study import shipped
from tests.packaging._scripts import ROOT, script

BUNDLE = sorted(path.parent for path in (ROOT / "models").glob("*/manifest.json"))[0]


def test_the_list_in_the_program_is_that_of_the_models_beside_it() -> None:
    found = script("shipped").manifests(ROOT / "models")
    assert found == shipped.MANIFESTS, "the models were exchanged: run `make shipped`"


def test_the_command_writes_the_list_and_nothing_else() -> None:
    source = Path(shipped.__file__).read_text(encoding="utf-8")
    other = script("shipped").written(source, {"0" * 64: "another 2.0"})
    assert '"another 2.0"' in other and script("shipped").written(other, shipped.MANIFESTS) == source


def test_a_bundle_that_was_changed_and_hashed_anew_is_somebodys_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("kept", "changed"):
        shutil.copytree(BUNDLE, tmp_path / name)
    manifest = tmp_path / "changed" / "manifest.json"
    about = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(about | {"title": "Under the same name"}), encoding="utf-8")
    kept, changed = load_bundle(tmp_path / "kept"), load_bundle(tmp_path / "changed")
    assert kept.shipped and not changed.shipped and kept.name == changed.name
    assert shipped.known(kept.stamp) and not shipped.known(changed.stamp)
    listed = [described(tmp_path / name) for name in ("kept", "changed")]
    assert [one is not None and one.shipped for one in listed] == [True, False]
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        cli.main(["models", "--folder", str(tmp_path)])
    rows = [line for line in capsys.readouterr().out.splitlines() if kept.name in line]
    assert sorted("own" in row for row in rows) == [False, True]

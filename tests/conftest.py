"""Fixtures for all tests: folders of their own, no display, and the shared data where it is."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from breastview import paths
from breastview.inference import graph_cache
from breastview.inference.gate import kinds
from breastview.study.kind import Kind, KindOf, Said

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples every time, however busy the machine is: what is found by chance is found by the campaign.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("suite")

_ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BREASTVIEW_DATA") or _ROOT.parent / "shared" / "data")
"""The folder of real pictures, whether it is there or not."""
BY_LOOK = kinds.by_look


@pytest.fixture(scope="session", autouse=True)
def _home_of_fixtures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep out of the user's folders what fixtures of whole files make, such as graphs of tiny networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREASTVIEW_HOME", str(tmp_path_factory.mktemp("home-of-fixtures")))
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, caches and records of a test out of the user's folders, and of other tests'."""
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(autouse=True)
def _same_chance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a test the same UIDs, keys and random names every time it runs, so that none fails by chance.

    Other processes that a test starts, and libraries with a source of their own (TLS), stay random.
    """
    source = random.Random(request.node.nodeid).randbytes
    monkeypatch.setattr(os, "urandom", source)
    monkeypatch.setattr(random, "_urandom", source)  # what `secrets` draws from


@pytest.fixture(scope="session", autouse=True)
def _phantoms_are_ultrasound() -> Iterator[None]:
    """Take every picture without a header for ultrasound: the phantoms are no pictures of anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "by_look", lambda picture: KindOf(Kind.ULTRASOUND, Said.LOOK))
        yield


@pytest.fixture
def kept_graphs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Share OpenVINO's graphs of the bundles that come along: to make one takes longer than to use it.

    By all tests of a run that ask for them, in whatever process of pytest-xdist.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / graph_cache.FOLDER
    shared.mkdir(exist_ok=True)
    paths.cache_folder().mkdir(parents=True, exist_ok=True)
    graph_cache.folder().symlink_to(shared, target_is_directory=True)


@pytest.fixture
def real_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge pictures without a header by their look, as the application does."""
    monkeypatch.setattr(kinds, "by_look", BY_LOOK)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real pictures; skip where it is absent (``BREASTVIEW_DATA`` names another one)."""
    if not DATA.is_dir():
        pytest.skip(f"the shared data folder is not here ({DATA})")
    return DATA

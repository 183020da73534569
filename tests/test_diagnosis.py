"""The report for support: what helps, and nothing of patients, readers or places."""

from __future__ import annotations

import logging
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from breastview import __version__, paths, settings
from breastview.gui import crash
from breastview.pacs import configuration
from breastview.session import diagnosis
from breastview.settings import Settings

SECRETS = ("Müller", "Charité", "10.11.12.13", "Tumour board", "pacs.example", "Krebs", "my-own")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a home whose very name is private, and no bundles but one that is damaged."""
    folder = tmp_path / "Müller"
    monkeypatch.setenv("BREASTVIEW_HOME", str(folder))
    monkeypatch.setenv("BREASTVIEW_MODELS", str(tmp_path / "none"))
    damaged = folder / "data" / "models" / "my-own"
    damaged.mkdir(parents=True)
    (damaged / "manifest.json").write_text("{}")
    return folder


@pytest.fixture
def log(home: Path) -> Iterator[logging.Logger]:
    """Write to the log as the window does."""
    logger = logging.getLogger("breastview")
    before, passed_on = list(logger.handlers), logger.propagate
    crash.start_log()
    yield logging.getLogger("breastview.readers")
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = passed_on


def test_it_says_versions_devices_models_and_settings(home: Path) -> None:
    said = diagnosis.report(Settings(device="cpu", prefetch=7))
    assert f"BreastView {__version__}" in said and platform.python_version() in said
    assert "asked for: cpu; would try: openvino" in said
    assert "own model 1: REFUSED" in said
    assert "prefetch: 7 (changed)" in said and "GiB free" in said and "listener: off" in said


def test_it_says_nothing_of_the_user(home: Path) -> None:
    archive = configuration.DimseSettings(name="Charité", host="pacs.example", called="KREBS")
    listener = configuration.ListenerSettings(enabled=True, address="10.11.12.13", peers=("US1@10.11.12.13",))
    configuration.save(configuration.Archives((archive,), listener, str(home / "Charité")))
    mine = Settings(
        reader="Dr. Müller", institution="Charité", bundle="my-own", window_presets={"Tumour board": "1 2"}
    )
    said = diagnosis.report(mine)
    assert not [secret for secret in SECRETS if secret.casefold() in said.casefold()]
    assert str(home.parent) not in said and "dimse: 1" in said and "1 senders named" in said
    assert "reader: set" in said and "institution: set" in said and "window_presets: 1" in said


def test_of_errors_it_says_where_they_arose_and_not_a_word_of_theirs(log: logging.Logger) -> None:
    try:
        raise ValueError("Müller, Anna 1970-01-01")
    except ValueError:
        log.exception("Krebs of %s could not be read", "Müller")
    said = diagnosis.report(Settings())
    assert "ERROR breastview.readers" in said and "ValueError" in said and "elsewhere:" in said
    assert not [secret for secret in SECRETS if secret in said]


def test_it_tells_the_last_errors_and_no_more(log: logging.Logger) -> None:
    for _ in range(diagnosis.ERRORS + 5):
        log.error("again")
    assert diagnosis.report(Settings()).count("ERROR breastview.readers") == diagnosis.ERRORS


def test_a_setting_of_free_text_that_is_new_is_not_told_either(monkeypatch: pytest.MonkeyPatch) -> None:
    free = {item.name for item in settings.fields(Settings) if isinstance(item.default, str)}
    free -= {i.name for i in settings.fields(Settings) if isinstance(i.metadata.get("choices"), tuple)}
    loud = Settings(**dict.fromkeys(free, "Krebs"))
    assert "Krebs" not in "\n".join(diagnosis._settings(loud))


def test_the_command_line_prints_it(home: Path) -> None:
    command = [sys.executable, "-m", "breastview", "--version", "--diagnose"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ})
    assert f"BreastView {__version__}" in done.stdout and "Last warnings" in done.stdout
    assert str(home) not in done.stdout and str(paths.log_folder()) not in done.stdout

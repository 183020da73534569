"""What is known of archives survives bad files, holds no secret, and says what is wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import keyring
import keyring.errors
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from breastview.errors import ArchiveError
from breastview.pacs import configuration, credentials
from breastview.pacs.configuration import (
    Archives,
    DicomwebSettings,
    DimseSettings,
    FolderSettings,
    ListenerSettings,
    Tls,
)
from tests.keyrings import Memory

MINE = Archives(
    (
        DimseSettings("PACS Süd", "pacs.example", 11112, "PACS", tls=Tls(True, "/ca.pem")),
        DicomwebSettings("Web", "https://archive.example/dicom-web", "basic", "reader"),
        FolderSettings("Exchange", "/exchange", settle_s=5),
    ),
    ListenerSettings(True, peers=("US1", "US2@10.0.0.0/24")),
    "/studies",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("aA/\x00Ω@", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "name", "port", "tls", "peers", "known", "listener"]), inner
        )
    ),
    max_leaves=8,
)


@pytest.fixture
def ring() -> Iterator[Memory]:
    before = keyring.get_keyring()
    one = Memory()
    keyring.set_keyring(one)
    yield one
    keyring.set_keyring(before)


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    configuration.save(MINE, tmp_path / "deep" / "archives.json")
    assert configuration.load(tmp_path / "deep" / "archives.json") == MINE
    configuration.save(MINE)
    assert configuration.load() == MINE


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '{"known": 7, "listener": [], "folder": 1}'])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / "archives.json").write_text(text)
    assert configuration.load(tmp_path / "archives.json") == Archives()


def test_unusable_values_fall_back_and_nameless_or_double_archives_are_left_out() -> None:
    found = configuration.from_dict(
        {
            "known": [
                {"kind": "dimse", "name": "A", "port": 99999999, "fetch_by": "carrier pigeon", "tls": 3},
                {"kind": "dimse", "name": "a"}, {"kind": "folder", "name": ""}, {"kind": "fax", "name": "B"},
                {"kind": "folder", "name": "../x"}, "nonsense",
            ],
            "listener": {"peers": [1, 2], "port": "x"},
        }
    )  # fmt: skip
    assert found.known == (DimseSettings("A", port=65535),)
    assert found.listener == ListenerSettings()


@running(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(st.dictionaries(st.sampled_from(["known", "listener", "folder"]), JSON))
def test_any_values_give_a_sound_configuration(values: dict) -> None:
    found = configuration.from_dict(values)
    again = configuration.from_dict(json.loads(json.dumps(configuration.to_dict(found))))
    assert again == found


def test_no_field_can_hold_a_secret() -> None:
    kinds = (*configuration.KINDS.values(), ListenerSettings, Tls)
    named = {item.name for kind in kinds for item in fields(kind)}
    assert not {name for name in named if any(word in name for word in ("password", "secret", "token"))}
    wrong = configuration.problems(DicomwebSettings("W", "https://me:hidden@archive.example/"))
    assert any("keyring" in sentence for sentence in wrong)


@pytest.mark.parametrize(
    ("archive", "said"),
    [
        (DimseSettings("", "h", 104, "X"), "name"), (DimseSettings("a" * 41, "h", 104, "X"), "40"),
        (DimseSettings("WEB", "h", 104, "X"), "already"), (DimseSettings("A", "", 104, "X"), "host"),
        (DimseSettings("A", "h", 104, "A" * 17), "AE title"),
        (DimseSettings("A", "h", 104, "A\\B"), "AE title"),
        (DimseSettings("A", "h", 104, "X", tls=Tls(True, "/no/such.pem")), "not there"),
        (DicomwebSettings("A", "ftp://x"), "https://"), (DicomwebSettings("A", "https://x", "basic"), "user"),
        (FolderSettings("A", "/no/such/folder"), "not there"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_archive_is_said(archive: configuration.ArchiveSettings, said: str) -> None:
    assert any(said in sentence for sentence in configuration.problems(archive, MINE.known))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "AE title"), ({"address": "somewhere"}, "numbers"),
        ({"address": "0.0.0.0"}, "senders"),
        ({"peers": ("US1@nowhere",)}, "TITLE@address"), ({"tls": Tls(True)}, "certificate"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_listener_is_said(changes: dict, said: str) -> None:
    wrong = configuration.listener_problems(replace(ListenerSettings(), **changes))
    assert any(said in sentence for sentence in wrong)


def test_sound_settings_have_no_problems(tmp_path: Path) -> None:
    assert configuration.problems(DimseSettings("A", "pacs.example", 104, "PACS 1")) == ()
    assert configuration.problems(DicomwebSettings("A", "http://127.0.0.1:8042/dicom-web")) == ()
    assert configuration.problems(FolderSettings("A", str(tmp_path))) == ()
    assert configuration.listener_problems(ListenerSettings()) == ()
    assert configuration.listener_problems(ListenerSettings(address="0.0.0.0", peers=("US1",))) == ()


def test_archives_are_named_whatever_the_case_and_the_others_listed() -> None:
    assert MINE.named("web") is MINE.known[1]
    with pytest.raises(ArchiveError, match="There are: PACS Süd, Web, Exchange"):
        MINE.named("nobody")


def test_every_option_tells_the_form_what_it_needs() -> None:
    for kind in (*configuration.KINDS.values(), ListenerSettings, Tls):
        for item in fields(kind):
            assert item.name == "tls" or item.metadata["title"]


def test_secrets_are_kept_in_the_keyring_and_forgotten(ring: Memory) -> None:
    credentials.keep("Web", "hidden")
    assert credentials.secret("WEB") == "hidden"
    credentials.keep("Web", "")
    assert credentials.secret("Web") == ""
    assert ring.kept == {}


def test_without_a_keyring_there_is_a_sentence_that_holds_no_secret(
    ring: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*arguments: str) -> None:
        raise keyring.errors.KeyringLocked(f"cannot store {arguments[-1]}")

    monkeypatch.setattr(ring, "set_password", locked)
    with pytest.raises(ArchiveError, match="keyring cannot be used") as error:
        credentials.keep("Web", "hidden")
    assert "hidden" not in str(error.value)
    assert error.value.__cause__ is None


def test_what_a_library_warns_of_quotes_no_patient() -> None:
    code = (
        "import breastview.pacs.queue; from pydicom.dataset import Dataset; found = Dataset(); "
        "found.add_new('PatientBirthDate', 'DA', 'Secret Name')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Secret" not in done.stderr + done.stdout

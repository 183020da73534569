"""The audit log: chained, append-only, and without a word about a patient."""

from __future__ import annotations

import csv
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from breastview.errors import StoreError
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Event, Store
from breastview.store.audit import COLUMNS, first_break
from breastview.study.reading import Assessment, ReadState
from tests import doubles, phantoms

SHA = "a" * 64


def test_rows_are_chained_and_a_changed_or_missing_one_is_found() -> None:
    log = Store().audit
    for detail in ("3", "4A", "pdf"):
        log.add(Event.ASSESSED, "Dr. É", SHA, 0, detail)
    entries = log.entries()
    assert [one.detail for one in entries] == ["3", "4A", "pdf"]
    assert entries[0].previous == "" and entries[1].previous == entries[0].hash
    assert log.broken_at() is None
    changed = (entries[0], replace(entries[1], detail="2"), entries[2])
    assert first_break(changed) == 2
    assert first_break((entries[0], entries[2])) == 3
    assert first_break((replace(entries[0], reader="Nobody"), *entries[1:])) == 1


def test_the_database_itself_refuses_to_change_or_shorten_the_log(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite3"
    store = Store(path)
    store.audit.add(Event.OPENED, "", SHA, 0)
    store.close()
    raw = sqlite3.connect(path)
    for statement in ("UPDATE audit SET reader = 'x'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()
    assert Store(path).audit.count() == 1


def test_free_text_and_anything_but_a_hash_is_not_taken() -> None:
    log = Store().audit
    for sha, detail in ((SHA, "Doe^Jane"), ("case 7.png", ""), ("", "biopsy")):
        with pytest.raises(ValueError, match="takes"):
            log.add(Event.ASSESSED, "", sha, 0, detail)
    assert log.count() == 0


def test_what_happens_to_an_assessment_is_named() -> None:
    store = Store()
    given = Assessment(state=ReadState.SEEN)
    for fields in (
        {}, {"category": "3", "state": ReadState.PRELIMINARY}, {"state": ReadState.FINAL},
        {"state": ReadState.PRELIMINARY}, {"notes": "Frau Muster"},
    ):  # fmt: skip
        given = replace(given, **fields)
        store.assess(SHA, 2, given, "Dr. É")
    entries = store.audit.entries()
    assert [one.event for one in entries] == ["assessed", "finalised", "reopened", "assessed"]
    assert {(one.reader, one.sha, one.frame, one.detail) for one in entries} == {("Dr. É", SHA, 2, "3")}


def test_the_log_is_written_as_a_table_that_no_spreadsheet_takes_for_formulas(tmp_path: Path) -> None:
    log = Store().audit
    log.add(Event.OPENED, "=cmd|' /C calc'!A0", SHA, 0)
    log.write_csv(tmp_path / "log.csv")
    with (tmp_path / "log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["reader"].startswith("'=") and rows[0]["hash"] == log.entries()[0].hash


def test_no_field_of_a_patient_ever_reaches_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything a reader does with a DICOM file is done; its header, name and path are looked for."""
    doubles.install(monkeypatch, tmp_path / "models")
    folder = tmp_path / "Secretname Jane"
    phantoms.us_grey(folder / "Secretname-1961.dcm", PatientName="Secretname^Jane", PatientID="PID-4711",
                      PatientBirthDate="19610704", AccessionNumber="ACC-815")  # fmt: skip
    with Session(Settings(reader="Dr. A"), Store(tmp_path / "r.sqlite3"), doubles.Factory()) as session:
        (case,) = session.open([folder])
        session.log(Event.OPENED, case, 0)  # type: ignore[arg-type]
        session.assess(case, 0, Assessment(category="4A", notes="Secretname Jane", indication="PID-4711",
                                           state=ReadState.PRELIMINARY))  # type: ignore[arg-type]  # fmt: skip
        session.blinding.on = True
        session.blinding.commit(case, 0, "4A", "Dr. A")  # type: ignore[arg-type]
        session.blinding.shown(case, 0, session.analysis(case), "Dr. A")  # type: ignore[arg-type]
        session.assess(case, 0, Assessment(category="3", state=ReadState.FINAL))  # type: ignore[arg-type]
        here = session.pairing.place(case, 0)  # type: ignore[arg-type]
        session.pairing.put(session.pairing.made(here, replace(here, frame=1)), "Dr. A")
        for name, suffix in (("pdf", ".pdf"), ("csv", ".csv"), ("json", ".json")):
            session.export(name, [session.reading(case)], tmp_path / f"Secretname{suffix}")  # type: ignore[arg-type]
        entries = session.store.audit.entries()
        session.store.audit.write_csv(tmp_path / "log.csv")
    events = [one.event for one in entries]
    assert {"opened", "assessed", "committed", "revealed", "changed after reveal", "finalised", "paired",
            "exported"} == set(events)  # fmt: skip
    text = (tmp_path / "log.csv").read_text(encoding="utf-8").casefold()
    for secret in ("secretname", "jane", "pid-4711", "19610704", "acc-815", str(tmp_path).casefold()):
        hidden = secret in text.replace(entries[0].sha, "")
        assert not hidden, secret
    assert first_break(entries) is None


def test_a_record_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "r.sqlite3")
    store.close()
    with pytest.raises(StoreError):
        store.audit.add(Event.OPENED)

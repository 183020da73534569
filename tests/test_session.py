"""What window and command line ask of the engine: open, look, analyse once, assess, remember, export."""

from __future__ import annotations

import csv
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview import paths
from breastview.errors import (
    AnalysisError,
    BundleError,
    Cancelled,
    ExportError,
    UnreadableFile,
)
from breastview.session import CaseSummary, Session
from breastview.session._flights import Flights
from breastview.session._memory import Memory
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.instance import Instance, Refusal
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment, ReadState
from breastview.task import SilentTask
from tests import doubles, phantoms


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the stand-in and return the folder of bundles."""
    doubles.install(monkeypatch, tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def factory() -> doubles.Factory:
    return doubles.Factory()


@pytest.fixture
def session(factory: doubles.Factory) -> Iterator[Session]:
    with Session(Settings(), analyser_factory=factory) as session:
        yield session


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Four pictures, a cine of three frames, a broken file and a text."""
    folder = tmp_path / "scans"
    for n in (1, 2, 10):
        phantoms.picture(folder / f"case ({n}).png", phantoms.speckle(seed=n))
    phantoms.picture(folder / "deeper" / "other.png", phantoms.speckle(seed=99))
    phantoms.us_cine(folder / "cine.dcm", frames=3)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "notes.txt").write_text("no picture")
    return folder


def until(true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while not true():
        time.sleep(0.01)


def opened(session: Session, *sources: Path, **options: bool) -> tuple[Instance, ...]:
    for _ in session.open(sources, **options):
        pass
    return session.cases


def named(session: Session, name: str) -> Instance:
    return next(case for case in session.cases if case.path.name == name)


# Opening


def test_opening_streams_cases_and_refusals(session: Session, scans: Path) -> None:
    seen = []
    for entry in session.open([scans]):
        assert entry in session.entries
        seen.append(entry)
    assert tuple(seen) == session.entries
    labels = [case.label for case in session.cases]
    assert sorted(labels) == ["case (1).png", "case (10).png", "case (2).png", "cine.dcm", "deeper/other.png"]
    assert labels.index("case (2).png") < labels.index("case (10).png")
    (refusal,) = session.refusals
    assert refusal.path == scans / "broken.png"
    assert refusal.reason


def test_opening_replaces_what_was_open_unless_added(session: Session, scans: Path) -> None:
    opened(session, scans / "case (1).png")
    assert len(opened(session, scans / "case (2).png", add=True)) == 2
    assert len(opened(session, scans / "case (2).png", add=True)) == 2
    assert [case.path.name for case in opened(session, scans / "case (10).png")] == ["case (10).png"]
    assert session.sources == (scans / "case (10).png",)


def test_a_cancelled_task_stops_opening(session: Session, scans: Path) -> None:
    task = SilentTask()
    with pytest.raises(Cancelled):
        for _ in session.open([scans], task):
            task.cancel()
    assert len(session.entries) == 1


def test_a_zip_member_is_known_under_the_archive(session: Session, scans: Path, tmp_path: Path) -> None:
    archive = tmp_path / "study.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(scans / "case (1).png", "a/b.png")
    (case,) = opened(session, archive)
    assert case.path != session.origin(case) == archive / "a" / "b.png"
    assert session.reading(case).instance.path == archive / "a" / "b.png"
    opened(session, scans)
    assert all(session.origin(entry) == entry.path for entry in session.entries)


# Pictures


def test_pixels_are_decoded_once_and_kept_within_their_bound(session: Session, scans: Path) -> None:
    (case,) = opened(session, scans / "case (1).png")
    first = session.pixels(case)
    assert np.array_equal(first.values, phantoms.speckle(seed=1))
    assert session.pixels(case) is first
    session.settings = replace(session.settings, picture_cache_mb=0)
    assert session.pixels(case) is not first


def test_a_picture_that_was_changed_is_read_anew(session: Session, scans: Path) -> None:
    (case,) = opened(session, scans / "case (1).png")
    before = session.pixels(case)
    session.assess(case, 0, Assessment(notes="of the old picture"))
    phantoms.picture(case.path, 255 - phantoms.speckle(seed=1))
    assert not np.array_equal(session.pixels(case).values, before.values)
    assert session.assessment(case) == Assessment()


def test_threads_that_want_the_same_picture_share_one_decoding(
    session: Session, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from breastview.session import engine

    (case,) = opened(session, scans / "case (1).png")
    calls = []
    read = engine.read_frame

    def slow(instance: Instance, frame: int = 0):
        calls.append(frame)
        time.sleep(0.2)
        return read(instance, frame)

    monkeypatch.setattr(engine, "read_frame", slow)
    threads = [threading.Thread(target=session.pixels, args=(case,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [0]


def test_a_picture_that_was_decoded_since_it_was_looked_for_is_not_decoded_again(
    session: Session, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from breastview.session import engine

    (case,) = opened(session, scans / "case (1).png")
    decoded, looked_for, get = session.pixels(case), [], session._pixels.get

    def too_early(key: Hashable) -> FramePixels | None:
        looked_for.append(key)
        return get(key) if len(looked_for) > 1 else None

    monkeypatch.setattr(session._pixels, "get", too_early)
    monkeypatch.setattr(engine, "read_frame", lambda *asked: pytest.fail("it is there"))
    assert session.pixels(case) is decoded


def test_a_vanished_picture_is_a_sentence(session: Session, scans: Path) -> None:
    (case,) = opened(session, scans / "case (1).png")
    case.path.unlink()
    with pytest.raises(UnreadableFile, match=r"case \(1\).png"):
        session.pixels(case)
    assert session.cached_analysis(case) is None


def test_display_and_truth_have_the_size_of_the_picture(session: Session, tmp_path: Path) -> None:
    folder = phantoms.busi_folder(tmp_path / "busi")
    cases = opened(session, folder)
    assert len(cases) == 2
    for case in cases:
        assert session.display(case).shape == (phantoms.ROWS, phantoms.COLUMNS)
        assert session.display(case).dtype == np.uint8
        truth = session.truth(case)
        assert truth is not None
        assert np.array_equal(truth, phantoms.lesion())


# The AI


def test_a_frame_is_analysed_once_by_each_bundle(
    session: Session, scans: Path, factory: doubles.Factory, models: Path
) -> None:
    (case,) = opened(session, scans / "cine.dcm")
    assert session.cached_analysis(case, 2) is None
    first = session.analysis(case, 2)
    assert session.analysis(case, 2) is first
    assert session.cached_analysis(case, 2) is first
    assert factory.analysed == [("cine.dcm", 2)]
    doubles.bundle_folder(models, "newer", "2.0")
    session.settings = replace(session.settings, bundle="newer")
    assert session.cached_analysis(case, 2) is None
    assert session.analysis(case, 2).bundle.name == "newer"
    session.settings = replace(session.settings, bundle="stand-in")
    assert session.analysis(case, 2).bundle.name == "stand-in"
    assert len(factory.analysed) == 2


def test_results_outlive_the_process_and_follow_a_moved_file(scans: Path, tmp_path: Path) -> None:
    first, second = doubles.Factory(), doubles.Factory()
    with Session(Settings(), analyser_factory=first) as session:
        (case,) = opened(session, scans / "case (1).png")
        before = session.analysis(case)
    moved = Path(shutil.move(scans / "case (1).png", tmp_path / "moved.png"))
    with Session(Settings(), analyser_factory=second) as session:
        (case,) = opened(session, moved)
        after = session.analysis(case)
    assert second.analysed == []
    assert after.probabilities == pytest.approx(before.probabilities)
    assert np.array_equal(after.mask, before.mask)


def test_results_on_disk_are_bounded(scans: Path, factory: doubles.Factory) -> None:
    with Session(Settings(), analyser_factory=factory) as session:
        assert session._analyses._disk.limit_bytes == Settings().result_cache_mb * 2**20
        session.settings = replace(session.settings, result_cache_mb=16)
        assert session._analyses._disk.limit_bytes == 16 * 2**20


def test_threads_that_want_the_same_frame_share_one_analysis(scans: Path) -> None:
    factory = doubles.Factory(seconds=0.3)
    with Session(Settings(), analyser_factory=factory) as session:
        (case,) = opened(session, scans / "case (1).png")
        found = []
        threads = [threading.Thread(target=lambda: found.append(session.analysis(case))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(factory.analysed) == 1
    assert len(found) == 6
    assert all(one is found[0] for one in found)


def test_one_who_waits_for_anothers_analysis_may_leave(scans: Path) -> None:
    factory = doubles.Factory(gate=(gate := threading.Event()))
    with Session(Settings(), analyser_factory=factory) as session:
        (case,) = opened(session, scans / "case (1).png")
        leader = threading.Thread(target=session.analysis, args=(case,))
        leader.start()
        until(lambda: bool(factory.made) and factory.made[0].begun.is_set())
        task = SilentTask()
        threading.Timer(0.1, task.cancel).start()
        with pytest.raises(Cancelled):
            session.analysis(case, 0, task)
        assert factory.analysed == [] and leader.is_alive()
        gate.set()
        leader.join()
    assert len(factory.analysed) == 1


def test_who_waits_for_work_takes_its_answer_however_late_it_looks() -> None:
    flights: Flights[int] = Flights()

    class Late(SilentTask):
        """Looks whether to stop, and in that moment the work is done."""

        looked = 0

        def cancelled(self) -> bool:
            self.looked += 1
            if self.looked == 2:
                flights.land("key", 7)
            return False

    assert flights.claim("key") is None
    assert flights.run("key", lambda: pytest.fail("it was done twice"), Late()) == 7


def test_work_that_was_cancelled_is_done_by_the_next_who_wants_it() -> None:
    flights: Flights[int] = Flights()
    begun, answers = threading.Event(), []

    def give_up() -> int:
        begun.set()
        time.sleep(0.2)
        raise Cancelled

    def lead() -> None:
        with pytest.raises(Cancelled):
            flights.run("key", give_up, SilentTask())

    leader = threading.Thread(target=lead)
    leader.start()
    begun.wait()
    followers = [
        threading.Thread(target=lambda: answers.append(flights.run("key", lambda: 7, SilentTask())))
        for _ in range(3)
    ]
    for thread in followers:
        thread.start()
    for thread in (leader, *followers):
        thread.join()
    assert answers == [7, 7, 7]


def test_memory_keeps_what_was_used_last_within_its_bytes() -> None:
    memory: Memory[str] = Memory(10)
    memory.put("a", "A", 4)
    memory.put("b", "B", 4)
    assert memory.get("a") == "A"
    memory.put("c", "C", 4)
    assert (memory.get("a"), memory.get("b"), memory.get("c"), memory.size) == ("A", None, "C", 8)
    memory.put("huge", "H", 11)
    assert memory.get("huge") is None
    assert memory.get("a") == "A"
    memory.put("a", "A2", 6)
    assert (memory.get("a"), memory.size) == ("A2", 10)
    memory.resize(6)
    assert (memory.get("c"), memory.size) == (None, 6)


def test_what_the_reader_looks_at_goes_before_the_background(session: Session, tmp_path: Path) -> None:
    factory = doubles.Factory(gate=(gate := threading.Event()))
    for n in range(9):
        phantoms.picture(tmp_path / "many" / f"{n}.png", phantoms.speckle(seed=n))
    with Session(Settings(), analyser_factory=factory) as session:
        cases = opened(session, tmp_path / "many")
        background = threading.Thread(
            target=lambda: list(session.analyse_all([(case, 0) for case in cases[:8]], batch=1))
        )
        background.start()
        until(lambda: bool(factory.made) and factory.made[0].begun.is_set())
        looked_at = threading.Thread(target=session.analysis, args=(cases[8],))
        looked_at.start()
        until(lambda: session._analyses._turns._urgent == 1)
        gate.set()
        looked_at.join()
        background.join()
    order = [name for name, _ in factory.analysed]
    assert order.index("8.png") == 1
    assert len(order) == 9


def test_a_batch_gives_every_frame_in_order_with_failures_among_them(scans: Path) -> None:
    factory = doubles.Factory(fails=lambda instance, frame: instance.path.name == "case (2).png")
    with Session(Settings(), analyser_factory=factory) as session:
        opened(session, scans)
        broken = named(session, "case (10).png")
        frames = [(case, frame) for case in session.cases for frame in range(case.frames)]
        broken.path.write_bytes(b"\x89PNG\r\n\x1a\ncut off")
        found = list(session.analyse_all(frames, batch=3))
        assert [(o.instance, o.frame) for o in found] == frames
        for outcome in found:
            failed = outcome.instance.path.name in {"case (2).png", "case (10).png"}
            assert (outcome.analysis is None) == failed == bool(outcome.failure)
            assert (outcome.pixels is None) == (outcome.instance is broken)
        assert "told to fail" in session.summary(named(session, "case (2).png")).failure
        assert session.summary(broken).failure


def test_frames_known_already_do_not_go_to_the_ai_again(session: Session, scans: Path, factory) -> None:
    cases = opened(session, scans)
    frames = [(case, frame) for case in cases for frame in range(case.frames)]
    session.analysis(*frames[1])
    list(session.analyse_all(frames, batch=4))
    list(session.analyse_all(frames, batch=2))
    assert len(factory.analysed) == len(frames)
    assert max(factory.made[0].batches) > 1


def test_pictures_with_the_same_content_are_analysed_once_in_a_batch(
    session: Session, tmp_path: Path, factory: doubles.Factory
) -> None:
    for n in range(3):
        phantoms.picture(tmp_path / "same" / f"{n}.png", phantoms.speckle(seed=1))
    cases = opened(session, tmp_path / "same")
    found = list(session.analyse_all([(case, 0) for case in cases], batch=3))
    assert len(factory.analysed) == 1
    assert len(found) == 3
    assert all(one.analysis is not None for one in found)


def test_a_cancelled_task_ends_the_batch_soon(models: Path, tmp_path: Path) -> None:
    for n in range(8):
        phantoms.picture(tmp_path / "many" / f"{n}.png", phantoms.speckle(seed=n))
    factory = doubles.Factory()
    with Session(Settings(), analyser_factory=factory) as session:
        opened(session, tmp_path / "many")
        task = SilentTask()
        outcomes = session.analyse_all([(case, 0) for case in session.cases], task, batch=1)
        next(outcomes)
        task.cancel()
        assert list(outcomes) == []
    assert len(factory.analysed) <= 4  # what was under way when the first one came


def test_prefetching_makes_pictures_ready_and_passes_over_what_cannot_be_read(
    session: Session, scans: Path
) -> None:
    cases = opened(session, scans)
    cases[0].path.unlink()
    session.prefetch([(case, 0) for case in cases])
    assert session._pixels.size >= 4 * phantoms.ROWS * phantoms.COLUMNS


def test_an_unexpected_fault_of_the_runtime_is_a_sentence_about_the_file(scans: Path) -> None:
    def explode(instance: Instance, frame: int) -> bool:
        raise ValueError("tensor of rank 3")

    with Session(Settings(), analyser_factory=doubles.Factory(fails=explode)) as session:
        (case,) = opened(session, scans / "case (1).png")
        with pytest.raises(AnalysisError, match=r"case \(1\).png"):
            session.analysis(case)
        assert session.reading(case, analyse=True).failure
        assert session.reading(case, analyse=True).analysis is None


def test_without_a_bundle_pictures_can_be_read_all_the_same(scans: Path, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BREASTVIEW_MODELS", str(tmp_path / "none"))
    with Session(Settings()) as session:
        (case,) = opened(session, scans / "case (1).png")
        assert session.bundle is None
        with pytest.raises(BundleError, match="no model bundle"):
            session.analysis(case)
        session.seen(case)
        assert session.summary(case).state is ReadState.SEEN
        assert session.reading(case).analysis is None


def test_a_damaged_bundle_is_verified_once(scans: Path) -> None:
    calls = []

    def refuse(folder: Path, device: str) -> doubles.StandIn:
        calls.append(folder)
        raise BundleError("the weights were changed", folder)

    with Session(Settings(), analyser_factory=refuse) as session:
        cases = opened(session, scans)
        with pytest.raises(BundleError):
            session.prepare()
        found = list(session.analyse_all([(case, 0) for case in cases], batch=2))
        assert all("weights were changed" in one.failure for one in found)
    assert len(calls) == 1


def test_the_newest_bundle_for_the_modality_is_taken(session: Session, models: Path) -> None:
    doubles.bundle_folder(models, "old", "1.9")
    doubles.bundle_folder(models, "new", "1.10")
    doubles.bundle_folder(models, "mammo", "7.0", modality="MG")
    doubles.bundle_folder(models, "mute", "2.0", tasks=("classification",))  # newer, but draws no mask
    (models / "broken").mkdir()
    (models / "broken" / "manifest.json").write_text("{")
    assert session.bundle_for("US").stamp.name == "new"
    assert session.bundle_for("").stamp.name == "new"
    assert session.bundle_for("MG").stamp.name == "mammo"
    with pytest.raises(BundleError, match="no model for histology is installed"):
        session.bundle_for("SM")
    assert len(session.bundles) == 5
    session.settings = replace(session.settings, bundle=str(models / "old"))
    assert session.bundle is not None
    assert session.bundle.name == "old"
    session.settings = replace(session.settings, bundle="nowhere")
    assert session.bundle is None
    with pytest.raises(BundleError, match="There are: mammo, mute, new, old, stand-in"):
        session.bundle_for()


def test_changing_the_device_drops_the_model_without_waiting(scans: Path) -> None:
    factory = doubles.Factory(gate=(gate := threading.Event()))
    with Session(Settings(device="cpu"), analyser_factory=factory) as session:
        cases = opened(session, scans)
        worker = threading.Thread(target=session.analysis, args=(cases[0],))
        worker.start()
        until(lambda: bool(factory.made) and factory.made[0].begun.is_set())
        session.settings = replace(session.settings, device="gpu")
        assert factory.analysed == [] and worker.is_alive()
        gate.set()
        worker.join()
        session.analysis(cases[1])
        assert session.device == "GPU"
    assert [one.device for one in factory.made] == ["CPU", "GPU"]
    assert [one.closed for one in factory.made] == [1, 1]


# The reader


def test_marks_and_states_are_saved_and_never_go_back(session: Session, scans: Path) -> None:
    (case,) = opened(session, scans / "case (1).png")
    assert session.summary(case) == CaseSummary()
    session.seen(case)
    session.mark(case, 0, True)
    session.assess(case, 0, replace(session.assessment(case), state=ReadState.FINAL, category="2"))
    session.seen(case)
    now = session.assessment(case)
    assert (now.state, now.marked, now.category) == (ReadState.FINAL, True, "2")
    assert [one.state for one in session.history(case)] == [ReadState.SEEN, ReadState.SEEN, ReadState.FINAL]


def test_an_assessment_carries_the_reader_of_the_settings(scans: Path) -> None:
    with Session(Settings(reader="Dr. A")) as session:
        (case,) = opened(session, scans / "case (1).png")
        assert session.assess(case, 0, Assessment(category="3")).reader == "Dr. A"
        assert session.assess(case, 0, Assessment(category="3", reader="Dr. B")).reader == "Dr. B"


def test_words_about_a_picture_that_has_vanished_are_saved(session: Session, scans: Path) -> None:
    (case,) = opened(session, scans / "case (1).png")
    session.seen(case)
    copy = scans / "kept.png"
    shutil.move(case.path, copy)
    session.assess(case, 0, Assessment(notes="seen before the drive was unplugged"))
    (again,) = opened(session, copy)
    assert session.assessment(again).notes == "seen before the drive was unplugged"


def test_the_next_unread_case_goes_round(session: Session, scans: Path) -> None:
    cases = opened(session, scans)
    session.seen(cases[1])
    assert session.next_unread(None) == cases[0]
    assert session.next_unread(cases[0]) == cases[2]
    session.seen(cases[2], 0)
    assert session.next_unread(cases[-1]) == cases[0]
    for case in cases:
        session.seen(case)
    assert session.next_unread(cases[0]) is None


def test_the_list_shows_the_most_suspicious_frame(session: Session, scans: Path) -> None:
    cases = opened(session, scans)
    cine = named(session, "cine.dcm")
    for frame in range(3):
        session.analysis(cine, frame)
    session.mark(cine, 1, True)
    rows = session.summaries()
    assert set(rows) == {case.path for case in cases}
    row = rows[cine.path]
    scores = [session.analysis(cine, frame).probability("malignant") for frame in range(3)]
    assert row.analysed == 3
    assert row.suspicion == pytest.approx(max(scores))
    assert scores[row.frame] == max(scores)
    assert row.marked
    assert rows[cases[0].path].suspicion is None


def test_a_refused_picture_has_no_score_in_the_list(scans: Path) -> None:
    with Session(Settings(), analyser_factory=doubles.Factory(refuses=lambda i, f: True)) as session:
        (case,) = opened(session, scans / "case (1).png")
        session.analysis(case)
        row = session.summary(case)
    assert (row.suspicion, row.probabilities, row.refused) == (None, None, True)
    assert row.flags == ("not-ultrasound",)


# Again


def test_killed_and_reopened_the_session_is_as_it_was(scans: Path, factory: doubles.Factory) -> None:
    record = paths.data_folder() / "record.sqlite3"
    view = {"layout": 2, "sort": "suspicion", "look": {"heat_opacity": 0.6}}
    first = Session(Settings(), Store(record), analyser_factory=factory)
    cases = opened(first, scans)
    first.analysis(cases[1])
    first.assess(cases[1], 0, Assessment(category="4B", notes="irregular"))
    first.mark(cases[2], 0, True)
    first.save_view(cases[1], 0, view)
    before = first.summaries()
    # Not closed: a killed process closes nothing.
    second = Session(Settings(), Store(record), analyser_factory=factory)
    last = second.last()
    assert last is not None
    assert last.sources == (scans,)
    assert (last.frame, last.view) == (0, view)
    opened(second, *last.sources)
    assert second.last() == last
    assert second.find(last) == cases[1]
    assert second.summaries() == before
    assert second.store.recent() == (scans,)
    second.close()
    first.close()


def test_a_current_case_in_a_zip_is_found_again(scans: Path, tmp_path: Path) -> None:
    archive, record = tmp_path / "study.zip", tmp_path / "record.sqlite3"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(scans / "case (1).png", "a.png")
        file.write(scans / "case (2).png", "b.png")
    with Session(Settings(), Store(record)) as first:
        old = opened(first, archive)[1]
        first.save_view(old, 0, {})
    with Session(Settings(), Store(record)) as second:
        last = second.last()
        assert last is not None
        opened(second, *last.sources)
        found = second.find(last)
        assert found is not None
        assert found.path != old.path
        assert found.label == old.label == "study.zip/b.png"


def test_opening_without_remembering_leaves_the_last_session_alone(session: Session, scans: Path) -> None:
    opened(session, scans)
    session.save_view(session.cases[0], 0, {"a": 1})
    before = session.last()
    opened(session, scans / "case (1).png", remember=False)
    assert session.last() == before
    assert session.store.recent() == (scans,)


# Out


def test_readings_leave_as_a_table(session: Session, scans: Path, tmp_path: Path) -> None:
    cases = opened(session, scans)
    readings = [session.reading(case, analyse=True) for case in cases]
    (path,) = session.export("csv", [*readings, *session.refusals], tmp_path / "out.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(cases) + 1
    assert rows[0]["path"] == str(cases[0].path)
    assert float(rows[0]["p_malignant"]) == pytest.approx(readings[0].analysis.probabilities[2], abs=1e-5)
    assert rows[-1]["error"]


def test_an_exporter_that_is_not_there_is_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="there are: "):
        session.export("fax", [], tmp_path / "x")


def test_a_truth_that_cannot_be_read_does_not_cost_the_reading(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    phantoms.picture(folder / "a.png")
    phantoms.picture(folder / "a_mask.png", np.zeros((3, 3), np.uint8))
    (case,) = opened(session, folder)
    reading = session.reading(case, analyse=True)
    assert reading.truth is None
    assert reading.analysis is not None
    assert "mask" in reading.failure


def test_logs_name_neither_patient_nor_file(
    session: Session, scans: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    cases = opened(session, scans)
    for case in cases:
        session.reading(case, analyse=True)
    session.export("csv", [], scans / "out.csv")
    assert "Phantom" not in caplog.text
    assert "case (" not in caplog.text


def test_a_refusal_is_an_entry_but_no_case(session: Session, tmp_path: Path) -> None:
    cases = opened(session, tmp_path / "not there")
    assert cases == ()
    assert isinstance(session.entries[0], Refusal)


def test_a_model_is_verified_alone_or_loaded_as_asked(session: Session, factory: doubles.Factory) -> None:
    session.prepare("US", load=False)
    assert [one.loaded for one in factory.made] == [0]
    session.prepare()
    assert [one.loaded for one in factory.made] == [1]

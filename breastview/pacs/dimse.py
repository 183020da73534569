"""An archive reached by classic DICOM: C-ECHO, C-FIND, C-GET, C-MOVE and C-STORE by pynetdicom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from breastview.errors import ArchiveRefused, ArchiveUnreachable
from breastview.pacs import _contexts, _rows, configuration
from breastview.pacs._association import NothingOffered, association, broken
from breastview.pacs._landing import Landing, landing
from breastview.pacs._objects import Outgoing, outgoing
from breastview.pacs._protocol import Address, Echo, Level, Query, Retrieved, Row, Sent
from breastview.pacs._retry import retried
from breastview.pacs.configuration import DimseSettings, ListenerSettings
from breastview.task import SilentTask, Task, check

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pynetdicom.association import Association

_VERIFICATION = "1.2.840.10008.1.1"
_FIND, _MOVE, _GET = (f"1.2.840.10008.5.1.4.1.2.2.{end}" for end in "123")
"""Study Root Query/Retrieve."""
_SUCCESS, _CANCELLED, _DUPLICATE = 0x0000, 0xFE00, 0x0111
_PENDING = (0xFF00, 0xFF01)
_STORED_WITH_REMARK = (0xB000, 0xB006, 0xB007)
_NO_SPACE = 0xA700


class NotAllSent(ArchiveUnreachable):
    """The archive tried to send objects, and some did not go."""


class DimseArchive:
    """An archive by its settings; see `_protocol.Archive`."""

    def __init__(self, settings: DimseSettings, listener: ListenerSettings) -> None:
        wrong = configuration.problems(settings)
        if wrong:
            raise ArchiveRefused("the settings are not complete", settings.name, " ".join(wrong))
        self._settings = settings
        self._listener = listener

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def echo(self, task: Task | None = None) -> Echo:
        """Ask whether the archive is there and knows us (C-ECHO)."""
        check(task or SilentTask())
        began = time.monotonic()
        with association(self._settings, [(_VERIFICATION, _contexts.UNCOMPRESSED)]) as open_one:
            status = _status(open_one.send_c_echo(), self.name)
            says = open_one.acceptor.implementation_version_name or ""
        if status != _SUCCESS:
            raise ArchiveRefused(f"the archive answers with status {status:04X}", self.name)
        return Echo(time.monotonic() - began, str(says))

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        """Yield what matches (C-FIND), `query.limit` rows at most."""
        task = task or SilentTask()
        check(task)
        count = 0
        with association(self._settings, [(_FIND, _contexts.UNCOMPRESSED)]) as open_one:
            answers = open_one.send_c_find(_rows.identifier(query), _FIND)
            for answer, found in answers:
                check(task)
                if not self._goes_on(answer) or count == query.limit:
                    break
                row = None if found is None else _rows.row(found, query)
                if row is not None and _rows.fits(row, query):
                    count += 1
                    task.progress(count, None)
                    yield row
            if count == query.limit and open_one.is_established:
                _hushed(open_one, answers)

    def _goes_on(self, answer: Dataset) -> bool:
        """Return whether more rows come; raise what the archive complains of."""
        status = _status(answer, self.name)
        if status in _PENDING:
            return True
        if status in (_SUCCESS, _CANCELLED):
            return False
        if status & 0xFF00 == _NO_SPACE:
            raise ArchiveRefused(
                "the archive finds too much", self.name, "Ask for less: a name, a number or fewer days."
            )
        raise ArchiveRefused(
            f"the archive cannot answer this question (status {status:04X})", self.name,
            "Leave some fields empty and ask again.",
        )  # fmt: skip

    def retrieve(self, address: Address, root: Path, task: Task | None = None) -> Retrieved:
        """Fetch a study, series or object (C-GET or C-MOVE, as the settings say)."""
        watch = task or SilentTask()
        fetch = self._by_move if self._settings.fetch_by == "move" else self._by_get

        def whole() -> Retrieved:
            with landing(root, address.study, self.name) as ground:
                fetch(address, ground, watch)
                if not len(ground):
                    raise ArchiveRefused("the archive sent nothing", self.name, "Ask it again what it has.")
                return ground.publish()

        return retried(whole, self._settings.attempts, watch)

    def _by_get(self, address: Address, ground: Landing, task: Task) -> None:
        try:
            self._got(address, ground, task, ())
        except NotAllSent:
            # Perhaps there are kinds that nobody expects in a study of the breast: asked for by name.
            more = self._kinds(address, task) - _contexts.KNOWN
            if not more:
                raise
            self._got(address, ground, task, sorted(more))

    def _kinds(self, address: Address, task: Task) -> set[str]:
        """Return the kinds of objects in a study or series."""
        whole = [Address(address.study, address.series)] if address.series else [
            row.address for row in self.find(Query(Level.SERIES, Address(address.study)), task)
        ]  # fmt: skip
        images = (row for one in whole for row in self.find(Query(Level.IMAGE, one, limit=10**6), task))
        return {row.sop_class for row in images if row.sop_class}

    def _got(self, address: Address, ground: Landing, task: Task, more: Sequence[str]) -> None:
        from pynetdicom import evt

        failures: list[OSError] = []
        handlers = [(evt.EVT_C_STORE, _stored, [ground, task, failures])]
        contexts = [(_GET, _contexts.UNCOMPRESSED), *_contexts.receivable(more)]
        with association(self._settings, contexts, handlers, receiving=True) as open_one:
            self._fetched(open_one.send_c_get(_wanted(address), _GET), open_one, ground, task, failures)

    def _by_move(self, address: Address, ground: Landing, task: Task) -> None:
        from breastview.pacs import _receiver

        with (
            _receiver.receiving(self._listener, address.study, ground.take, self.name, self._settings.called),
            association(self._settings, [(_MOVE, _contexts.UNCOMPRESSED)]) as open_one,
        ):
            answers = open_one.send_c_move(_wanted(address), self._listener.title, _MOVE)
            self._fetched(answers, open_one, ground, task, [])

    def _fetched(
        self,
        answers: Iterator[Any],
        open_one: Association,
        ground: Landing,
        task: Task,
        failures: list[OSError],
    ) -> None:
        """Follow the answers of a C-GET or C-MOVE to the end; all must have come."""
        answer = None
        for answer, _ in answers:
            if task.cancelled():
                open_one.abort()
            check(task)
            if failures:
                raise failures[0]
            remaining = answer.get("NumberOfRemainingSuboperations")
            task.progress(len(ground), None if remaining is None else len(ground) + int(remaining))
        check(task)
        if failures:
            raise failures[0]
        _all_came(answer, len(ground), self.name, self._listener)

    def send(self, objects: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        """Send objects (C-STORE); yield the answer to each."""
        task = task or SilentTask()
        waiting = list(outgoing(objects))
        done = 0
        for contexts, batch in _contexts.associations(waiting):
            check(task)
            try:
                with association(self._settings, contexts) as open_one:
                    for one in batch:
                        check(task)
                        yield self._answer(open_one, one)
                        done += 1
                        task.progress(done, len(waiting))
            except NothingOffered:
                yield from map(_not_taken, batch)

    def _answer(self, open_one: Association, one: Outgoing) -> Sent:
        try:
            answer = _stored_there(open_one, one)
        except RuntimeError as error:  # no longer established
            raise broken(self.name) from error
        except ValueError:
            return _not_taken(one)
        status = _status(answer, self.name)
        if status in (_SUCCESS, _DUPLICATE):
            return Sent(one.instance, True)
        if status in _STORED_WITH_REMARK:
            return Sent(one.instance, True, f"The archive stored it with changes (status {status:04X}).")
        if status & 0xFF00 == _NO_SPACE:
            return Sent(one.instance, False, "The archive has no space left.")
        return Sent(one.instance, False, f"The archive refuses the object (status {status:04X}).", final=True)


ARCHIVE = DimseArchive


def _stored_there(open_one: Association, one: Outgoing) -> Dataset:
    """Store an object; a file goes piece by piece where its transfer syntax was taken, else it is converted.

    Raises
    ------
    ValueError
        If the archive takes it in no form.
    """
    if isinstance(one.source, Path):
        with suppress(ValueError, AttributeError):
            return open_one.send_c_store(one.source)
    return open_one.send_c_store(one.dataset())


def _not_taken(one: Outgoing) -> Sent:
    reason = f"The archive does not take objects of this kind ({one.title}, {one.syntax_title})."
    return Sent(one.instance, False, reason, final=True)


def _status(answer: Dataset, name: str) -> int:
    """Return the status of an answer; none came when the connection broke or the time was out."""
    if "Status" not in answer:
        raise broken(name)
    return int(answer.Status)


def _hushed(open_one: Association, answers: Iterator[Any]) -> None:
    """Ask the archive to stop finding, and let it finish its sentence."""
    open_one.send_c_cancel(1, query_model=_FIND)
    for _ in answers:
        pass


def _wanted(address: Address) -> Dataset:
    from pydicom.dataset import Dataset

    wanted = Dataset()
    wanted.QueryRetrieveLevel = address.level.value
    wanted.StudyInstanceUID = address.study
    if address.level is not Level.STUDY:
        wanted.SeriesInstanceUID = address.series
    if address.level is Level.IMAGE:
        wanted.SOPInstanceUID = address.instance
    return wanted


def _stored(event: Any, ground: Landing, task: Task, failures: list[OSError]) -> int:
    """Take an object that comes by C-GET; return the status for the archive."""
    if task.cancelled():
        event.assoc.abort()
        return _CANCELLED
    try:
        ground.take(str(event.request.AffectedSOPInstanceUID), event.encoded_dataset())
    except OSError as error:
        failures.append(error)
        return _NO_SPACE
    task.progress(len(ground), None)
    return _SUCCESS


def _all_came(answer: Dataset | None, came: int, name: str, listener: ListenerSettings) -> None:
    """Raise unless the last answer says that everything was sent, and everything is here."""
    if answer is None:
        raise broken(name)
    status = _status(answer, name)
    if status == 0xA801:
        raise ArchiveRefused(
            f"the archive does not know where “{listener.title}” is", name,
            f"Have its administrator add this AE title with this machine's address and port {listener.port}.",
        )  # fmt: skip
    failed = int(answer.get("NumberOfFailedSuboperations") or 0)
    completed = int(answer.get("NumberOfCompletedSuboperations") or came)
    if failed or status not in (_SUCCESS, *_STORED_WITH_REMARK):
        raise NotAllSent(
            f"the archive could not send all ({failed} objects failed, status {status:04X})", name,
            "Try again; if it fetches by C-MOVE, name it among the senders of the listener.",
        )  # fmt: skip
    if came < completed:
        raise ArchiveUnreachable(f"only {came} of {completed} objects came", name, "Try again.")

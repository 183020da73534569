"""An archive reached by DICOMweb: QIDO-RS, WADO-RS and STOW-RS by dicomweb-client."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from breastview.errors import ArchiveRefused
from breastview.pacs import _http, _rows, configuration
from breastview.pacs._landing import Landing, landing
from breastview.pacs._objects import Outgoing, outgoing
from breastview.pacs._protocol import Address, Echo, Level, Query, Retrieved, Row, Sent
from breastview.pacs._retry import retried
from breastview.pacs.configuration import DicomwebSettings, ListenerSettings
from breastview.task import SilentTask, Task, check

if TYPE_CHECKING:
    from dicomweb_client.api import DICOMwebClient
    from pydicom.dataset import Dataset

_T = TypeVar("_T")
_PAGE = 200
_AS_STORED = (("application/dicom", "*"),)
"""The media type in full: objects in the transfer syntax they are kept in."""
_REASONS = {
    0x0110: "processing failure", 0x0122: "kind of object not taken", 0x0124: "not allowed",
    0xA700: "no space left", 0xC122: "transfer syntax not taken",
}  # fmt: skip
_DUPLICATE, _NO_SPACE = 0x0111, 0xA700
_NEEDS_CODING = re.compile(r"[^A-Za-z0-9._~*?-]+")


class DicomwebArchive:
    """An archive by its settings; see `_protocol.Archive`."""

    def __init__(self, settings: DicomwebSettings, listener: ListenerSettings) -> None:
        del listener
        wrong = configuration.problems(settings)
        if wrong:
            raise ArchiveRefused("the settings are not complete", settings.name, " ".join(wrong))
        self._settings = settings
        self._made: DICOMwebClient | None = None
        self._decoding: bool | None = None

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def echo(self, task: Task | None = None) -> Echo:
        """Ask whether the archive is there and lets us in, by a search for nothing in particular."""
        check(task or SilentTask())
        began = time.monotonic()
        self._asked(lambda client: client.search_for_studies(limit=1))
        return Echo(time.monotonic() - began, "")

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        """Yield what matches (QIDO-RS), page by page, `query.limit` rows at most."""
        task = task or SilentTask()
        keys = _rows.conditions(query)
        found = False
        for row in self._rows(query, keys, task):
            found = True
            yield row
        if not found and any(map(_NEEDS_CODING.search, keys.values())) and not self._decodes():
            # All that can be said in plain letters is asked for; the rest is looked through here.
            plain = {keyword: _NEEDS_CODING.sub("*", value) for keyword, value in keys.items()}
            yield from self._rows(query, plain, task, narrowed=True)

    def _rows(
        self, query: Query, keys: dict[str, str], task: Task, *, narrowed: bool = False
    ) -> Iterator[Row]:
        offset = count = 0
        seen: set[Address] = set()
        while count < query.limit:
            check(task)
            page = self._page(query, keys, offset)
            before = len(seen)
            for found, row in page:
                if row.address in seen:
                    continue
                seen.add(row.address)
                if _rows.fits(row, query) and (not narrowed or _rows.matches(found, query)):
                    count += 1
                    yield row
                    if count == query.limit:
                        return
            task.progress(count, None)
            offset += len(page)
            if len(page) < _PAGE or len(seen) == before:  # not every archive knows of pages
                return

    def _decodes(self) -> bool:
        """Return whether the archive understands percent-coded letters; Orthanc's plug-in 1.7 does not."""
        if self._decoding is None:
            coded, plain = ({"PatientID": key} for key in (_http.CODED_ANY, "*"))
            anything = self._asked(lambda client: client.search_for_studies(limit=1, search_filters=plain))
            understood = self._asked(lambda client: client.search_for_studies(limit=1, search_filters=coded))
            self._decoding = bool(understood) or not anything
        return self._decoding

    def _page(self, query: Query, keys: dict[str, str], offset: int) -> list[tuple[Dataset, Row]]:
        from pydicom.dataset import Dataset

        options: dict[str, Any] = {
            "fields": list(_rows.asked_for(query.level)), "limit": _PAGE, "offset": offset,
            "search_filters": dict(keys),
        }  # fmt: skip
        within = query.within
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID"):
            if query.level is not Level.STUDY and getattr(within, _PART[keyword]):
                options["search_filters"].pop(keyword, None)  # they are in the path

        def asked(client: DICOMwebClient) -> list[dict]:
            if query.level is Level.STUDY:
                return client.search_for_studies(**options)
            if query.level is Level.SERIES:
                return client.search_for_series(within.study or None, **options)
            return client.search_for_instances(within.study or None, within.series or None, **options)

        def read(client: DICOMwebClient) -> list[tuple[Dataset, Row]]:
            page = [Dataset.from_json(one) for one in asked(client)]
            return [(found, _rows.row(found, query)) for found in page]

        return self._asked(read)

    def retrieve(self, address: Address, root: Path, task: Task | None = None) -> Retrieved:
        """Fetch a study, series or object (WADO-RS), object by object, as they are stored there."""
        watch = task or SilentTask()
        with landing(root, address.study, self.name) as ground:
            # What has come stays for the next try; the folder appears when all is there.
            retried(lambda: self._fill(ground, address, watch), self._settings.attempts, watch)
            return ground.publish()

    def _fill(self, ground: Landing, address: Address, task: Task) -> None:
        found = list(self.find(Query(Level.IMAGE, address, limit=10**6), task))
        if not found:
            raise ArchiveRefused("the archive sent nothing", self.name, "Ask it again what it has.")
        task.progress(len(ground), len(found))
        for row in found:
            check(task)
            if row.address.instance not in ground:
                ground.take(row.address.instance, self._object(row.address))
            task.progress(len(ground), len(found))

    def _object(self, where: Address) -> bytes:
        one = self._asked(
            lambda client: client.retrieve_instance(
                where.study, where.series, where.instance, media_types=_AS_STORED
            )
        )
        if str(one.SOPInstanceUID) != where.instance:
            raise ArchiveRefused("the archive sent another object than was asked for", self.name)
        buffer = BytesIO()
        one.save_as(buffer, enforce_file_format=True)
        return buffer.getvalue()

    def send(self, objects: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        """Send objects (STOW-RS), one a request, so that each has an answer of its own."""
        task = task or SilentTask()
        waiting = list(outgoing(objects))
        for done, one in enumerate(waiting, 1):
            check(task)
            yield self._stored(one)
            task.progress(done, len(waiting))

    def _stored(self, one: Outgoing) -> Sent:
        dataset = one.dataset()

        def failures(client: DICOMwebClient) -> list[int]:
            answer = client.store_instances([dataset], one.study)
            return [int(failed.get("FailureReason") or 0) for failed in answer.get("FailedSOPSequence") or ()]

        try:
            codes = self._asked(failures)
        except _http.Conflict as conflict:
            return Sent(one.instance, False, str(conflict), final=True)
        for code in codes:
            if code != _DUPLICATE:
                reason = _REASONS.get(code, f"status {code:04X}")
                final = code & 0xFF00 != _NO_SPACE
                return Sent(one.instance, False, f"The archive refuses the object ({reason}).", final=final)
        return Sent(one.instance, True)

    def _asked(self, question: Callable[[DICOMwebClient], _T]) -> _T:
        """Return the answer to a question; what goes wrong as a sentence."""
        with _http.explained(self.name, self._settings.url):
            return question(self._client())

    def _client(self) -> DICOMwebClient:
        if self._made is None:
            from dicomweb_client.api import DICOMwebClient

            for talker in ("dicomweb_client", "retrying", "urllib3"):  # addresses name studies
                logging.getLogger(talker).setLevel(logging.CRITICAL + 1)
            session = _http.session(self._settings)
            timeouts = (min(self._settings.timeout_s, 20), self._settings.timeout_s)
            url = self._settings.url.rstrip("/")
            made = DICOMwebClient(url, session, timeout=timeouts, permissive_uid=True)
            made.set_http_retry_params(retry=False)
            self._made = made
        return self._made


ARCHIVE = DicomwebArchive

_PART = {"StudyInstanceUID": "study", "SeriesInstanceUID": "series"}

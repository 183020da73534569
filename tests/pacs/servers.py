"""An archive in this process, by pynetdicom's server: it counts what it is sent, and misbehaves on demand."""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from pydicom.dataset import Dataset
from pynetdicom import AE, AllStoragePresentationContexts, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from breastview.pacs.configuration import DimseSettings, Tls

TITLE = "ARCHIVE"


FIRST, LAST = 20_000, 32_000
"""Below those that a system gives away by itself: nobody gets one of these before it is listened on."""


def free_port() -> int:
    """Return a port that nobody listens on just now, another one each time and in each process."""
    for _ in range(LAST - FIRST):
        port = FIRST + (os.getpid() * 97 + next(_TURNS)) % (LAST - FIRST)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


_TURNS = count()


class Server:
    """Stores in memory.

    `before_storing` may raise or wait, or return a status; `answers` are what it finds; `has` says whether it
    finds what was stored, at image level.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port or free_port()
        self.stored: Counter[str] = Counter()
        self.syntaxes: dict[str, str] = {}
        self.objects: dict[str, Dataset] = {}
        self.asked: list[Dataset] = []
        self.answers: list[Dataset] = []
        self.find_status = 0x0000
        self.before_storing: Callable[[str], int | None] = lambda uid: None
        self.after_storing: Callable[[str, Any], None] = lambda uid, event: None
        self.lock = threading.Lock()
        self._server: Any = None

    def start(self, *, ae: AE | None = None, context: Any = None, storage: Any = None) -> None:
        """Listen on the loopback."""
        from pynetdicom import _config

        _config.LOG_HANDLER_LEVEL = "none"
        ae = ae or AE(TITLE)
        ae.require_called_aet = True
        for kind in (
            Verification, StudyRootQueryRetrieveInformationModelFind,
            StudyRootQueryRetrieveInformationModelGet, StudyRootQueryRetrieveInformationModelMove,
        ):  # fmt: skip
            ae.add_supported_context(kind)
        for one in AllStoragePresentationContexts if storage is None else storage:
            ae.add_supported_context(one.abstract_syntax, scu_role=True, scp_role=True)
        handlers = [
            (evt.EVT_C_STORE, self._store), (evt.EVT_C_FIND, self._find), (evt.EVT_C_GET, self._get),
            (evt.EVT_C_ECHO, lambda event: 0x0000),
        ]  # fmt: skip
        self._server = ae.start_server(
            ("127.0.0.1", self.port), block=False, evt_handlers=handlers, ssl_context=context
        )

    def stop(self) -> None:
        """Break off."""
        if self._server is not None:
            for one in self._server.active_associations:
                one.abort()
            self._server.shutdown()
            self._server = None

    def settings(self, **changes: Any) -> DimseSettings:
        """Return how it is reached."""
        values = {"name": "Test", "host": "127.0.0.1", "port": self.port, "called": TITLE, "timeout_s": 60}
        return DimseSettings(**(values | changes))

    def _store(self, event: Any) -> int:
        uid = str(event.request.AffectedSOPInstanceUID)
        status = self.before_storing(uid)
        if status is not None:
            return status
        with self.lock:
            self.stored[uid] += 1
            self.syntaxes[uid] = str(event.context.transfer_syntax)
            one = event.dataset
            one.file_meta = event.file_meta
            self.objects[uid] = one
        self.after_storing(uid, event)
        return 0x0000

    def _find(self, event: Any) -> Iterator[tuple[int, Dataset | None]]:
        wanted = event.identifier
        self.asked.append(wanted)
        if self.find_status:
            yield self.find_status, None
            return
        found = self.answers
        if wanted.QueryRetrieveLevel == "IMAGE":
            held = {str(one.SOPInstanceUID): one for one in self.answers} | self.objects
            found = [one for uid, one in held.items() if wanted.SOPInstanceUID in ("", uid)]
        for one in found:
            if event.is_cancelled:
                yield 0xFE00, None
                return
            answer = Dataset()
            for element in wanted:
                if element.keyword in one:
                    answer[element.tag] = one[element.tag]
            answer.SpecificCharacterSet = one.get("SpecificCharacterSet", "ISO_IR 192")
            answer.QueryRetrieveLevel = wanted.QueryRetrieveLevel
            yield 0xFF00, answer

    def _get(self, event: Any) -> Iterator[Any]:
        found = [one for one in self.answers if one.StudyInstanceUID == event.identifier.StudyInstanceUID]
        yield len(found)
        for one in found:
            self.before_storing(str(one.SOPInstanceUID))
            if event.is_cancelled:
                yield 0xFE00, None
                return
            yield 0xFF00, one


@contextmanager
def serving(**options: Any) -> Iterator[Server]:
    """Give a server for a block."""
    server = Server()
    server.start(**options)
    try:
        yield server
    finally:
        server.stop()


def encrypted(settings: DimseSettings, tls: Tls) -> DimseSettings:
    """Return the settings with TLS."""
    from dataclasses import replace

    return replace(settings, tls=tls)

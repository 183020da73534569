"""The storage SCP below the listener and C-MOVE: checks who calls, and hands on whole objects."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from breastview.errors import ArchiveError, ArchiveRefused
from breastview.pacs import _tls, configuration
from breastview.pacs._association import prompt, silence
from breastview.pacs.configuration import ListenerSettings

_SUCCESS, _NOT_AUTHORISED, _NO_SPACE, _NOT_UNDERSTOOD = 0x0000, 0x0124, 0xA700, 0xC000
_NOBODY = "-"
_PARTING_S = 2.0
_MB = 2**20


class NotWanted(Exception):
    """An object that nobody asked for."""


@dataclass(frozen=True)
class Arrival:
    """An object that came, a whole DICOM file, and by which association (a number of this process)."""

    association: int
    study: str
    instance: str
    content: bytes


Take = Callable[[Arrival], None]


class Receiver:
    """A storage SCP on a port; it runs between `start` and `stop`.

    Parameters
    ----------
    settings : ListenerSettings
    take : callable
        Keeps an object; the sender is told that it is stored when this returns. `OSError` tells it that
        there is no space, `NotWanted` that it is not allowed.
    ended : callable, optional
        Told the number of an association when it is over, however it ended.
    """

    running: dict[int, Receiver] = {}  # noqa: RUF012
    """Port -> the receiver of this process there."""

    def __init__(
        self, settings: ListenerSettings, take: Take, ended: Callable[[int], None] | None = None
    ) -> None:
        wrong = configuration.listener_problems(settings)
        if wrong:
            raise ArchiveRefused("the listener's settings are not complete", remedy=" ".join(wrong))
        self.settings = settings
        self._take, self._ended = take, ended or (lambda _: None)
        self._diverted: dict[str, Take] = {}
        self._weights: dict[int, int] = {}
        self._server: Any = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.settings.port

    def start(self) -> None:
        """Listen.

        Raises
        ------
        ArchiveError
            If the port is taken or may not be used.
        """
        silence()
        context = _tls.server(self.settings.tls, "") if self.settings.tls.enabled else None
        try:
            self._server = self._made(context)
        except OSError as error:
            raise ArchiveError(
                f"port {self.port} of {self.settings.address} cannot be listened on "
                f"({(error.strerror or 'in use').lower()})",
                remedy="Another program uses it, or it is not allowed: choose another port.",
            ) from error
        threading.Thread(target=self._server.serve_forever, name="storage SCP", daemon=True).start()
        self.running[self.port] = self

    def _made(self, context: Any) -> Any:
        from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts, evt

        from breastview.pacs._server import Server

        settings = self.settings
        ae = AE(ae_title=settings.title)
        ae.require_called_aet = True
        titles = [title for title, _ in map(_peer, settings.peers)]
        ae.require_calling_aet = titles
        ae.maximum_associations, ae.maximum_pdu_size = settings.max_associations, settings.max_pdu
        ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = settings.timeout_s
        ae.add_supported_context("1.2.840.10008.1.1")
        for one in AllStoragePresentationContexts:
            ae.add_supported_context(one.abstract_syntax or "", ALL_TRANSFER_SYNTAXES[:])
        handlers: list[Any] = [
            (evt.EVT_REQUESTED, self._requested), (evt.EVT_C_STORE, self._stored),
            (evt.EVT_CONN_OPEN, prompt), (evt.EVT_DATA_SENT, prompt), (evt.EVT_DATA_RECV, self._weighed),
            *((event, self._closed) for event in (evt.EVT_RELEASED, evt.EVT_ABORTED, evt.EVT_CONN_CLOSE)),
        ]  # fmt: skip
        server: Any = ae.make_server(
            (settings.address, settings.port), evt_handlers=handlers, ssl_context=context, server_class=Server
        )
        ae._servers.append(server)
        networks = [network for _, network in map(_peer, settings.peers)]
        server.networks = tuple(n for n in networks if n is not None) if all(networks) else ()
        server.patience_s = settings.timeout_s
        return server

    def stop(self) -> None:
        """Stop listening and end what is going on; may be called twice."""
        if self._server is not None:
            for one in self._server.active_associations:
                if one.is_established:
                    one.abort()
                one.join(_PARTING_S)
            self._server.shutdown()
            self._server = None
            self.running.pop(self.port, None)

    @contextmanager
    def diverted(self, study: str, take: Take) -> Iterator[None]:
        """Hand the objects of one study to somebody else for a while."""
        self._diverted[study] = take
        try:
            yield
        finally:
            self._diverted.pop(study, None)

    def _requested(self, event: Any) -> None:
        """Refuse a title that does not come from its address, in the way any unknown title is refused."""
        if not self.settings.peers:
            return
        asked = event.assoc.requestor
        if not _allowed(self.settings.peers, asked.primitive.calling_ae_title, asked.address):
            asked.primitive.calling_ae_title = _NOBODY

    def _weighed(self, event: Any) -> None:
        """Cut off a sender whose object grows beyond all measure: it is gathered in memory."""
        number = id(event.assoc)
        self._weights[number] = self._weights.get(number, 0) + len(event.data)
        if self._weights[number] > self.settings.max_object_mb * _MB:
            event.assoc.abort()

    def _stored(self, event: Any) -> int:
        self._weights[id(event.assoc)] = 0
        content = event.encoded_dataset()
        try:
            study = _study(content)
        except Exception:  # whatever a stranger may send
            return _NOT_UNDERSTOOD
        number = id(event.assoc)
        arrival = Arrival(number, study, str(event.request.AffectedSOPInstanceUID), content)
        try:
            self._diverted.get(study, self._take)(arrival)
        except NotWanted:
            return _NOT_AUTHORISED
        except OSError:
            return _NO_SPACE
        if not event.assoc.is_established:
            self._ended(number)  # it was cut off while this was stored
        return _SUCCESS

    def _closed(self, event: Any) -> None:
        self._weights.pop(id(event.assoc), None)
        self._ended(id(event.assoc))


@contextmanager
def receiving(
    settings: ListenerSettings, study: str, take: Callable[[str, bytes], None], name: str, title: str
) -> Iterator[None]:
    """Take the objects of one study for a while, by the listener that runs here, else by one of its own.

    Parameters
    ----------
    settings : ListenerSettings
    study : str
        Study Instance UID.
    take : callable
        Given SOP Instance UID and file of every object.
    name, title : str
        The archive's name, and its AE title, which may call even if it is not among the senders; a listener
        that runs already allows its senders alone.

    Raises
    ------
    ArchiveError
        If the port cannot be listened on.
    """

    def mine(arrival: Arrival) -> None:
        if arrival.study != study:
            raise NotWanted
        take(arrival.instance, arrival.content)

    running = Receiver.running.get(settings.port)
    if running is not None:
        with running.diverted(study, mine):
            yield
        return
    try:
        receiver = Receiver(replace(settings, peers=(*settings.peers, title)), mine)
        receiver.start()
    except ArchiveError as error:
        raise type(error)(error.what, name, error.remedy) from error
    try:
        yield
    finally:
        receiver.stop()


def _study(content: bytes) -> str:
    from pydicom import dcmread

    header = dcmread(BytesIO(content), stop_before_pixels=True, specific_tags=["StudyInstanceUID"])
    study = str(header.StudyInstanceUID)
    if not study:
        raise ValueError("no study")
    return study


def _peer(text: str) -> tuple[str, ipaddress.IPv4Network | ipaddress.IPv6Network | None]:
    """Return title and network of a sender in the settings."""
    title, at, address = text.rpartition("@")
    return (title, ipaddress.ip_network(address, strict=False)) if at else (address, None)


def _allowed(peers: tuple[str, ...], title: str, address: str) -> bool:
    place = configuration.address_of(address)
    senders = (network for known, network in map(_peer, peers) if known == title.strip())
    return any(network is None or place in network for network in senders)

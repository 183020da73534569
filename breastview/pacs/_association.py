"""One association with an archive: opened, closed in any case, and its failures told in sentences."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import _tls
from breastview.pacs.configuration import DimseSettings

if TYPE_CHECKING:
    from pynetdicom.association import Association

_CALLED_UNKNOWN, _CALLING_UNKNOWN = 7, 3
_TRANSIENT = 2


class NothingOffered(ArchiveRefused):
    """The archive is there, and takes part in nothing that was proposed."""


def silence() -> None:
    """Keep pynetdicom from logging what passes by, identifiers name patients; and send files in pieces."""
    from pynetdicom import _config

    _config.LOG_HANDLER_LEVEL = "none"
    _config.LOG_REQUEST_IDENTIFIERS = False
    _config.STORE_SEND_CHUNKED_DATASET = True
    _config.LOG_RESPONSE_IDENTIFIERS = False
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL + 1)


def prompt(event: Any) -> None:
    """Have the network wait for nothing; bound to the opening of a connection and to whatever is sent.

    A message is several packets. Archives made with DCMTK hold back the second until the first one is
    acknowledged, which Linux does after 40 ms unless told otherwise, for a while, after each message.
    """
    connection = event.assoc.dul.socket
    if connection is not None and connection.socket is not None:
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_QUICKACK"):
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


@contextmanager
def association(
    settings: DimseSettings,
    contexts: Sequence[tuple[str, Sequence[str]]],
    handlers: Sequence[tuple] = (),
    *,
    receiving: bool = False,
) -> Iterator[Association]:
    """Open an association for a block; it is released after it, aborted when the block fails.

    Parameters
    ----------
    settings : DimseSettings
    contexts : sequence of (SOP class, transfer syntaxes)
        128 at most.
    handlers : sequence of tuple
        Of pynetdicom's events.
    receiving : bool
        Whether the archive may store to us in this association (C-GET).

    Raises
    ------
    ArchiveUnreachable, ArchiveRefused
    """
    silence()
    opened = _opened(settings, contexts, list(handlers), receiving)
    if not opened.is_established:
        raise _why_not(settings, opened)
    _keep_answers(opened)
    try:
        yield opened
    except BaseException:
        opened.abort()
        raise
    if opened.is_established:
        opened.release()


def _keep_answers(opened: Association) -> None:
    """Leave every message to the thread that asked for it.

    pynetdicom's own thread looks for requests of the other side without waiting. It is paused while we ask,
    but when one question follows another at once it may still look after the second was asked, and swallow
    the answer; we would wait for it until the time is out. Whoever opens an association gets no requests but
    those it waits for, so that look finds nothing from now on.
    """
    take = opened.dimse.get_msg
    opened.dimse.get_msg = lambda block=False: take(block) if block else (None, None)  # type: ignore[method-assign]


def _opened(
    settings: DimseSettings, contexts: Sequence[tuple[str, Sequence[str]]], handlers: list, receiving: bool
) -> Association:
    from pynetdicom import AE, build_context, build_role, evt
    from pynetdicom.sop_class import uid_to_service_class

    ae = AE(ae_title=settings.calling)
    ae.acse_timeout = ae.dimse_timeout = ae.network_timeout = settings.timeout_s
    ae.connection_timeout = min(settings.timeout_s, 20)
    proposed = [build_context(kind, list(syntaxes)) for kind, syntaxes in contexts]
    roles: list[Any] = []
    if receiving:
        stored = {k for k, _ in contexts if uid_to_service_class(k).__name__ == "StorageServiceClass"}
        roles = [build_role(kind, scp_role=True) for kind in stored]
    tls = (_tls.client(settings.tls, settings.name), settings.host) if settings.tls.enabled else None
    try:
        return ae.associate(
            settings.host, settings.port, contexts=proposed, ae_title=settings.called,
            max_pdu=settings.max_pdu, ext_neg=roles,
            evt_handlers=[*handlers, (evt.EVT_CONN_OPEN, prompt), (evt.EVT_DATA_SENT, prompt)],
            tls_args=tls,
        )  # fmt: skip
    except OSError as error:  # the host's name
        raise _network(settings, error) from error


def _why_not(settings: DimseSettings, failed: Association) -> ArchiveError:
    if failed.is_rejected:
        return _rejection(settings, failed.acceptor.primitive)
    if failed.rejected_contexts:
        return NothingOffered(
            "the archive offers nothing of what is asked for", settings.name,
            "Ask the archive's administrator whether this service is switched on.",
        )  # fmt: skip
    try:
        _knock(settings)
    except OSError as error:
        return _network(settings, error)
    return ArchiveUnreachable(
        f"{settings.host}, port {settings.port} answers, but not as a DICOM archive", settings.name,
        "Check the port, and whether the connection is to be encrypted (TLS).",
    )  # fmt: skip


def _rejection(settings: DimseSettings, answer: Any) -> ArchiveError:
    reason = (getattr(answer, "result_source", 0), getattr(answer, "diagnostic", 0))
    if reason == (1, _CALLED_UNKNOWN):
        return ArchiveRefused(
            f"the archive is not called “{settings.called}”", settings.name,
            "Correct the AE title of the archive.",
        )  # fmt: skip
    if reason == (1, _CALLING_UNKNOWN):
        return ArchiveRefused(
            f"the archive does not know “{settings.calling}”", settings.name,
            "Have its administrator add this AE title, or correct your own.",
        )  # fmt: skip
    if getattr(answer, "result", 0) == _TRANSIENT:
        return ArchiveUnreachable("the archive is busy", settings.name, "Try again in a few minutes.")
    return ArchiveRefused(
        "the archive refuses the connection", settings.name, "Ask its administrator to allow this machine."
    )


def _knock(settings: DimseSettings) -> None:
    """Connect as the association did, only to learn what went wrong; pynetdicom keeps that to itself."""
    address, patience = (settings.host, settings.port), min(settings.timeout_s, 10)
    with socket.create_connection(address, timeout=patience) as plain:
        if settings.tls.enabled:
            context = _tls.client(settings.tls, settings.name)
            with context.wrap_socket(plain, server_hostname=settings.host) as encrypted:
                # With TLS 1.3 the refusal of our own certificate comes with the first reading.
                encrypted.settimeout(0.5)
                try:
                    encrypted.recv(1)
                except TimeoutError:
                    return


def _network(settings: DimseSettings, error: OSError) -> ArchiveError:
    return network_error(settings.name, settings.host, settings.port, error)


def network_error(name: str, host: str, port: int, error: OSError) -> ArchiveError:
    """Return a failure of the network or of TLS as a sentence."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return ArchiveRefused(
            f"the certificate of {host} is not to be trusted ({error.verify_message.rstrip('.')})", name,
            "Name the certificate authority in the settings of the archive.",
        )  # fmt: skip
    if isinstance(error, ssl.SSLError):
        return ArchiveRefused(
            f"no encrypted connection with {host}, port {port} ({error.reason or 'TLS failed'})", name,
            "Check the port, and whether the archive asks for a certificate of yours.",
        )  # fmt: skip
    if isinstance(error, socket.gaierror):
        return ArchiveUnreachable(
            f"no machine is called {host}", name, "Check the host's name and the network."
        )
    if isinstance(error, ConnectionRefusedError):
        return ArchiveUnreachable(
            f"nobody answers at {host}, port {port}", name, "Check that the archive runs, and its port."
        )
    if isinstance(error, TimeoutError):
        return ArchiveUnreachable(
            f"{host}, port {port} does not answer in time", name, "Check the network and the firewall."
        )
    return ArchiveUnreachable(
        f"no connection with {host}, port {port} ({(error.strerror or 'network error').lower()})", name,
        "Check the network.",
    )  # fmt: skip


def broken(name: str) -> ArchiveUnreachable:
    """Return the error of an association that ended before its work did."""
    return ArchiveUnreachable(
        "the connection broke", name, "Try again; if it goes on, ask the archive's administrator."
    )

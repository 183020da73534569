"""Encrypted connections: TLS 1.2 or newer, the other side always verified."""

from __future__ import annotations

import ssl

from breastview.errors import ArchiveRefused
from breastview.pacs.configuration import Tls


def client(tls: Tls, name: str) -> ssl.SSLContext:
    """Return the context of a connection to the archive `name`.

    Raises
    ------
    ArchiveRefused
        If the certificates cannot be read.
    """
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=tls.ca_file or None)
        _shared(context, tls)
    except (OSError, ssl.SSLError) as error:
        raise _unusable(name, error) from error
    return context


def server(tls: Tls, name: str) -> ssl.SSLContext:
    """Return the context of a listener; with an authority in the settings senders need its certificates.

    Raises
    ------
    ArchiveRefused
        If the certificates cannot be read.
    """
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if tls.ca_file:
            context.load_verify_locations(tls.ca_file)
            context.verify_mode = ssl.CERT_REQUIRED
        _shared(context, tls)
    except (OSError, ssl.SSLError) as error:
        raise _unusable(name, error) from error
    return context


def _shared(context: ssl.SSLContext, tls: Tls) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate:
        # A key with a pass phrase fails here rather than asking on a terminal nobody watches.
        context.load_cert_chain(tls.certificate, tls.key or None, password=lambda: "")


def _unusable(name: str, error: Exception) -> ArchiveRefused:
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or "unreadable"
    return ArchiveRefused(
        f"the certificates cannot be used ({reason})", name,
        "Check the PEM files in the settings; the key may have no pass phrase.",
    )  # fmt: skip

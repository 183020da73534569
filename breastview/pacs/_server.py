"""pynetdicom's server, made safe for a network: who may connect, and nobody keeps it waiting."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from pynetdicom.transport import ThreadedAssociationServer

from breastview.pacs.configuration import address_of


class Server(ThreadedAssociationServer):
    """A server that turns strangers away before it reads a byte, and shakes hands in the connection's thread.

    `networks` (empty: everybody) and `patience_s` are set before it serves.
    """

    daemon_threads = True
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()
    patience_s = 60.0

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """Accept a connection; TLS is negotiated later, or one silent client would keep out all others."""
        waiting = self.socket
        if waiting is None:
            raise OSError("closed")
        return waiting.accept()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Return whether the address may connect."""
        del request
        address = address_of(str(client_address[0]))
        return not self.networks or any(address in network for network in self.networks)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands and begin the association, in a thread of its own."""
        if self.ssl_context is not None:
            request.settimeout(self.patience_s)
            request = self.ssl_context.wrap_socket(request, server_side=True)
            request.settimeout(None)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: what a stranger sends is no error of ours, and belongs into no log."""

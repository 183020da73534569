"""From the address of a cluster to a client of it: on this machine, encrypted, or trusted by word."""

from __future__ import annotations

import importlib.util
import ipaddress
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from breastview.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client

_LOCAL = re.compile(r"local:([1-9]\d{0,2})")
_WAIT_S = 30
ALLOWED = 1
"""Workers of this machine that a unit may end before it is looked at file by file."""
_LOOPBACK = "127.0.0.1"


@contextmanager
def connected(address: str, trusted: bool = False) -> Iterator[Client]:
    """Connect to a cluster.

    Parameters
    ----------
    address : str
        ``tcp://host:port`` or ``tls://host:port`` of a scheduler, or ``local:N`` for N workers on this
        machine that live as long as the block.
    trusted : bool
        Whether everyone in the network may be trusted: who can reach a scheduler that does not encrypt and
        check certificates can run programs on its workers.

    Raises
    ------
    ClusterError
        If Dask is not installed, the address is none, not safe, or nobody answers there.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ClusterError("Dask is not installed", remedy='Install it: pip install "breastview[cluster]".')
    local = _LOCAL.fullmatch(address)
    if local:
        with _of_this_machine(int(local[1])) as client:
            yield client
        return
    _check(address, trusted)
    with _client(address) as client:
        yield client


def _check(address: str, trusted: bool) -> None:
    try:
        url = urlsplit(address)
        sound = url.scheme in ("tcp", "tls") and url.hostname and url.port
    except ValueError:
        sound = None
    if not sound:
        raise ClusterError(
            "this is no address of a cluster", address, "Say tls://host:8786, tcp://host:8786 or local:4."
        )
    if url.scheme == "tcp" and not trusted and not _is_loopback(url.hostname or ""):
        raise ClusterError(
            "the way there is not encrypted", address,
            "Whoever reaches such a cluster can run programs on it. Use tls://, or add --trusted-network.",
        )  # fmt: skip


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _client(address: str) -> Iterator[Client]:
    from distributed import Client
    from distributed.security import Security

    try:
        # The certificates are those of Dask's own configuration (distributed.comm.tls).
        security = Security() if address.startswith("tls") else None
        client = Client(address, timeout=_WAIT_S, security=security, set_as_default=False)
    except (OSError, TimeoutError, RuntimeError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no cluster answers ({type(error).__name__})", address,
            "Start `dask scheduler` there, and check its certificates if it is to be encrypted.",
        ) from error  # fmt: skip
    with client:
        yield client


@contextmanager
def _of_this_machine(workers: int) -> Iterator[Client]:
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": ALLOWED,
                # On a busy machine a worker that is started again takes longer than the usual 15 s.
                "distributed.deploy.lost-worker-timeout": "10 minutes",
            }
        ),
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host=_LOOPBACK,
            dashboard_address=f"{_LOOPBACK}:0", worker_dashboard_address=f"{_LOOPBACK}:0", memory_limit=0,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield client

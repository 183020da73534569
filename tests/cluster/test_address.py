"""A cluster is reached encrypted, on this machine, or because somebody said that the network is trusted."""

from __future__ import annotations

import importlib.util
import socket

import pytest

from breastview.cluster import address
from breastview.errors import ClusterError

pytest.importorskip("distributed")

FAR = "tcp://scheduler:8786"


@pytest.mark.parametrize("text", ["", "host", "http://host:1", "tcp://host", "local:0", "tcp://host:none"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(ClusterError, match="no address"), address.connected(text):
        pass


def test_an_open_way_through_the_network_is_refused_unless_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ClusterError, match=r"not encrypted.*--trusted-network"), address.connected(FAR):
        pass
    reached: list[str] = []

    def client(text: str, **_: object) -> None:
        reached.append(text)
        raise OSError

    monkeypatch.setattr("distributed.Client", client)
    with pytest.raises(ClusterError, match="no cluster answers"), address.connected(FAR, trusted=True):
        pass
    for text in ("tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"):
        with pytest.raises(ClusterError, match="no cluster answers"), address.connected(text):
            pass
    assert len(reached) == 4


def test_nobody_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_WAIT_S", 0.2)
    with socket.socket() as taken:  # bound, but not listening
        taken.bind(("127.0.0.1", 0))
        where = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClusterError, match="dask scheduler"), address.connected(where):
            pass


def test_without_dask_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match=r"breastview\[cluster\]"), address.connected("local:1"):
        pass

"""Real archives for the tests, Debian's Orthanc and dcmtk's storescp, in a network of their own.

Both listen on all addresses, so the tests enter a network namespace that has nothing but a loopback: there
is nobody else to hear them, and any port is free.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

DICOM, HTTP = 14242, 18042
_NEWNET = 0x40000000
_PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"


@contextmanager
def own_network() -> Iterator[None]:
    """Put this thread, and what it starts, into a network of its own; skip where that is impossible."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("a network namespace of its own needs Linux, root and iproute2")
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/thread-self/ns/net").open() as before:
        if libc.unshare(_NEWNET) != 0:
            pytest.skip(f"no network namespace can be made here ({os.strerror(ctypes.get_errno())})")
        try:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            yield
        finally:
            if libc.setns(before.fileno(), _NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "the test cannot come back from its network")


def needed(*programs: str) -> None:
    """Skip where a program is missing."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (packaging/system_packages.py --tests)")
    if not Path(_PLUGIN).exists():
        pytest.skip("orthanc-dicomweb is not installed (packaging/system_packages.py --tests)")


@dataclass
class Orthanc:
    """An Orthanc in a folder; it can be killed and started again on the same storage."""

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        options = {
            "Name": "test", "StorageDirectory": str(self.folder), "IndexDirectory": str(self.folder),
            "DefaultEncoding": "Utf8", "HttpServerEnabled": True, "HttpPort": HTTP,
            "HttpBindAddresses": ["127.0.0.1"], "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "DicomServerEnabled": True, "DicomAet": "ORTHANC", "DicomPort": DICOM,
            "DicomCheckCalledAet": True,
            "DicomAlwaysAllowEcho": True, "DicomAlwaysAllowStore": True, "DicomAlwaysAllowFind": True,
            "DicomAlwaysAllowGet": True, "DicomAlwaysAllowMove": True, "TranscodeDicomProtocol": False,
            "DicomModalities": {"bv": ["BREASTVIEW", "127.0.0.1", 11113]},
            "Plugins": [_PLUGIN], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        }  # fmt: skip
        file = self.folder / "orthanc.json"
        file.write_text(json.dumps(options | self.options), encoding="utf-8")
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(["Orthanc", str(file)], stdout=log, stderr=log)
        try:
            answering(self.options.get("DicomPort", DICOM))
            answering(self.options.get("HttpPort", HTTP))
        except RuntimeError:
            self.kill()
            raise

    def get(self, path: str) -> Any:
        """Return an answer of its own REST interface."""
        with urllib.request.urlopen(f"http://127.0.0.1:{HTTP}{path}", timeout=120) as answer:
            return json.load(answer)

    def count(self) -> int:
        """Return how many objects it has."""
        return int(self.get("/statistics")["CountInstances"])

    def kill(self) -> None:
        """End it without a warning (kill -9)."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def encrypting(port: int, target: int, context: ssl.SSLContext) -> Iterator[None]:
    """Encrypt what goes to a port of this machine, as a hospital's proxy does.

    Debian 12's Orthanc has HTTPS of its own, but dies of the first request (segmentation fault in civetweb).
    """
    with socket.create_server(("127.0.0.1", port)) as waiting:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = waiting.accept()
                    threading.Thread(target=joined, args=(connection,), daemon=True).start()

        def joined(connection: socket.socket) -> None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", target)) as inner:
                outer = context.wrap_socket(connection, server_side=True)
                back = threading.Thread(target=pumped, args=(inner, outer), daemon=True)
                back.start()
                pumped(outer, inner)
                back.join()

        threading.Thread(target=serve, daemon=True).start()
        yield


def pumped(source: socket.socket, sink: socket.socket) -> None:
    """Pass on everything until one side ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def answering(port: int, patience_s: float = 120.0) -> None:
    """Wait until somebody listens on a port."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nobody listens on port {port}")

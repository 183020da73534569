"""DICOMweb archives that answer oddly: nothing passes for stored that is not, and one object fails alone."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from breastview.errors import ArchiveError, ArchiveRefused
from breastview.pacs import _http, connect
from breastview.pacs._protocol import Archive, Query, Row
from breastview.pacs.configuration import DicomwebSettings, ListenerSettings
from tests.pacs import objects

Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/dicom+json"}


class Web(ThreadingHTTPServer):
    """A server that gives one answer to whatever is asked, another to whatever is sent."""

    daemon_threads = True
    to_get: Answer = (200, JSON, b"[]")
    to_post: Answer = (200, JSON, b"{}")
    asked = 0
    signed: str | None = ""
    """With what the last question was signed."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def _give(self, answer: Answer) -> None:
        status, headers, body = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked += 1  # type: ignore[attr-defined]
        self.server.signed = self.headers.get("Authorization")  # type: ignore[attr-defined]
        self._give(self.server.to_get)  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._give(self.server.to_post)  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def archive(web: Web) -> Archive:
    url = f"http://127.0.0.1:{web.server_port}/dicom-web"
    return connect.archive(DicomwebSettings("Web", url, attempts=1), ListenerSettings())


def failed(code: int) -> bytes:
    return json.dumps({
        "00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [code]}}]}
    }).encode()  # fmt: skip


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_object_that_is_sent_elsewhere_does_not_pass_for_stored(
    web: Web, archive: Archive, status: int
) -> None:
    web.to_post = (status, {"Location": "/other"}, b"")
    web.to_get = (200, {"Content-Type": "text/html"}, b"<html>welcome</html>")
    with pytest.raises(ArchiveRefused, match="has moved to another address"):
        list(archive.send(objects.study(1)))
    assert web.asked == 0


@pytest.mark.parametrize(
    ("asked", "target", "follows"),
    [
        ("https://archive.example/studies", "http://archive.example/studies", False),
        ("https://archive.example/studies", "https://other.example/studies", True),
        ("https://archive.example/studies", "/dicom/studies", True),
        ("http://archive.example/studies", "https://archive.example/studies", True),
    ],
)
def test_an_encrypted_question_is_not_repeated_in_the_clear(asked: str, target: str, follows: bool) -> None:
    answer = requests.Response()
    answer.status_code, answer.url, answer.headers["Location"] = 302, asked, target
    session = _http.session(DicomwebSettings("Web", "https://archive.example"))
    if follows:
        assert session.get_redirect_target(answer) == target
        return
    with pytest.raises(ArchiveRefused, match="has moved"):
        session.get_redirect_target(answer)


def test_neither_proxies_nor_passwords_of_the_environment_are_used(
    web: Web, archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login reader password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert requests.utils.get_netrc_auth("http://127.0.0.1") and requests.utils.get_environ_proxies(
        "http://a"
    )
    archive.echo()
    assert (web.asked, web.signed) == (1, None)


@pytest.mark.parametrize("status", [400, 409, 413, 415, 422])
def test_an_object_that_is_refused_fails_alone(web: Web, archive: Archive, status: int) -> None:
    web.to_post = (status, {}, b"")
    answers = list(archive.send(objects.study(2)))
    assert [(one.stored, one.final) for one in answers] == [(False, True)] * 2
    assert f"HTTP {status}" in answers[0].reason


@pytest.mark.parametrize(("code", "final"), [(0xA700, False), (0x0122, True), (0xC122, True)])
@pytest.mark.parametrize("charset", ["", "; charset=utf-8"])
def test_a_reason_in_the_answer_counts(
    web: Web, archive: Archive, code: int, final: bool, charset: str
) -> None:
    web.to_post = (202, {"Content-Type": f"application/dicom+json{charset}"}, failed(code))
    (answer,) = archive.send(objects.study(1))
    assert (answer.stored, answer.final) == (False, final)


STUDY = '"0020000D":{"vr":"UI","Value":["1.2"]}'
ODD = (
    "null", "12", "{}", "[1]", "[null]", '["x"]', '[{"zzz":1}]', '[{"0020000D":[]}]', '[{"0020000D":1}]',
    '[{"0020000D":{"vr":"XX","Value":["1.2"]}}]', '[{"0020000D":{"vr":"UI","Value":1}}]',
    '[{"0020000D":{"vr":"UI","Value":[{"a":1}]}}]', '[{"0020000D":{"vr":"SQ","Value":[1]}}]',
    '[{"0020000D":{"vr":"OB","BulkDataURI":"file:///etc/passwd"}}]',
    f'[{{{STUDY},"00201208":{{"vr":"IS","Value":["many"]}}}}]',
    f'[{{{STUDY},"00201208":{{"vr":"IS","Value":[1e999]}}}}]',
    f'[{{{STUDY},"00100010":{{"vr":"PN","Value":["x"]}}}}]',
    f'[{{{STUDY},"00100010":{{"vr":"PN","Value":[{{"Alphabetic":5}}]}}}}]',
    "[" * 50_000 + "]" * 50_000,
    '[{"0020000D":{"vr":"SQ","Value":' * 300 + "[]" + "}}]" * 300, "<html>",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_an_answer_that_is_no_dicom_is_a_row_or_a_sentence(web: Web, archive: Archive, number: int) -> None:
    said = ODD[number]
    web.to_get = (200, JSON, said.encode())
    with contextlib.suppress(ArchiveError):
        assert all(isinstance(row, Row) for row in archive.find(Query(patient_name="Doe")))
    web.to_post = (200, JSON, f'{{"00081198":{{"vr":"SQ","Value":{said}}}}}'.encode())
    with contextlib.suppress(ArchiveError):
        list(archive.send(objects.study(1)))


def test_an_archive_that_knows_no_pages_gives_every_study_once(
    web: Web, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{"0020000D": {"vr": "UI", "Value": [f"1.2.{number}"]}} for number in range(250)]
    web.to_get = (200, JSON, json.dumps(rows).encode())
    with caplog.at_level(logging.DEBUG):
        found: Callable[[], list] = lambda: list(archive.find(Query(patient_name="Doe", limit=1000)))  # noqa: E731
        assert len(found()) == 250
    assert web.asked == 2
    assert "Doe" not in caplog.text

"""One HTTP session with an archive: signed in, verified, its failures told in sentences."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import _association, credentials
from breastview.pacs.configuration import DicomwebSettings

if TYPE_CHECKING:
    import requests


CODED_ANY = "any.letters.at.all"
"""Stands for a wildcard that is sent percent-coded."""


class Conflict(ArchiveRefused):
    """The archive does not take the very object it was sent."""


def session(settings: DicomwebSettings) -> requests.Session:
    """Return a session for an archive; the secret comes from the keyring.

    Raises
    ------
    ArchiveError
        If signing in needs a secret and there is none, or no keyring.
    """
    import requests

    moved = ArchiveRefused(
        "the archive has moved to another address", settings.name, "Correct the address in the settings."
    )

    class Session(requests.Session):
        def get_redirect_target(self, resp: Any) -> str | None:
            """Return where to ask instead; what was asked encrypted is not repeated in the clear."""
            target = super().get_redirect_target(resp)
            if target and resp.url.startswith("https:") and urljoin(resp.url, target).startswith("http:"):
                raise moved
            return target

        def get(self, url: Any, **options: Any) -> Any:  # type: ignore[override]
            # Wildcards may stand in a query as they are, and not every archive knows them in disguise.
            plain = str(url).replace("%2A", "*").replace("%3F", "?")
            return super().get(plain.replace(CODED_ANY, "%2A"), **options)

        def post(self, url: Any, *arguments: Any, **options: Any) -> Any:
            # Sent elsewhere an object would become a question, whose answer would pass for "stored".
            answer = super().post(url, *arguments, **{**options, "allow_redirects": False})
            if answer.is_redirect:
                raise moved
            kind = answer.headers.get("Content-Type", "")
            answer.headers["Content-Type"] = kind.partition(";")[0].strip()  # the library knows no parameters
            return answer

    made = Session()
    # Nothing of the user's environment: no ~/.netrc, and a patient's data takes no proxy that is not wanted.
    made.trust_env = False
    made.verify = settings.tls.ca_file or True
    if settings.tls.certificate:
        made.cert = (settings.tls.certificate, settings.tls.key)
    if settings.sign_in != "none":
        secret = credentials.secret(settings.name)
        if not secret:
            raise ArchiveRefused(
                "no password or token is kept for it", settings.name,
                "Enter it in the settings, or by: breastview archive secret NAME.",
            )  # fmt: skip
        if settings.sign_in == "basic":
            # As bytes: requests would write a text in Latin-1.
            made.auth = requests.auth.HTTPBasicAuth(settings.user.encode(), secret.encode())
        else:
            made.headers["Authorization"] = f"Bearer {secret}"
    return made


@contextmanager
def explained(name: str, url: str) -> Iterator[None]:
    """Turn what requests and dicomweb-client raise into named errors."""
    import requests
    from pydicom.errors import InvalidDicomError

    try:
        yield
    except requests.HTTPError as error:
        raise _answered(name, error) from error
    except requests.Timeout as error:
        raise _network(name, url, TimeoutError()) from error
    except requests.ConnectionError as error:
        raise _network(name, url, _cause(error)) from error
    except (requests.RequestException, OSError) as error:
        raise _network(name, url, _cause(error)) from error
    except (
        InvalidDicomError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError
    ) as error:  # fmt: skip
        raise ArchiveRefused(
            "its answer is not DICOMweb", name, "Check the address: it is the one of the DICOMweb service."
        ) from error


def _answered(name: str, error: Any) -> ArchiveError:
    code = error.response.status_code
    if code in (401, 403):
        return ArchiveRefused(
            "the archive does not let us in", name, "Check user and password or token in the settings."
        )
    if code == 404:
        return ArchiveRefused(
            "the archive has nothing at this address", name, "Check the address of the DICOMweb service."
        )
    sending = getattr(error.request, "method", "") == "POST"
    if code in (409, 415) or (sending and code in (400, 413, 422)):
        return Conflict(f"the archive does not take the object (HTTP {code})", name)
    if code == 413:
        return ArchiveRefused("the archive finds too much", name, "Ask for less.")
    if code >= 500 or code in (408, 429):
        return ArchiveUnreachable(f"the archive failed (HTTP {code})", name, "Try again later.")
    return ArchiveRefused(f"the archive refuses the question (HTTP {code})", name, "Ask for something else.")


def _cause(error: BaseException) -> OSError:
    """Return the failure of the network or of TLS that lies below what requests and urllib3 made of it."""
    seen: set[int] = set()
    found: BaseException | None = error
    deepest: OSError = OSError("network error")
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        if isinstance(found, ssl.SSLError | ConnectionError | TimeoutError | socket.gaierror):
            deepest = found
        reason = getattr(found, "reason", None)
        inner = next((one for one in (reason, *found.args) if isinstance(one, BaseException)), None)
        found = inner or found.__cause__ or found.__context__
    return deepest


def _network(name: str, url: str, error: OSError) -> ArchiveError:
    where = urlsplit(url)
    port = where.port or (443 if where.scheme == "https" else 80)
    return _association.network_error(name, where.hostname or "", port, error)

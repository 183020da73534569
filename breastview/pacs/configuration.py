"""Which archives there are and how they are reached: typed, checked, kept as JSON beside the settings.

No secret is in here: passwords and tokens lie in the system's keyring (`credentials`).
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from breastview import atomic, paths
from breastview.errors import ArchiveError
from breastview.language import mark, tr
from breastview.settings import checked

FILE = "archives.json"
LONGEST_NAME = 40
_TITLE = re.compile(r"[\x21-\x5b\x5d-\x7e](?:[\x20-\x5b\x5d-\x7e]{0,14}[\x21-\x5b\x5d-\x7e])?")
_FORBIDDEN = re.compile(r"[/\\\x00-\x1f]")


def _option(default: Any, title: str, tip: str = "", **meta: Any) -> Any:
    """Declare a choice with what a form needs: title, tip, unit, low, high, choices."""
    return field(default=default, metadata={"title": title, "tip": tip, **meta})


@dataclass(frozen=True)
class Tls:
    """Encryption of a connection; the files are PEM."""

    enabled: bool = _option(False, "Encrypted (TLS)")
    ca_file: str = _option(
        "", "Certificate authority", "PEM file of the hospital's own; empty: those the system trusts.",
        file=True,
    )  # fmt: skip
    certificate: str = _option(
        "", "Own certificate", "PEM file, where the other side asks for one.", file=True
    )
    key: str = _option("", "Key of the certificate", "PEM file without a pass phrase.", file=True)


@dataclass(frozen=True)
class DimseSettings:
    """An archive reached by classic DICOM (DIMSE)."""

    name: str = _option("", "Name")
    host: str = _option("", "Host", "Name or address of the archive.")
    port: int = _option(104, "Port", low=1, high=65535)
    called: str = _option("", "AE title of the archive")
    calling: str = _option("BREASTVIEW", "Own AE title", "The archive must know it.")
    fetch_by: str = _option(
        "get", "Fetch by", "C-MOVE needs the listener's AE title, address and port known to the archive.",
        choices=(("get", "C-GET"), ("move", "C-MOVE")),
    )  # fmt: skip
    tls: Tls = field(default_factory=Tls)
    timeout_s: int = _option(30, "Patience", "How long an answer may take.", unit="s", low=1, high=600)
    attempts: int = _option(3, "Tries", "Before a broken connection is given up.", low=1, high=10)
    max_pdu: int = _option(65536, "Largest PDU", unit="bytes", low=4096, high=1048576)


@dataclass(frozen=True)
class DicomwebSettings:
    """An archive reached by DICOMweb (QIDO-RS, WADO-RS, STOW-RS)."""

    name: str = _option("", "Name")
    url: str = _option("", "Address", "https://archive.example/dicom-web")
    sign_in: str = _option(
        "none", "Sign in",
        choices=(("none", "Not needed"), ("basic", "User and password"), ("bearer", "Token")),
    )  # fmt: skip
    user: str = _option("", "User", "The password or token is kept in the system's keyring.")
    tls: Tls = field(default_factory=Tls)
    """Whether to encrypt is said by the address; the certificates are said here."""
    timeout_s: int = _option(30, "Patience", "How long an answer may take.", unit="s", low=1, high=600)
    attempts: int = _option(3, "Tries", "Before a broken connection is given up.", low=1, high=10)


@dataclass(frozen=True)
class FolderSettings:
    """A folder that another program fills or empties."""

    name: str = _option("", "Name")
    path: str = _option("", "Folder", folder=True)
    watched: bool = _option(
        False, "Take what appears there",
        "Studies are moved from there to the folder of studies and appear in the worklist by themselves.",
    )  # fmt: skip
    settle_s: int = _option(
        2, "A file is whole after", "As long as its size does not change.", unit="s", low=1, high=600
    )


ArchiveSettings = DimseSettings | DicomwebSettings | FolderSettings
KINDS: dict[str, type[ArchiveSettings]] = {
    "dimse": DimseSettings, "dicomweb": DicomwebSettings, "folder": FolderSettings,
}  # fmt: skip


@dataclass(frozen=True)
class ListenerSettings:
    """Where modalities and archives may push studies to; closed unless it is opened."""

    enabled: bool = _option(False, "Take what is sent here")
    title: str = _option("BREASTVIEW", "Own AE title", "Who calls another name is refused.")
    address: str = _option(
        "127.0.0.1", "Listen on", "127.0.0.1: this machine alone. Others need the senders named below."
    )
    port: int = _option(11112, "Port", low=1, high=65535)
    peers: tuple[str, ...] = field(
        default=(),
        metadata={
            "title": mark("Senders"),
            "tip": mark(
                "Each an AE title, TITLE@address or TITLE@network (US1@10.0.0.0/24); none: anyone here."
            ),
        },
    )
    tls: Tls = field(default_factory=Tls)
    max_pdu: int = _option(65536, "Largest PDU", unit="bytes", low=4096, high=1048576)
    max_associations: int = _option(5, "Senders at a time", low=1, high=50)
    max_object_mb: int = _option(
        1024, "Largest object", "A sender of a larger one is cut off.", unit="MB", low=1, high=4096
    )
    timeout_s: int = _option(60, "Patience", "A silent sender is let go after.", unit="s", low=1, high=600)


@dataclass(frozen=True)
class Archives:
    """All that is known of archives.

    Attributes
    ----------
    known : tuple of ArchiveSettings
        In the reader's order; names are unique whatever their case.
    listener : ListenerSettings
    folder : str
        Where studies that were fetched or received lie; empty: in the application's own data folder.
    """

    known: tuple[ArchiveSettings, ...] = ()
    listener: ListenerSettings = field(default_factory=ListenerSettings)
    folder: str = ""

    def named(self, name: str) -> ArchiveSettings:
        """Return an archive by its name, whatever its case.

        Raises
        ------
        ArchiveError
            If there is none.
        """
        for one in self.known:
            if one.name.casefold() == name.casefold():
                return one
        names = ", ".join(one.name for one in self.known)
        remedy = f"There are: {names}." if names else "Add one in the settings."
        raise ArchiveError(f"there is no archive “{name}”", remedy=remedy)

    def studies(self) -> Path:
        """Return the folder of studies that were fetched or received."""
        return Path(self.folder) if self.folder else paths.data_folder() / "studies"


def kind_of(archive: ArchiveSettings) -> str:
    """Return the name of an archive's kind: ``"dimse"``, ``"dicomweb"`` or ``"folder"``."""
    return next(kind for kind, one in KINDS.items() if isinstance(archive, one))


def place_of(archive: ArchiveSettings) -> str:
    """Return where an archive is, for lists."""
    if isinstance(archive, DimseSettings):
        return f"{archive.called}@{archive.host}:{archive.port}"
    return archive.url if isinstance(archive, DicomwebSettings) else archive.path


def load(path: Path | None = None) -> Archives:
    """Read the file; a missing or damaged one gives none, unusable values their defaults."""
    try:
        values = json.loads((path or paths.config_folder() / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Archives()
    return from_dict(values) if isinstance(values, dict) else Archives()


def save(archives: Archives, path: Path | None = None) -> None:
    """Write the file atomically.

    Raises
    ------
    OSError
    """
    with atomic.written(path or paths.config_folder() / FILE) as temporary:
        temporary.write_text(json.dumps(to_dict(archives), indent=1, ensure_ascii=False), encoding="utf-8")
        temporary.chmod(0o600)


def to_dict(archives: Archives) -> dict[str, Any]:
    """Return plain JSON values."""
    known = [{"kind": kind_of(one), **asdict(one)} for one in archives.known]
    return {"known": known, "listener": asdict(archives.listener), "folder": archives.folder}


def from_dict(values: dict[str, Any]) -> Archives:
    """Build from loose values: what is unusable falls back to its default, nameless archives are left out."""
    given = values.get("known")
    found: dict[str, ArchiveSettings] = {}
    for one in given if isinstance(given, list) else ():
        kind = KINDS.get(str(one.get("kind"))) if isinstance(one, dict) else None
        if kind is not None:
            archive = _built(kind(), one)
            if archive.name and not _FORBIDDEN.search(archive.name):
                found.setdefault(archive.name.casefold(), archive)
    folder = values.get("folder")
    listener = _built(ListenerSettings(), values.get("listener"))
    return Archives(tuple(found.values()), listener, folder if isinstance(folder, str) else "")


def _built(default: Any, values: Any) -> Any:
    """Return a dataclass with the usable ones of loose values."""
    if not isinstance(values, dict):
        return default
    changed: dict[str, Any] = {}
    for item in fields(default):
        before, value = getattr(default, item.name), values.get(item.name)
        if is_dataclass(before):
            changed[item.name] = _built(before, value)
        elif isinstance(before, tuple):
            sound = isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
            changed[item.name] = tuple(value) if sound and value is not None else before
        elif item.name in values:
            changed[item.name] = checked(item, value)
    return replace(default, **changed)


def problems(archive: ArchiveSettings, others: tuple[ArchiveSettings, ...] = ()) -> tuple[str, ...]:
    """Return what keeps an archive from being used, as sentences in the reader's language; none: it is sound.

    Parameters
    ----------
    archive : ArchiveSettings
    others : tuple of ArchiveSettings
        The other archives, whose names are taken.
    """
    return tuple(_name_problems(archive.name, others)) + tuple(_kind_problems(archive))


def _name_problems(name: str, others: tuple[ArchiveSettings, ...]) -> Iterator[str]:
    if not name.strip():
        yield tr("The archive needs a name.")
    elif len(name) > LONGEST_NAME or _FORBIDDEN.search(name):
        yield tr("The name may have {count} characters at most, and no slashes.").format(count=LONGEST_NAME)
    elif name.casefold() in {one.name.casefold() for one in others}:
        yield tr("Another archive has this name already.")


def _kind_problems(archive: ArchiveSettings) -> Iterator[str]:
    if isinstance(archive, FolderSettings):
        if not archive.path or not Path(archive.path).is_dir():
            yield tr("The folder is not there.")
        return
    if isinstance(archive, DimseSettings):
        if not archive.host.strip():
            yield tr("The archive needs a host name or address.")
        if not (is_title(archive.called) and is_title(archive.calling)):
            yield tr("An AE title has 1 to 16 plain characters, without a backslash.")
    else:
        url = urlsplit(archive.url)
        if url.scheme not in {"http", "https"} or not url.hostname:
            yield tr("The address begins with https:// or http://.")
        elif url.username or url.password:
            yield tr("The address may not hold a password; it goes to the keyring.")
        if archive.sign_in == "basic" and not archive.user:
            yield tr("Signing in needs a user.")
    yield from _tls_problems(archive.tls)


def _tls_problems(tls: Tls) -> Iterator[str]:
    for name in (tls.ca_file, tls.certificate, tls.key):
        if name and not Path(name).is_file():
            yield tr("The file {name} is not there.").format(name=name)
    if bool(tls.certificate) != bool(tls.key):
        yield tr("A certificate needs its key, and a key its certificate.")


def listener_problems(listener: ListenerSettings) -> tuple[str, ...]:
    """Return what keeps the listener from starting, as sentences in the reader's language."""
    return tuple(_listener_problems(listener))


def _listener_problems(listener: ListenerSettings) -> Iterator[str]:
    if not is_title(listener.title):
        yield tr("An AE title has 1 to 16 plain characters, without a backslash.")
    try:
        local = ipaddress.ip_address(listener.address).is_loopback
    except ValueError:
        yield tr("The listener needs an address in numbers, such as 127.0.0.1.")
        local = True
    if not local and not listener.peers:
        yield tr("A listener that other machines can reach needs its senders named.")
    if any(not is_peer(peer) for peer in listener.peers):
        yield tr("A sender is an AE title, TITLE@address or TITLE@network.")
    if listener.tls.enabled and not listener.tls.certificate:
        yield tr("An encrypted listener needs a certificate and its key.")
    yield from _tls_problems(listener.tls)


def is_title(text: str) -> bool:
    """Return whether a text can be an AE title (DICOM PS3.5: 16 characters, no backslash or control)."""
    return _TITLE.fullmatch(text) is not None


def is_peer(text: str) -> bool:
    """Return whether a text names a sender: ``TITLE``, ``TITLE@address`` or ``TITLE@network/bits``."""
    title, at, address = text.rpartition("@") if "@" in text else (text, "", "")
    if not at:
        return is_title(title)
    try:
        ipaddress.ip_network(address, strict=False)
    except ValueError:
        return False
    return is_title(title)


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return the address of a connection; one of IPv4 stays that where the listener speaks both."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address

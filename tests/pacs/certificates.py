"""An authority and certificates for 127.0.0.1, made for one test and worth nothing elsewhere."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Papers:
    """The authority's certificate, and a certificate with its key."""

    authority: Path
    certificate: Path
    key: Path


def made(folder: Path) -> Papers:
    """Return papers for 127.0.0.1, signed by an authority of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _named("Test authority")
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    authority = (
        _builder(root, root, root_key).add_extension(x509.BasicConstraints(True, None), True)
        .add_extension(signs, True).sign(root_key, hashes.SHA256())
    )  # fmt: skip
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    issued = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    own = (
        _builder(_named("127.0.0.1"), root, key).add_extension(names, False).add_extension(issued, False)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    papers = Papers(folder / "authority.pem", folder / "own.pem", folder / "own.key")
    papers.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    papers.certificate.write_bytes(own.public_bytes(serialization.Encoding.PEM))
    papers.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return papers


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )  # fmt: skip

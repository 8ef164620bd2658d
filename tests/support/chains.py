"""Certificates of an authority with one in between, and servers that show them whole, incomplete or wrong."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Signed:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def private_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )


def sign(name: str, by: Signed | None = None, *, ca: bool = False, days: float = 30) -> Signed:
    """For `name`, ending in so many days; by itself when nobody signs it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=60))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return Signed(made.sign(by.key if by else key, hashes.SHA256()), key)


@dataclass(frozen=True)
class Authority:
    """`root` is what visitors trust."""

    root: Signed
    between: Signed

    def trusted(self, folder: Path) -> Path:
        file = folder / "root.pem"
        file.write_bytes(self.root.pem)
        return file


def authority() -> Authority:
    root = sign("Root", ca=True, days=900)
    return Authority(root, sign("Between", root, ca=True, days=600))


def server(folder: Path, leaf: Signed, *chain: Signed) -> ssl.SSLContext:
    """A server that shows the leaf and just these others."""
    file = folder / f"{leaf.certificate.serial_number:x}.pem"
    file.write_bytes(leaf.pem + b"".join(one.pem for one in chain) + leaf.private_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

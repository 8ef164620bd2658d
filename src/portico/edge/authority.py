"""The stack's own CA and the leaf certificates that it signs, for places without a public name."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portico.edge import certificate
from portico.kit import files

CA_CERTIFICATE = "ca.pem"
CA_KEY = "ca.key"
CA_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=396)
"""Browsers take no leaf of more than 398 days."""
RENEW_BEFORE = timedelta(days=30)
_BACKDATE = timedelta(hours=1)
"""Clocks of visitors differ from ours."""


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def ensure_authority(folder: Path, hosts: tuple[str, ...], now: datetime) -> Authority:
    """The CA in `folder`, made anew when it is missing, ends soon or may not sign for these hosts."""
    authority = _load_authority(folder)
    if authority and _serves(authority.certificate, hosts, now):
        return authority
    made = _make_authority(hosts, now)
    files.write_whole(folder / CA_KEY, _private_pem(made.key), mode=0o600)
    files.write_whole(folder / CA_CERTIFICATE, _pem(made.certificate))
    return made


def ensure_leaf(target: Path, authority: Authority, hosts: tuple[str, ...], now: datetime) -> bool:
    """Write certificate, CA and key to `target` unless what is there still serves; says whether it wrote."""
    if _leaf_serves(target, authority, hosts, now):
        return False
    make_leaf(target, authority, hosts, now)
    return True


def make_leaf(target: Path, authority: Authority, hosts: tuple[str, ...], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = _sign_leaf(key, authority, hosts, now)
    pem = _pem(leaf) + _pem(authority.certificate) + _private_pem(key)
    files.write_whole(target, pem, mode=0o600)


def _load_authority(folder: Path) -> Authority | None:
    """None where there is none, or where it can't be read: then a new one is made."""
    try:
        known = x509.load_pem_x509_certificate((folder / CA_CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), password=None)
    except (OSError, ValueError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return Authority(known, key) if key.public_key() == known.public_key() else None


def _serves(authority: x509.Certificate, hosts: tuple[str, ...], now: datetime) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    allowed = set(permitted or ())
    return now + LEAF_LIFE < authority.not_valid_after_utc and all(
        _is_within(name, allowed) for name in _constraints(hosts)
    )


def _is_within(name: x509.GeneralName, allowed: Collection[x509.GeneralName]) -> bool:
    """A name's constraint holds for all that is below it, too."""
    if not isinstance(name, x509.DNSName):
        return name in allowed
    labels = name.value.split(".")
    return any(x509.DNSName(".".join(labels[first:])) in allowed for first in range(len(labels)))


def _leaf_serves(target: Path, authority: Authority, hosts: tuple[str, ...], now: datetime) -> bool:
    try:
        leaf = x509.load_pem_x509_certificate(target.read_bytes())
        leaf.verify_directly_issued_by(authority.certificate)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    fresh = now + RENEW_BEFORE < leaf.not_valid_after_utc
    return fresh and all(certificate.covers(leaf, host) for host in hosts)


def _make_authority(hosts: tuple[str, ...], now: datetime) -> Authority:
    """It may sign for these hosts only, so that trusting it costs a person little."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Portico local CA ({hosts[0]})")])
    made = (
        _started(name, name, key.public_key(), now, CA_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(_constraints(hosts), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(made, key)


def _sign_leaf(
    key: ec.EllipticCurvePrivateKey, authority: Authority, hosts: tuple[str, ...], now: datetime
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return (
        _started(name, authority.certificate.subject, key.public_key(), now, LEAF_LIFE)
        .add_extension(x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signer, critical=False)
        .sign(authority.key, hashes.SHA256())
    )


def _started(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATE)
        .not_valid_after(now - _BACKDATE + life)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _constraints(hosts: tuple[str, ...]) -> list[x509.GeneralName]:
    """Each host alone, a wildcard as its domain, an address as the network that holds only it."""
    names = [_general(host.removeprefix("*.")) for host in hosts]
    return [x509.IPAddress(_network(name)) if isinstance(name, x509.IPAddress) else name for name in names]


def _network(name: x509.IPAddress) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(str(name.value))


def _pem(made: x509.Certificate) -> bytes:
    return made.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

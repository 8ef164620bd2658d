"""Reading certificates: whom one is for, and whether a company's own file can be shown to visitors."""

from __future__ import annotations

import itertools
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from portico.kit.errors import ConfigError


def check(source: Path, hosts: tuple[str, ...], now: datetime) -> bytes:
    """A PEM file's bytes: the site's certificate first, then its chain, and the key. Raises ConfigError."""
    where = str(source)
    try:
        pem = source.read_bytes()
    except OSError as error:
        raise ConfigError(f"the certificate can't be read: {error.strerror}", where=where) from error
    chain = _chain(pem, where)
    _check_key(pem, chain[0], where)
    _check_order(chain, where)
    for one in chain:
        _check_dates(one, now, where)
    if missing := [host for host in hosts if not covers(chain[0], host)]:
        raise ConfigError(
            f"expected a certificate for {', '.join(missing)}, this one is for {', '.join(names(chain[0]))}",
            where=where,
            hint="change edge/hosts or the certificate",
        )
    return pem


def names(certificate: x509.Certificate) -> list[str]:
    """The host names and addresses that it is for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value).lower() for name in found]


def covers(certificate: x509.Certificate, host: str) -> bool:
    """`*` stands for one label."""
    host = host.lower()
    return not {host, "*." + host.partition(".")[2]}.isdisjoint(names(certificate))


def ends(file: Path) -> datetime:
    """When the first certificate in the file ends. Raises ConfigError."""
    return _chain(file.read_bytes(), str(file))[0].not_valid_after_utc


def _chain(pem: bytes, where: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise ConfigError(
            "expected a PEM file with certificate, chain and key", where=where, hint=str(error)
        ) from error


def _check_key(pem: bytes, leaf: x509.Certificate, where: str) -> None:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(
            "expected a private key without a passphrase beside the certificate",
            where=where,
            hint="cat certificate.pem chain.pem key.pem > site.pem",
        ) from error
    if key.public_key() != leaf.public_key():
        raise ConfigError(
            "expected the key of the first certificate, got another one",
            where=where,
            hint="the site's certificate stands first, then its chain",
        )


def _check_order(chain: list[x509.Certificate], where: str) -> None:
    for signed, signer in itertools.pairwise(chain):
        try:
            signed.verify_directly_issued_by(signer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise ConfigError(
                f"expected a chain in which each certificate is signed by the next; "
                f"{signed.subject.rfc4514_string()} isn't",
                where=where,
            ) from error


def _check_dates(one: x509.Certificate, now: datetime, where: str) -> None:
    if not one.not_valid_before_utc <= now < one.not_valid_after_utc:
        raise ConfigError(
            f"expected certificates that are valid now, {one.subject.rfc4514_string()} is from "
            f"{one.not_valid_before_utc:%Y-%m-%d} to {one.not_valid_after_utc:%Y-%m-%d}",
            where=where,
        )

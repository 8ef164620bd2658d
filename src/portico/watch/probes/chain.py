"""The certificate that visitors are shown, and its chain: names, days, trust, whether it is the file's."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from cryptography import x509

from portico.edge import certificate
from portico.watch.answer import What
from portico.watch.probes import telling, visit
from portico.watch.probes.looks import Outcome
from portico.watch.probes.visit import Address, Clock, Way

_NO_ISSUER = {2, 20, 21}
"""OpenSSL's codes for a chain whose next issuer is neither sent nor known."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server sent, the site's own certificate first; `refused` is why a visitor would not trust it."""

    chain: tuple[x509.Certificate, ...]
    refused: str = ""
    code: int = 0

    @property
    def leaf(self) -> x509.Certificate:
        return self.chain[0]


def ask(way: Way, roots: ssl.SSLContext, timeout: float) -> Shown:
    """A handshake by `roots`, as visitors trust, and where that fails one that only reads. Raises OSError."""
    clock = Clock(time.monotonic() + timeout)
    places = visit.resolve(way.host, way.port, timeout) if way.at is None else [cast("Address", way.at)]
    try:
        return Shown(_handshake(way, roots, places, clock))
    except ssl.SSLCertVerificationError as error:
        reading = ssl.create_default_context()
        reading.check_hostname = False
        reading.verify_mode = ssl.CERT_NONE
        return Shown(_handshake(way, reading, places, clock), error.verify_message, error.verify_code)


def _handshake(
    way: Way, context: ssl.SSLContext, places: Sequence[Address], clock: Clock
) -> tuple[x509.Certificate, ...]:
    with visit.handshake(visit.reach(places, clock), context, way.host, clock) as secure:
        sent = secure._sslobj.get_unverified_chain()  # type: ignore[attr-defined] # noqa: SLF001 - public from Python 3.13 on
        return tuple(
            x509.load_der_x509_certificate(ssl.PEM_cert_to_DER_cert(one.public_bytes())) for one in sent
        )


def judge(shown: Shown, host: str, now: datetime, file: Path | None) -> Outcome:
    """What a visitor's browser makes of it; `file` is what the edge should show, where that is known here."""
    leaf = shown.leaf
    left = leaf.not_valid_after_utc - now
    phases = {"left": left.total_seconds()}
    if why := _fault(shown, host, now):
        return Outcome(What.CERTIFICATE, why, phases)
    if file and (kept := _first(file)) and kept != leaf:
        return Outcome(
            What.STALE,
            f"The certificate shown (serial {leaf.serial_number:x}) is not the one in {file.name} "
            f"(serial {kept.serial_number:x}).",
            phases,
        )
    return Outcome(What.RIGHT, f"The certificate for {host} is trusted and ends in {left.days} days.", phases)


def _fault(shown: Shown, host: str, now: datetime) -> str:
    leaf = shown.leaf
    if not leaf.not_valid_before_utc <= now < leaf.not_valid_after_utc:
        span = f"from {leaf.not_valid_before_utc:%F} to {leaf.not_valid_after_utc:%F}"
        return f"The certificate is valid {span} only."
    if not certificate.covers(leaf, host):
        named = ", ".join(certificate.names(leaf)[:3]) or "nobody"
        return f"The certificate is for {telling.shown(named)}, not for {host}."
    if shown.code in _NO_ISSUER:
        return _incomplete(shown)
    return f"The certificate is not trusted: {shown.refused}." if shown.refused else ""


def _incomplete(shown: Shown) -> str:
    last = shown.chain[-1]
    issuer = telling.shown(last.issuer.rfc4514_string())
    return (
        f"The chain is not complete: {len(shown.chain)} sent, and {issuer}, which signed the last one, "
        "is neither sent nor trusted."
    )


def _first(file: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None

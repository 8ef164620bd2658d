"""Where Apprise sends what is for services in the world, pointed at a server on this machine."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portico.notify import port
from support import inboxes


def pointed_at(address: str, monkeypatch) -> None:
    port._library()
    from apprise.plugins import opsgenie, pagerduty, slack, twilio  # noqa: PLC0415 - loaded by the line above

    monkeypatch.setattr(slack.NotifySlack, "webhook_url", f"{address}/services")
    monkeypatch.setitem(pagerduty.PAGERDUTY_API_LOOKUP, "us", f"{address}/v2/enqueue")
    monkeypatch.setitem(opsgenie.OPSGENIE_API_LOOKUP, "us", f"{address}/v2/alerts")
    monkeypatch.setattr(
        twilio.NotifyTwilio,
        "notify_sms_url",
        f"{address}/2010-04-01/Accounts/{{sid}}/Messages.json",
        raising=False,
    )


@contextlib.contextmanager
def https(folder: Path) -> Iterator[inboxes.Hook]:
    """A webhook behind TLS, with a certificate that nobody signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder / "standin.pem"))
    with inboxes.hook(context=context) as opened:
        yield opened


def _certificate(file: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return file

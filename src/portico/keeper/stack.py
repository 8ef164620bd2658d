"""What every part of the keeper is told about the stack that it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.config.home import Home
from portico.config.load import Config
from portico.config.models import Settings
from portico.edge import tls
from portico.keeper import listen
from portico.kit.errors import UnavailableError
from portico.store import signing
from portico.watch import door
from portico.watch.door import Door


@dataclass(frozen=True, slots=True)
class Stack:
    """`address` is the https URL, `plain` the http one; `trusted` is the CA that clients here need."""

    home: Home
    settings: Settings
    config: Path | None
    key: Ed25519PublicKey
    address: str
    plain: str
    trusted: Path | None

    @property
    def door(self) -> Door:
        """Where the keeper asks as a visitor would."""
        return door.own(self.home, self.settings.edge, self.address)

    @property
    def status_address(self) -> str | None:
        """Where the public status page is, where there is one."""
        host, ports = self.settings.status_host, listen.ports(self.home.ports)
        return _url("https", host, ports.https, 443) if host and ports else None

    @property
    def clusters(self) -> tuple[str, ...]:
        return tuple(self.settings.clusters.names)


def load(config: Config) -> Stack:
    """Raises UnavailableError when the home was never made ready."""
    ports = listen.ports(config.home.ports)
    if ports is None:
        raise UnavailableError(
            "no stack was ever started here", where=str(config.home.root), hint="portico up"
        )
    host = config.settings.edge.hosts[0]
    return Stack(
        home=config.home,
        settings=config.settings,
        config=config.file,
        key=signing.load_public(config.home.public_key),
        address=_url("https", host, ports.https, 443),
        plain=_url("http", host, ports.http, 80),
        trusted=None if config.settings.edge.certificate else tls.ca_pem(config.home),
    )


def _url(scheme: str, host: str, port: int, usual: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}/" if port == usual else f"{scheme}://{name}:{port}/"

"""The certificate that visitors see: the company's own file, or a leaf of the stack's CA. The keeper asks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from portico.config.home import Home
from portico.edge import authority, certificate
from portico.edge.runtime import CERTIFICATE
from portico.kit import files


def provide(home: Home, hosts: tuple[str, ...], own: Path | None, now: datetime) -> bool:
    """Have a certificate for `hosts` in `edge/site.pem`; says whether it changed, for the edge to be told.

    `own` is checked and copied; without it the local CA signs one, and another 30 days before that ends.
    Raises ConfigError naming the file and what was expected of it.
    """
    target = site_pem(home)
    if own is None:
        signer = authority.ensure_authority(home.ca, hosts, now)
        return authority.ensure_leaf(target, signer, hosts, now)
    pem = certificate.check(own, hosts, now)
    if target.exists() and target.read_bytes() == pem:
        return False
    files.write_whole(target, pem, mode=0o600)
    return True


def renew(home: Home, hosts: tuple[str, ...], own: Path | None, now: datetime) -> None:
    """The same, anew: another leaf of the local CA, or `own` read again. Raises ConfigError."""
    if own is None:
        signer = authority.ensure_authority(home.ca, hosts, now)
        authority.make_leaf(site_pem(home), signer, hosts, now)
    else:
        provide(home, hosts, own, now)


def site_pem(home: Home) -> Path:
    return home.root / CERTIFICATE


def ca_pem(home: Home) -> Path:
    """What people trust to see localhost without a warning."""
    return home.ca / authority.CA_CERTIFICATE

"""What whoever starts the studio tells it, in environment variables: nothing else of Portico is known here.

Each one has a default, so that `python -m portico.studio manage ...` works by hand in an empty folder.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "PORTICO_STUDIO_"


@dataclass(frozen=True, slots=True)
class Oidc:
    """The company's identity provider. `roles` are by its groups, which it tells in `claim`."""

    issuer: str
    client: str
    secret: str
    name: str
    claim: str
    roles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Environment:
    """`data` holds database, media and what was frozen; `run` the sockets.

    `site` is the public address, `address` the studio's own, both ending in a slash. `published` is the file
    in which the freezer tells how far the newest revision came, `poke` the datagram socket that wakes it.
    `mail` is the mail server as a URL, which may hold a password and so may come from a file, `mail_from` the
    sender's address.
    `apps` are Django apps of the site's own, found in the folder `path`. Of `visitors_share` of the visits
    pages tell how fast they were.
    """

    data: Path
    run: Path
    site: str
    address: str
    listen: str
    port: int
    database: str
    published: Path
    poke: Path
    apps: tuple[str, ...]
    path: Path | None
    four_eyes: bool
    second_factor: bool
    visitors_share: float
    oidc: Oidc | None
    mail: str = field(repr=False)
    mail_from: str


def read() -> Environment:
    data = Path(_get("DATA", "studio-data")).resolve()
    run = Path(_get("RUN", str(data / "run"))).resolve()
    path = _get("PATH", "")
    port = int(_get("PORT", "8000"))
    return Environment(
        data=data,
        run=run,
        site=_get("SITE", "https://localhost:8443/"),
        address=_get("ADDRESS", f"http://localhost:{port}/"),
        listen=_get("LISTEN", "127.0.0.1"),
        port=port,
        database=_secret("DATABASE_URL"),
        published=Path(_get("PUBLISHED", str(run / "published.json"))),
        poke=Path(_get("POKE", str(run / "freezer.sock"))),
        apps=tuple(name for name in _get("APPS", "").split(",") if name),
        path=Path(path).resolve() if path else None,
        four_eyes=_get("FOUR_EYES", "0") == "1",
        second_factor=_get("SECOND_FACTOR", "1") == "1",
        visitors_share=float(_get("VISITORS_SHARE", "0.25")),
        oidc=_oidc(),
        mail=_secret(f"{PREFIX}MAIL"),
        mail_from=_get("MAIL_FROM", ""),
    )


def _get(name: str, default: str) -> str:
    return os.environ.get(PREFIX + name) or default


def _oidc() -> Oidc | None:
    issuer = _get("OIDC_ISSUER", "")
    if not issuer:
        return None
    pairs = (pair.partition("=") for pair in _get("OIDC_ROLES", "").split(",") if pair)
    return Oidc(
        issuer=issuer,
        client=_get("OIDC_CLIENT_ID", ""),
        secret=_secret(f"{PREFIX}OIDC_CLIENT_SECRET"),
        name=_get("OIDC_NAME", "company account"),
        claim=_get("OIDC_CLAIM", "groups"),
        roles={group.strip(): role.strip() for group, _, role in pairs},
    )


def _secret(name: str) -> str:
    """The value of `name`, or what stands in the file that `name`_FILE names."""
    file = os.environ.get(f"{name}_FILE")
    return os.environ.get(name) or (Path(file).read_text().strip() if file else "")

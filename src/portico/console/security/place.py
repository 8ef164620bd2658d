"""Under which names the console is reached, and by whom. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from portico.operators.sessions import Visitor

LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Place:
    """`address` is how operators reach it, `proxied` whether a proxy stands before it."""

    address: str
    listen: str
    proxied: bool

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    def knows(self, asked: HTTPConnection) -> bool:
        """Whether it is asked under a name of its own: a foreign page that had its name point here isn't."""
        return _host(asked) in {self.host, self.listen, *LOCAL}

    def is_secure(self, asked: HTTPConnection) -> bool:
        """Whether the browser speaks https, with a proxy in between."""
        return self.address.startswith("https://") and _host(asked) == self.host

    def origin(self, asked: HTTPConnection) -> str:
        """As the browser says it in `Origin`."""
        return f"{'https' if self.is_secure(asked) else 'http'}://{asked.headers.get('host', '')}"

    def passkeys(self, asked: HTTPConnection) -> str | None:
        """The name that a passkey is bound to here; None under a number, which browsers refuse."""
        host = _host(asked)
        return None if _is_number(host) else host

    def visitor(self, asked: HTTPConnection) -> Visitor:
        """The proxy adds the address of whoever asked it as the last one, maybe in a line of its own."""
        peer = asked.client.host if asked.client else ""
        lines = asked.headers.getlist("x-forwarded-for") if self.proxied else []
        told = ",".join(lines).rpartition(",")[2].strip()
        return Visitor(asked.headers.get("user-agent", ""), told if _is_number(told) else peer)


def _host(asked: HTTPConnection) -> str:
    """Empty where it is none, or has a port that is none."""
    try:
        told = urlsplit(f"//{asked.headers.get('host', '')}")
        return (told.hostname or "").lower() if told.port != 0 else ""
    except ValueError:
        return ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

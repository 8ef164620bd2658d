"""Asks an address outside whether it is there. Editors choose the address, so nothing inside may be reached.

The name is resolved once, each address must be a public one, and the connection goes to the very address that
was judged; a redirect is an answer and is not followed. Nothing of the answer's body is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

TIMEOUT = 10.0
AGENT = "Portico link check"
PLACEHOLDERS = (".example", ".invalid", ".test", "example.com", "example.net", "example.org")
"""Names that are nobody's, for ever: they stand in texts that wait for the real one."""

TRY_ANOTHER_METHOD = {400, 403, 404, 405, 406, 501}
"""What servers say that answer GET and dislike HEAD."""

Allowed = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` is 0 when there was none, and `why` says why."""

    status: int
    why: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 400


def is_public(address: str) -> bool:
    return ipaddress.ip_address(address).is_global


def ask(url: str, allowed: Allowed = is_public) -> Answer:
    parts = urlsplit(url)
    if (parts.hostname or "").endswith(PLACEHOLDERS):
        return Answer(0, _("a placeholder: put the real address there"))
    try:
        address = _resolve(parts, allowed)
        if address is None:
            return Answer(0, _("it is inside a private network"))
        answer = _send("HEAD", parts, address)
        return _send("GET", parts, address) if answer.status in TRY_ANOTHER_METHOD else answer
    except socket.gaierror:
        return Answer(0, _("there is no such host"))
    except TimeoutError:
        return Answer(0, _("no answer within %(seconds)d s") % {"seconds": TIMEOUT})
    except ssl.SSLError as why:
        return Answer(0, _("its certificate or TLS is not valid: %(why)s") % {"why": why.reason or why})
    except (OSError, http.client.HTTPException, ValueError) as why:
        return Answer(0, f"{type(why).__name__}: {why}"[:300])


def _resolve(parts: SplitResult, allowed: Allowed) -> tuple[str, int] | None:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname or "", port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not all(allowed(address) for address in addresses):
        return None
    return addresses[0], port


def _send(method: str, parts: SplitResult, address: tuple[str, int]) -> Answer:
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", address[1], timeout=TIMEOUT)
    connection._create_connection = lambda *_, **__: socket.create_connection(address, TIMEOUT)  # type: ignore[attr-defined]  # noqa: SLF001 - to the address that was judged
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={"User-Agent": AGENT, "Accept": "*/*"})
        answer = connection.getresponse()
        return Answer(answer.status, "" if answer.status < 400 else answer.reason[:300])
    finally:
        connection.close()
